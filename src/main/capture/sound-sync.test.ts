import { expect, test } from 'vitest';
import { SoundSync } from './sound-sync.ts';

/** Pictures arrive 20 ms after they were taken, sound 150 ms; both began at our time 1,000,000 with timestamps of their own. */
const BEGAN = 1_000_000;
const FIRST = { video: 4_294_900_000, audio: 7000 };
const CAMERA_AHEAD_MS = 3_600_000;

function sync() {
  const made = new SoundSync(
    {
      video: { offsetMs: BEGAN + 20 - FIRST.video / 90 },
      audio: { offsetMs: BEGAN + 150 - FIRST.audio / 16 },
    },
    { video: 90_000, audio: 16_000 },
  );
  made.picture(FIRST.video + 10 * 90_000);
  return made;
}
const report = (track: 'video' | 'audio', atMs: number, wrongMs = 0) => ({
  rtpTimestamp: (FIRST[track] + atMs * (track === 'video' ? 90 : 16)) % 2 ** 32,
  ntpEpochMs: BEGAN + CAMERA_AHEAD_MS + atMs + wrongMs,
});
const sample = FIRST.audio + 10_000 * 16;

test('without reports by its own arrivals', () => {
  const made = sync();
  expect(made.locate(sample).epochMs).toBeCloseTo(BEGAN + 10_000 + 150);
  made.report('audio', report('audio', 4000));
  expect(made.locate(sample).epochMs).toBeCloseTo(BEGAN + 10_000 + 150);
});

test('with reports of both tracks as late as the pictures, over the wrap of a timestamp', () => {
  const made = sync();
  made.report('video', report('video', 9000));
  made.report('audio', report('audio', 4000));
  const { epochMs, maxDriftMs } = made.locate(sample);
  expect(epochMs).toBeCloseTo(BEGAN + 10_000 + 20);
  expect(maxDriftMs).toBeLessThan(50);
});

test('reports of a clock that counts half of the samples, as with G.722', () => {
  const half = { ...FIRST, audio: 2 ** 32 - 5000 };
  const made = new SoundSync(
    {
      video: { offsetMs: BEGAN + 20 - FIRST.video / 90 },
      audio: { offsetMs: BEGAN + 150 - (half.audio * 2) / 16 },
    },
    { video: 90_000, audio: 16_000 },
    8000,
  );
  made.picture(FIRST.video + 10 * 90_000);
  made.report('video', report('video', 9000));
  made.report('audio', {
    rtpTimestamp: (half.audio + 4000 * 8) % 2 ** 32,
    ntpEpochMs: BEGAN + CAMERA_AHEAD_MS + 4000,
  });
  expect(made.locate((half.audio + 10_000 * 8) * 2).epochMs).toBeCloseTo(BEGAN + 10_000 + 20);
});

test('reports that contradict the arrivals are not believed', () => {
  const made = sync();
  made.report('video', report('video', 9000));
  made.report('audio', report('audio', 4000, 5000));
  expect(made.locate(sample).epochMs).toBeCloseTo(BEGAN + 10_000 + 150);
});

test('what the camera says at the start does until it reports, unless arrivals are far from it', () => {
  const made = sync();
  made.started('video', FIRST.video);
  expect(made.locate(sample).epochMs).toBeCloseTo(BEGAN + 10_000 + 150);
  made.started('audio', FIRST.audio);
  expect(made.locate(sample).epochMs).toBeCloseTo(BEGAN + 10_000 + 20);
  made.report('video', report('video', 9000));
  made.report('audio', report('audio', 4000, 60));
  expect(made.locate(sample).epochMs).toBeCloseTo(BEGAN + 10_000 + 80);
  const nonsense = sync();
  nonsense.started('video', FIRST.video);
  nonsense.started('audio', FIRST.audio + 16_000);
  expect(nonsense.locate(sample).epochMs).toBeCloseTo(BEGAN + 10_000 + 150);
});
