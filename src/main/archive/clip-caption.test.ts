import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../shared/units.ts';
import { buildCaptions } from './clip-caption.ts';

const zoneBefore = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterAll(() => {
  if (zoneBefore === undefined) delete process.env.TZ;
  else process.env.TZ = zoneBefore;
});

/** Name, time and zone in a picture so many seconds after the first one, as ffmpeg draws them. */
function shownAt(startEpochMs: number, endEpochMs: number, seconds: number, name = 'Door'): string {
  const captions = buildCaptions({ startEpochMs, endEpochMs }, name);
  const shown = captions.filter(
    ({ fromSeconds, toSeconds }) =>
      (fromSeconds === null || seconds >= fromSeconds) && (toSeconds === null || seconds < toSeconds),
  );
  expect(shown.length).toBe(1);
  return shown[0]!.text.replace(/%\{pts:gmtime:([\d.-]+):[^}]*\}/, (_, from: string) =>
    new Date(Math.floor(Number(from) + seconds) * 1000).toISOString().slice(0, 19).replace('T', ' '),
  );
}

describe('camera name and local time in the pictures', () => {
  const end = Date.UTC(2026, 9, 25, 1);
  const begin = Date.UTC(2027, 2, 28, 1);

  test.each([
    ['before the end of summer time', end - HOUR_MS, 3599, '2026-10-25 02:59:59 CEST'],
    ['at its end', end - HOUR_MS, 3600, '2026-10-25 02:00:00 CET'],
    ['after it', end - HOUR_MS, 7199, '2026-10-25 02:59:59 CET'],
    ['just before its end, from between two seconds on', end - 1500.5, 1.4, '2026-10-25 02:59:59 CEST'],
    ['just after it', end - 1500.5, 1.6, '2026-10-25 02:00:00 CET'],
    ['before summer time begins', begin - HOUR_MS, 3599, '2027-03-28 01:59:59 CET'],
    ['after it began', begin - HOUR_MS, 3600, '2027-03-28 03:00:00 CEST'],
  ])('%s', (_, start, seconds, expected) => {
    expect(shownAt(start, start + 2 * HOUR_MS, seconds)).toBe(`Door   ${expected}`);
  });

  test('is one text where the zone stays as it is', () => {
    const captions = buildCaptions({ startEpochMs: end, endEpochMs: end + 12 * HOUR_MS }, 'Door');
    expect(captions).toEqual([
      {
        text: `Door   %{pts:gmtime:${end / 1000 + 3600}.000:%Y-%m-%d %H\\:%M\\:%S} CET`,
        ...{ fromSeconds: null, toSeconds: null },
      },
    ]);
  });

  test('nothing in a name is taken for an instruction', () => {
    expect(shownAt(end, end + HOUR_MS, 0, 'Gate\n100% \\ %{pts}')).toMatch(
      /^Gate 100\\% \\\\ \\%\{pts\} {3}/,
    );
  });
});
