import { expect, test } from 'vitest';
import type { Box } from '../../../shared/geometry.ts';
import { rememberSight, type Sights, sightsBefore } from './sights.ts';

const standing = (height: number): Box => ({ x: 0.4, y: 0.3, width: 0.1, height });
const comingIn = (height: number): Box => ({ x: 0.4, y: 1 - height, width: 0.1, height });

test.each<[string, Box[], number, number[]]>([
  ['of one size', [standing(0.3), standing(0.32), standing(0.35)], 0.36, [0, 200, 400]],
  ['a first one much smaller was of somebody else', [standing(0.1), standing(0.3)], 0.32, [200]],
  ['a first one much larger was of somebody else', [standing(0.6), standing(0.3)], 0.32, [200]],
  ['what comes in over the edge may grow', [comingIn(0.2), comingIn(0.33)], 0.46, [0, 200]],
  ['what is cut by the edge may not shrink', [comingIn(0.6), comingIn(0.3)], 0.32, [200]],
])('sights that lead up to a box: %s', (_, boxes, height, expected) => {
  const track: Sights & { height: number } = { reported: false, earlier: [], height };
  for (const [i, box] of boxes.entries())
    rememberSight(track, i * 200, { foot: { x: 0.45, y: box.y + box.height }, box });
  expect(sightsBefore(track, 1000).map(({ atMs }) => atMs)).toEqual(expected);
});
