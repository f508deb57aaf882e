import { expect, test } from 'vitest';
import type { Observation } from '../../shared/domain-events.ts';
import { noiseSource } from '../vision/pictures/painted.ts';
import { KeptObservations, rounded } from './kept-observations.ts';

const noise = noiseSource(1);

/** Six people, each at its own odd place. */
function busy(index: number): Observation {
  const atMs = 1.7e12 + index * 200;
  const tracks = Array.from({ length: 6 }, (_, trackId) => {
    const x = 0.5 + 0.1 * noise();
    const y = 0.7 + 0.1 * noise();
    const box = { x: x - 0.05, y: y - 0.2, width: 0.1 + 0.003 * noise(), height: 0.2 };
    const sure = { confidence: 0.7 + 0.1 * noise(), maxConfidence: 0.93, hasMoved: true };
    const seen = { firstSeenMs: atMs - 1000, lastSeenMs: atMs };
    return { trackId, label: 'person' as const, box, foot: { x, y }, ...sure, ...seen };
  });
  return { atMs, tracks, endedTrackIds: [], motion: { ratio: 0.1234567, boxes: [] }, sabotage: null };
}

test('what is kept comes back as it was, from anywhere, in a fraction of its size', async () => {
  const seen = Array.from({ length: 1203 }, (_, index) => rounded(busy(index)));
  const kept = new KeptObservations();
  for (const observation of seen) {
    kept.add(observation);
    await kept.pack();
  }
  expect(kept.count).toBe(1203);
  for (const start of [0, 1, 249, 250, 999, 1000, 1202, 1203]) {
    const back: Observation[] = [];
    while (start + back.length < kept.count) back.push(...(await kept.from(start + back.length)));
    expect(back).toEqual(seen.slice(start));
  }
  expect(kept.bytes).toBeLessThan(JSON.stringify(seen).length / 3);
});

test('places are kept to a hundred thousandth; times, ids and earlier sights stay', () => {
  const observation = busy(3);
  const [track] = observation.tracks;
  const earlier = [{ atMs: 1.7e12, foot: { x: 1 / 3, y: 2 / 3 }, box: track!.box }];
  const kept = rounded({ ...observation, tracks: [{ ...track!, earlier }] });
  expect(kept.tracks[0]!.earlier![0]).toMatchObject({ atMs: 1.7e12, foot: { x: 0.33333, y: 0.66667 } });
  expect(kept.tracks[0]).toMatchObject({ trackId: 0, firstSeenMs: observation.atMs - 1000, hasMoved: true });
  expect(kept.tracks[0]!.box.x).toBeCloseTo(track!.box.x, 5);
});
