import { expect, test } from 'vitest';
import { inputsOf, play, type Timeline, walk, zone } from './timeline.ts';

const ZONE = zone(0.4, 0.4, 0.6, 0.8);

function changes(timelines: Timeline[], rule = ZONE) {
  return play(inputsOf(timelines), { zones: [rule] })
    .filter((finding) => finding.type !== 'motion')
    .map(({ type, atMs }) => `${type} ${(atMs / 1000).toFixed(2)}`);
}

test.each<[string, Timeline['rows'], string[]]>([
  ['walking through', walk([0, 0.2, 0.6], [4, 1, 0.6]), ['zone-enter 1.00', 'zone-leave 2.00']],
  ['a foot in the zone for less than 0.4 s is no visit', walk([0, 0.36, 0.38], [0.6, 0.46, 0.38]), []],
  [
    'a short step in and out is no visit',
    [
      ...walk([0, 0.2, 0.6], [1, 0.39, 0.6]),
      [1.2, 0.45, 0.6],
      [1.4, 0.38, 0.6],
      ...walk([1.6, 0.36, 0.6], [3, 0.2, 0.6]),
    ],
    [],
  ],
  [
    'a short step out and in is one visit',
    [
      ...walk([0, 0.2, 0.6], [2, 0.5, 0.6]),
      [2.2, 0.63, 0.6],
      ...walk([2.4, 0.55, 0.6], [3.4, 0.5, 0.6]),
      ...walk([3.6, 0.5, 0.6], [4.6, 0.8, 0.6]),
    ],
    ['zone-enter 1.33', 'zone-leave 3.93'],
  ],
  [
    'standing on the border with jitter is neither in nor out for good',
    [
      ...walk([0, 0.5, 0.3], [1, 0.5, 0.398]),
      ...Array.from({ length: 30 }, (_, i) => [1.2 + i * 0.2, 0.5, i % 4 < 2 ? 0.398 : 0.402] as const),
    ],
    [],
  ],
  [
    'appearing inside is entering',
    walk([3, 0.5, 0.6], [5, 0.9, 0.6]),
    ['zone-enter 3.00', 'zone-leave 3.50'],
  ],
  [
    'vanishing inside is leaving when last seen',
    walk([0, 0.2, 0.6], [3, 0.5, 0.6]),
    ['zone-enter 2.00', 'zone-leave 3.00'],
  ],
  [
    'coming again is a second visit',
    [...walk([0, 0.2, 0.6], [2, 0.8, 0.6]), ...walk([2.2, 0.8, 0.6], [4.2, 0.2, 0.6])],
    ['zone-enter 0.67', 'zone-leave 1.33', 'zone-enter 2.87', 'zone-leave 3.53'],
  ],
  [
    'hidden inside for a while is one visit',
    [...walk([0, 0.2, 0.6], [2, 0.5, 0.6]), ...walk([4, 0.5, 0.6], [6, 0.9, 0.6])],
    ['zone-enter 1.33', 'zone-leave 4.50'],
  ],
])('%s', (_, rows, expected) => {
  expect(changes([{ id: 1, rows }])).toEqual(expected);
});

test('an identity lost and found again at the place is one visit', () => {
  const lost = { id: 1, rows: walk([0, 0.2, 0.6], [2, 0.5, 0.6]), endsAfter: 2 };
  const found = { id: 2, rows: walk([4.4, 0.5, 0.61], [6.4, 0.9, 0.6]) };
  expect(changes([lost, found])).toEqual(['zone-enter 1.33', 'zone-leave 4.90']);
});

test('somebody else who walks in after one was lost inside is a visit of their own', () => {
  const lost = { id: 1, rows: walk([0, 0.2, 0.6], [2, 0.5, 0.6]), endsAfter: 2 };
  const other = { id: 2, rows: walk([4, 0.9, 0.6], [6, 0.5, 0.6]) };
  expect(changes([lost, other])).toEqual([
    'zone-enter 1.33',
    'zone-enter 5.50',
    'zone-leave 2.00',
    'zone-leave 6.50',
  ]);
});

