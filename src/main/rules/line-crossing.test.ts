import { expect, test } from 'vitest';
import { inputsOf, line, play, type Timeline, walk } from './timeline.ts';

const DOOR = line(0.5, 0.2, 0.5, 0.9);
const FLOOR = line(0.2, 0.5, 0.8, 0.5);

function crossings(rule: ReturnType<typeof line>, ...timelines: Timeline[]) {
  return play(inputsOf(timelines), { lines: [rule] })
    .filter((finding) => finding.type === 'line-crossing')
    .map(({ atMs, detail }) => `${detail.direction} ${(atMs / 1000).toFixed(2)}`);
}

test.each<[string, ReturnType<typeof line>, Timeline['rows'], string[]]>([
  [
    'moving down over a line drawn to the right is forward',
    FLOOR,
    walk([0, 0.5, 0.3], [2, 0.5, 0.7]),
    ['forward 1.00'],
  ],
  ['moving up over it is backward', FLOOR, walk([0, 0.5, 0.7], [2, 0.5, 0.3]), ['backward 1.00']],
  [
    'moving left over a line drawn down is forward',
    DOOR,
    walk([0, 0.7, 0.5], [2, 0.3, 0.5]),
    ['forward 1.00'],
  ],
  ['moving right over it is backward', DOOR, walk([0, 0.3, 0.5], [2, 0.7, 0.5]), ['backward 1.00']],
  [
    'jitter on the line counts once',
    DOOR,
    [
      ...walk([0, 0.3, 0.5], [1, 0.495, 0.5]),
      ...[0.505, 0.495, 0.508, 0.493, 0.506, 0.497, 0.504].map((x, i) => [1.2 + i * 0.2, x, 0.5] as const),
      ...walk([2.8, 0.51, 0.5], [3.8, 0.7, 0.5]),
    ],
    ['backward 2.29'],
  ],
  [
    'standing on the line with jitter is no crossing',
    DOOR,
    Array.from({ length: 40 }, (_, i) => [i * 0.2, 0.5 + (i % 2 ? 0.012 : -0.012), 0.5] as const),
    [],
  ],
  [
    'turning back on the line is no crossing',
    DOOR,
    [...walk([0, 0.3, 0.5], [1, 0.508, 0.5]), ...walk([1.2, 0.5, 0.5], [2.2, 0.3, 0.5])],
    [],
  ],
  [
    'going over and coming back are two crossings',
    DOOR,
    [...walk([0, 0.3, 0.5], [2, 0.7, 0.5]), ...walk([2.2, 0.7, 0.5], [4.2, 0.3, 0.5])],
    ['backward 1.00', 'forward 3.20'],
  ],
  ['walking along the line is no crossing', DOOR, walk([0, 0.47, 0.2], [3, 0.47, 0.9]), []],
  [
    'walking along the line close to it, swaying, is no crossing',
    DOOR,
    walk([0, 0.492, 0.2], [3, 0.507, 0.9]),
    [],
  ],
  ['passing the very end point counts', FLOOR, walk([0, 0.8, 0.3], [2, 0.8, 0.7]), ['forward 1.00']],
  ['passing beyond the end point does not', FLOOR, walk([0, 0.83, 0.3], [2, 0.83, 0.7]), []],
  [
    'going around the end and back over the line counts once',
    DOOR,
    [...walk([0, 0.3, 0.95], [1, 0.7, 0.95]), ...walk([1.2, 0.7, 0.5], [2.2, 0.3, 0.5])],
    ['forward 1.70'],
  ],
  [
    'a fast vehicle seen once on each side counts',
    DOOR,
    [
      [0, 0.2, 0.5],
      [0.2, 0.8, 0.5],
    ],
    ['backward 0.10'],
  ],
  [
    'hidden while crossing, seen again on the other side, counts in between',
    DOOR,
    [...walk([0, 0.3, 0.5], [1, 0.45, 0.5]), ...walk([2.4, 0.55, 0.5], [3, 0.65, 0.5])],
    ['backward 1.70'],
  ],
  ['vanishing before the line invents nothing', DOOR, walk([0, 0.3, 0.5], [1, 0.48, 0.5]), []],
  ['vanishing just behind the line counts', DOOR, walk([0, 0.31, 0.5], [1, 0.51, 0.5]), ['backward 0.95']],
  ['appearing behind the line invents nothing', DOOR, walk([0, 0.51, 0.5], [1, 0.7, 0.5]), []],
  ['appearing just before the line counts', DOOR, walk([0, 0.49, 0.5], [1, 0.7, 0.5]), ['backward 0.05']],
])('%s', (_, rule, rows, expected) => {
  expect(crossings(rule, { id: 1, rows })).toEqual(expected);
});

test('an identity lost at the line and another that begins behind it invent no crossing', () => {
  const before = { id: 1, rows: walk([0, 0.3, 0.5], [1, 0.48, 0.5]) };
  const after = { id: 2, rows: walk([1.2, 0.52, 0.5], [2.2, 0.7, 0.5]) };
  expect(crossings(DOOR, before, after)).toEqual([]);
});

test('a look-alike that never moved crosses nothing', () => {
  expect(crossings(DOOR, { id: 1, still: true, rows: walk([0, 0.3, 0.5], [2, 0.7, 0.5]) })).toEqual([]);
});

test('what was seen before an object was sure counts at its own time', () => {
  const [first, ...rest] = inputsOf([{ id: 1, rows: walk([1, 0.6, 0.5], [2, 0.8, 0.5]) }]);
  if (first?.kind !== 'observation') throw new Error('expected an observation');
  const box = { x: 0.3, y: 0.3, width: 0.1, height: 0.2 };
  const earlier = [0.35, 0.45, 0.55].map((x, i) => ({ atMs: 400 + i * 200, foot: { x, y: 0.5 }, box }));
  const tracks = first.observation.tracks.map((track) => ({ ...track, earlier }));
  const findings = play([{ ...first, observation: { ...first.observation, tracks } }, ...rest], {
    lines: [DOOR],
  });
  expect(findings.map(({ type, atMs }) => [type, atMs])).toEqual([['line-crossing', 700]]);
});

test('every label crosses and says which it is, with its path and way', () => {
  const [finding] = play(inputsOf([{ id: 7, label: 'truck', rows: walk([0, 0.3, 0.5], [2, 0.7, 0.5]) }]), {
    lines: [DOOR],
  });
  expect(finding?.detail).toMatchObject({ label: 'truck', trackId: 7, line: 'line', confidence: 0.8 });
  expect(finding?.detail.path?.[0]).toEqual({ atMs: 0, x: 0.3, y: 0.5 });
});
