import { expect, test } from 'vitest';
import type { Observation, SabotageKind } from '../../shared/domain-events.ts';
import type { Box } from '../../shared/geometry.ts';
import { inputsOf, play, walk, zone } from './timeline.ts';

/** Plays pictures at `fps` a second from `at(seconds)`. */
function watch(
  seconds: number,
  at: (t: number) => { boxes?: Box[]; sabotage?: SabotageKind | null },
  zones = [zone(0, 0, 0.5, 1)],
  fps = 5,
) {
  const observations = Array.from({ length: seconds * fps }, (_, i): Observation => {
    const { boxes = [], sabotage = null } = at(i / fps);
    const motion = { ratio: boxes.length ? 0.1 : 0, boxes };
    return { atMs: (i * 1000) / fps, tracks: [], endedTrackIds: [], motion, sabotage };
  });
  return play(
    observations.map((observation) => ({ kind: 'observation', observation })),
    { zones },
  ).map(({ type, atMs, startMs, detail }) => [
    type,
    detail.zone ?? detail.sabotage ?? 'picture',
    atMs,
    startMs ?? atMs,
  ]);
}

const LEFT: Box = { x: 0.1, y: 0.1, width: 0.2, height: 0.2 };
const RIGHT: Box = { x: 0.7, y: 0.1, width: 0.2, height: 0.2 };

test.each<[string, number, (t: number) => { boxes: Box[] }, unknown[]]>([
  [
    'in the zone and the picture',
    5,
    (t) => ({ boxes: t >= 1 && t < 3 ? [LEFT] : [] }),
    [
      ['motion', 'picture', 1000, 1000],
      ['motion', 'zone', 1000, 1000],
    ],
  ],
  [
    'outside the zone',
    5,
    (t) => ({ boxes: t >= 1 && t < 3 ? [RIGHT] : [] }),
    [['motion', 'picture', 1000, 1000]],
  ],
  ['a single flash is none', 5, (t) => ({ boxes: t === 1 ? [LEFT] : [] }), []],
  [
    'pauses shorter than 10 s are one incident',
    30,
    (t) => ({ boxes: t % 8 < 2 ? [RIGHT] : [] }),
    [['motion', 'picture', 0, 0]],
  ],
  [
    'after 10 s of quiet comes another',
    30,
    (t) => ({ boxes: t < 2 || (t >= 15 && t < 17) ? [RIGHT] : [] }),
    [
      ['motion', 'picture', 0, 0],
      ['motion', 'picture', 15000, 15000],
    ],
  ],
])('motion: %s', (_, seconds, at, expected) => {
  expect(watch(seconds, at)).toEqual(expected);
});

test('motion: not in a zone that does not ask for it', () => {
  const quiet = { ...zone(0, 0, 0.5, 1), motion: false };
  expect(watch(4, () => ({ boxes: [LEFT] }), [quiet])).toEqual([['motion', 'picture', 0, 0]]);
});

test.each([0.5, 0.8, 1])('motion: told at %d pictures a second too, a single flash not', (fps) => {
  expect(watch(30, (t) => ({ boxes: t >= 10 && t < 20 ? [RIGHT] : [] }), [], fps)).toEqual([
    ['motion', 'picture', 10_000, 10_000],
  ]);
  expect(watch(30, (t) => ({ boxes: t === 10 ? [RIGHT] : [] }), [], fps)).toEqual([]);
});

test.each<[string, (t: number) => SabotageKind | null, unknown[]]>([
  ['after 3 s, once', (t) => (t >= 2 ? 'covered' : null), [['sabotage', 'covered', 5000, 2000]]],
  ['not for less', (t) => (t >= 2 && t < 4.6 ? 'covered' : null), []],
  [
    'through a normal picture in between',
    (t) => (t >= 2 && t !== 4 ? 'covered' : null),
    [['sabotage', 'covered', 5000, 2000]],
  ],
  [
    'again after it was normal',
    (t) => ((t >= 2 && t < 7) || t >= 10 ? 'blinded' : null),
    [
      ['sabotage', 'blinded', 5000, 2000],
      ['sabotage', 'blinded', 13000, 10000],
    ],
  ],
])('sabotage: %s', (_, at, expected) => {
  expect(watch(20, (t) => ({ sabotage: at(t) }))).toEqual(expected);
});

function crowd(stays: Array<[from: number, to: number, x?: number]>, still = false) {
  const timelines = stays.map(([from, to, x = 0.3], id) => ({
    id,
    still,
    rows: walk([from, x, 0.5], [to, x + 0.1, 0.5]),
    endsAfter: 0.2,
  }));
  return play(inputsOf(timelines), { zones: [zone(0.1, 0.1, 0.6, 0.9, { crowdSize: 2 })] })
    .filter((finding) => finding.type === 'crowd')
    .map(({ atMs, startMs, detail }) => [atMs, startMs, detail.count]);
}

test('crowd: enough people for 2 s, and again only after it has fallen below', () => {
  expect(crowd([[0, 20]])).toEqual([]);
  expect(
    crowd([
      [0, 20],
      [4, 20],
    ]),
  ).toEqual([[6000, 4000, 2]]);
  expect(
    crowd([
      [0, 20],
      [4, 5.6],
    ]),
  ).toEqual([]);
  expect(
    crowd([
      [0, 20],
      [4, 8],
      [12, 16],
    ]),
  ).toEqual([
    [6000, 4000, 2],
    [14000, 12000, 2],
  ]);
  expect(
    crowd([
      [0, 20],
      [4, 20, 0.8],
    ]),
  ).toEqual([]);
  expect(
    crowd(
      [
        [0, 20],
        [4, 20],
      ],
      true,
    ),
  ).toEqual([]);
});
