import { expect, test } from 'vitest';
import { inputsOf, line, observe, play, type Timeline, walk, zone } from './timeline.ts';

/** A fast one through a line and a zone, one who stays, and two through a door close together. */
const SCENES: Array<[string, Timeline[], string[]]> = [
  [
    'a car that drives through',
    [{ id: 1, label: 'car', rows: walk([0, 0, 0.6], [3, 1, 0.6]) }],
    ['zone-enter', 'line-crossing', 'zone-leave'],
  ],
  [
    'one seen twice a second who vanishes on the way out',
    [{ id: 1, rows: walk([0, 0.2, 0.6], [3.5, 0.58, 0.6], 2) }],
    ['zone-enter', 'line-crossing', 'zone-leave'],
  ],
  [
    'one who stays, and is lost inside',
    [
      { id: 1, rows: [...walk([0, 0.2, 0.6], [2, 0.55, 0.6]), ...walk([2.2, 0.55, 0.6], [8, 0.56, 0.6])] },
      { id: 2, rows: walk([0, 0.9, 0.1], [16, 0.95, 0.1]) },
    ],
    ['zone-enter', 'line-crossing', 'loitering', 'zone-leave'],
  ],
  [
    'two close together',
    [
      { id: 1, rows: walk([0, 0.1, 0.6], [3, 0.9, 0.6]) },
      { id: 2, rows: walk([1, 0.1, 0.6], [4, 0.9, 0.6]) },
    ],
    ['zone-enter', 'line-crossing', 'tailgating', 'zone-leave'],
  ],
];

test.each(SCENES)(
  '%s: the box is that of the picture, and the picture the nearest to the moment',
  (_, scene, types) => {
    const pictures = observe(scene);
    for (const readers of [null, ['door']]) {
      const findings = play(inputsOf(scene), {
        readers,
        lines: [line(0.5, 0, 0.5, 1, { windowSeconds: 6 })],
        zones: [zone(0.4, 0.4, 0.6, 0.8, { loiteringSeconds: 3 })],
      });
      expect(new Set(findings.map(({ type }) => type))).toEqual(
        new Set([...types, ...(readers && scene[0]!.label !== 'car' ? ['tailgating'] : [])]),
      );
      for (const { type, atMs, pictureMs, detail } of findings) {
        const picture = pictures.find((each) => each.atMs === pictureMs);
        const seen = picture?.tracks.find(({ trackId }) => trackId === detail.trackId);
        expect(seen?.lastSeenMs, type).toBe(pictureMs);
        expect(detail.box, type).toEqual(seen?.box);
        const sights = pictures.filter(({ atMs: at, tracks }) =>
          tracks.some(({ trackId, lastSeenMs }) => trackId === detail.trackId && lastSeenMs === at),
        );
        const nearest = Math.min(...sights.map((each) => Math.abs(each.atMs - atMs)));
        expect(Math.abs(pictureMs! - atMs), type).toBe(nearest);
      }
    }
  },
);
