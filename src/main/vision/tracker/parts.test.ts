import { expect, test } from 'vitest';
import type { Box } from '../../../shared/geometry.ts';
import type { Detection } from '../detector/detection.ts';
import { isPart, withoutParts } from './parts.ts';
import { Tracker } from './tracker.ts';

const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height });
const WHOLE = box(0.4, 0.2, 0.1, 0.4);

test.each<[string, Box, boolean]>([
  ['legs', box(0.41, 0.4, 0.08, 0.2), true],
  ['head and shoulders', box(0.405, 0.2, 0.09, 0.18), true],
  ['a child in front, less than half as wide', box(0.43, 0.4, 0.04, 0.2), false],
  ['somebody beside, half hidden', box(0.46, 0.4, 0.08, 0.2), false],
  ['a belly', box(0.41, 0.3, 0.08, 0.2), false],
  ['nearly the same box', box(0.4, 0.21, 0.1, 0.39), false],
  ['somebody behind, who looks over the shoulder', box(0.41, 0.1, 0.08, 0.25), false],
])('part of a person: %s', (_, part, expected) => {
  expect(isPart(part, WHOLE)).toBe(expected);
});

test('of two boxes of one person the part goes, unless it is the surer one; what is no person stays', () => {
  const legs: Detection = { label: 'person', confidence: 0.4, box: box(0.41, 0.4, 0.08, 0.2) };
  const whole: Detection = { label: 'person', confidence: 0.7, box: WHOLE };
  const dog: Detection = { ...legs, label: 'dog' };
  expect(withoutParts([whole, legs, dog])).toEqual([whole, dog]);
  expect(withoutParts([{ ...whole, confidence: 0.5 }, legs])).toHaveLength(2);
});

/** What a detector saw of one walker on a car park by night: first the legs alone, then both, then all of them. */
const NIGHT_WALK: ReadonlyArray<readonly [seconds: number, ...Array<readonly [number, Box]>]> = [
  [25.25, [0.59, box(0.037, 0.18, 0.035, 0.09)]],
  [25.42, [0.59, box(0.05, 0.17, 0.03, 0.09)]],
  [25.67, [0.49, box(0.06, 0.18, 0.05, 0.09)], [0.24, box(0.06, 0.09, 0.05, 0.17)]],
  [25.83, [0.7, box(0.07, 0.08, 0.05, 0.19)], [0.4, box(0.08, 0.16, 0.03, 0.1)]],
  [26, [0.81, box(0.08, 0.08, 0.06, 0.18)]],
  [26.25, [0.75, box(0.11, 0.08, 0.05, 0.17)]],
  [26.42, [0.49, box(0.14, 0.16, 0.02, 0.09)], [0.21, box(0.13, 0.07, 0.03, 0.19)]],
  [26.67, [0.2, box(0.14, 0.16, 0.05, 0.09)]],
  [26.83, [0.76, box(0.15, 0.07, 0.04, 0.17)]],
  [27, [0.81, box(0.17, 0.06, 0.04, 0.18)]],
  [27.25, [0.8, box(0.18, 0.05, 0.05, 0.19)]],
];

test('who is seen by the legs first and then whole is one person', () => {
  const tracker = new Tracker({ overheadView: false, minConfidence: 0.4 });
  const ids = new Set<number>();
  for (const [seconds, ...seen] of NIGHT_WALK) {
    const detections = seen.map(([confidence, at]) => ({ label: 'person' as const, confidence, box: at }));
    for (const { trackId } of tracker.step(seconds * 1000, detections).tracks) ids.add(trackId);
  }
  expect(ids.size).toBe(1);
});