test.each<[string, Timeline['rows'], string[]]>([
  [
    'one who was lost on the way out has left at the border, and who comes after them enters',
    walk([0, 0.2, 0.6], [1.4, 0.55, 0.6]),
    ['zone-enter 0.80', 'zone-leave 1.60', 'zone-enter 4.20', 'zone-leave 5.17'],
  ],
  [
    'one who was lost where they stood is still there',
    [...walk([0, 0.2, 0.6], [1.4, 0.55, 0.6]), [1.6, 0.55, 0.6], [1.8, 0.55, 0.6]],
    ['zone-enter 0.80', 'zone-leave 5.17'],
  ],
])('%s', (_, rows, expected) => {
  const lost = { id: 1, rows, endsAfter: 2 };
  const next = {
    id: 2,
    rows: [...walk([4.2, 0.55, 0.6], [5, 0.55, 0.6]), ...walk([5.2, 0.61, 0.6], [6.2, 0.9, 0.6])],
  };
  expect(changes([lost, next])).toEqual(expected);
});

test('a foot cut by the lower edge of the picture stands in a zone that reaches down to it', () => {
  const rows = walk([0, 0.5, 1], [2, 0.9, 1]);
  expect(changes([{ id: 1, rows }], zone(0.4, 0.5, 0.6, 1))).toEqual(['zone-enter 0.00', 'zone-leave 0.50']);
});

test('a look-alike that never moved enters nothing', () => {
  expect(changes([{ id: 1, still: true, rows: walk([0, 0.2, 0.6], [4, 1, 0.6]) }])).toEqual([]);
});

test('a leave says how long the stay was', () => {
  const findings = play(inputsOf([{ id: 1, rows: walk([0, 0.2, 0.6], [4, 1, 0.6]) }]), { zones: [ZONE] });
  const leave = findings.find((finding) => finding.type === 'zone-leave');
  expect(leave?.startMs).toBeCloseTo(1000, -1);
  expect(leave?.detail.dwellSeconds).toBeCloseTo(1, 2);
});

test.each<[string, Timeline[], string[]]>([
  [
    'once per stay, when the time is up',
    [{ id: 1, rows: walk([0, 0.2, 0.6], [2, 0.5, 0.6]).concat(walk([2.2, 0.5, 0.6], [9, 0.52, 0.6])) }],
    ['4.33'],
  ],
  ['not for a stay that is too short', [{ id: 1, rows: walk([0, 0.2, 0.6], [4, 1, 0.6]) }], []],
  [
    'through an occlusion',
    [{ id: 1, rows: walk([0, 0.2, 0.6], [2, 0.5, 0.6]).concat(walk([4, 0.5, 0.6], [9, 0.52, 0.6])) }],
    ['4.33'],
  ],
  [
    'through a change of identity',
    [
      { id: 1, rows: walk([0, 0.2, 0.6], [2, 0.5, 0.6]), endsAfter: 2 },
      { id: 2, rows: walk([3, 0.5, 0.6], [9, 0.52, 0.6]) },
    ],
    ['4.33'],
  ],
  [
    'once, also when another identity takes the stay over after it was told',
    [
      { id: 1, rows: walk([0, 0.2, 0.6], [2, 0.5, 0.6]).concat(walk([2.2, 0.5, 0.6], [6, 0.52, 0.6])) },
      { id: 2, rows: walk([9.4, 0.52, 0.6], [14, 0.54, 0.6]) },
      { id: 3, rows: walk([0, 0.9, 0.1], [14, 0.95, 0.1]) },
    ],
    ['4.33'],
  ],
  [
    'again for who comes to the place once it is clear that the first is gone',
    [
      { id: 1, rows: walk([0, 0.2, 0.6], [2, 0.5, 0.6]).concat(walk([2.2, 0.5, 0.6], [6, 0.52, 0.6])) },
      { id: 2, rows: walk([12, 0.52, 0.6], [17, 0.54, 0.6]) },
      { id: 3, rows: walk([0, 0.9, 0.1], [17, 0.95, 0.1]) },
    ],
    ['4.33', '15.00'],
  ],
  ['not for a still look-alike', [{ id: 1, still: true, rows: walk([0, 0.5, 0.6], [9, 0.5, 0.6]) }], []],
])('loitering: %s', (_, timelines, expected) => {
  const findings = play(inputsOf(timelines), { zones: [zone(0.4, 0.4, 0.6, 0.8, { loiteringSeconds: 3 })] });
  const times = findings
    .filter((finding) => finding.type === 'loitering')
    .map(({ atMs }) => (atMs / 1000).toFixed(2));
  expect(times).toEqual(expected);
});
