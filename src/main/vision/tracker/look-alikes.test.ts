import { expect, test } from 'vitest';
import type { TrackedObject } from '../../../shared/domain-events.ts';
import type { Detection } from '../detector/detection.ts';
import { Tracker } from './tracker.ts';

/** A car that comes in from the left, or what a model takes for a phone where it is seen from above. */
function carAt(t: number, confidence: number, isPhone = false): Detection {
  const box = { x: 0.05 + 0.1 * t, y: 0.4, width: 0.2, height: 0.2 };
  return { label: 'car', confidence, box, ...(isPhone && { isLookAlike: true as const }) };
}

function follow(seconds: number, at: (t: number) => Detection[]) {
  const tracker = new Tracker({ overheadView: false, minConfidence: 0.4 });
  const reports: Array<TrackedObject & { t: number }> = [];
  for (let i = 0; i <= seconds * 5; i++) {
    const t = i / 5;
    for (const track of tracker.step(t * 1000, at(t)).tracks) reports.push({ ...track, t });
  }
  return reports;
}

test('what only looks like a car is none, however sure and however far it goes', () => {
  expect(follow(5, (t) => [carAt(t, 0.9, true)])).toEqual([]);
  expect(follow(5, (t) => [carAt(t, 0.9, t !== 2)])).toEqual([]);
});

test('a phone that goes over a table and is a faint car at times is none', () => {
  expect(follow(8, (t) => [carAt(t, 0.3, Math.round(t * 5) % 5 < 3)])).toEqual([]);
});

test('a car that was a look-alike at first was there from then on', () => {
  const reports = follow(4, (t) => [carAt(t, 0.7, t < 2)]);
  expect(new Set(reports.map(({ trackId }) => trackId)).size).toBe(1);
  expect(reports[0]).toMatchObject({ firstSeenMs: 0, hasMoved: true });
  expect(reports[0]!.t).toBeLessThanOrEqual(2.4);
  expect(reports[0]!.earlier?.[0]?.atMs).toBe(0);
});

test('a car keeps its identity, its score and its label while it looks like something else', () => {
  const reports = follow(7, (t) => [carAt(t, 0.7, t > 1.5 && t < 5.5)]);
  expect(new Set(reports.map(({ trackId }) => trackId)).size).toBe(1);
  expect(reports.at(-1)!.lastSeenMs).toBe(7000);
  expect(reports.every(({ confidence, label }) => confidence === 0.7 && label === 'car')).toBe(true);
});

test('somebody in front of a look-alike rides in nothing', () => {
  const person = (t: number): Detection => ({
    label: 'person',
    confidence: 0.7,
    box: { x: 0.12 + 0.1 * t, y: 0.42, width: 0.04, height: 0.12 },
  });
  const alone = follow(3, (t) => [person(t)]);
  const inFront = follow(3, (t) => [person(t), carAt(t, 0.8, true)]);
  expect(inFront).toEqual(alone);
});
