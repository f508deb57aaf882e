import { expect, test } from 'vitest';
import type { ObjectLabel } from '../../../shared/domain-events.ts';
import type { Detection } from './detection.ts';
import { suppressOverlaps } from './suppression.ts';

function detection(label: ObjectLabel, confidence: number, x: number): Detection {
  return { label, confidence, box: { x, y: 0, width: 0.2, height: 0.2 } };
}

test.each([
  ['the surer of two', [detection('person', 0.5, 0), detection('person', 0.9, 0.02)], [0.9]],
  ['car and truck are one group', [detection('car', 0.5, 0), detection('truck', 0.6, 0.02)], [0.6]],
  ['a person on a bicycle stays', [detection('person', 0.5, 0), detection('bicycle', 0.6, 0)], [0.6, 0.5]],
  [
    'a look-alike hides nothing',
    [{ ...detection('car', 0.9, 0), isLookAlike: true as const }, detection('car', 0.5, 0.02)],
    [0.5],
  ],
  ['neighbours stay', [detection('person', 0.5, 0), detection('person', 0.6, 0.12)], [0.6, 0.5]],
])('%s', (_, detections, kept) => {
  expect(suppressOverlaps(detections).map((each) => each.confidence)).toEqual(kept);
});
