import { expect, test } from 'vitest';
import { labelKey } from '../../shared/label-key.ts';
import { openDatabase } from './database.ts';
import { EventIndex, type EventQuery, type IndexedEvent } from './event-index.ts';

/** Numbers that are the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const LABELS = ['human', 'people', 'car', 'cars', 'blue', '_color_blue', 'door'];
const CAMERAS = ['a', 'b', 'c'];

async function fill(
  count: number,
  random: () => number,
): Promise<{ index: EventIndex; events: IndexedEvent[] }> {
  const index = new EventIndex(openDatabase(':memory:'));
  await index.ready();
  const events = Array.from(
    { length: count },
    (_, i): IndexedEvent => ({
      sequence: i + 1,
      cameraId: CAMERAS[Math.floor(random() * 3)]!,
      // Many start at once, and none comes in order.
      startEpochMs: Math.floor(random() * 3000),
      interest: Math.floor(random() * 3),
      labels: LABELS.filter(() => random() < 0.25),
    }),
  );
  for (const event of events) index.add(event);
  return { index, events };
}

function fits(event: IndexedEvent, query: EventQuery): boolean {
  const keys = event.labels.map(labelKey);
  return (
    query.labels.every((label) => keys.includes(labelKey(label))) &&
    event.interest >= query.minInterest &&
    (!query.labelled || event.labels.length > 0) &&
    (!query.cameraIds || query.cameraIds.includes(event.cameraId)) &&
    event.startEpochMs >= (query.fromEpochMs ?? 0) &&
    event.startEpochMs < (query.toEpochMs ?? 1e9) &&
    (!query.sequences || query.sequences.has(event.sequence))
  );
}

test('finds the same as looking at every event, in order, through splits and removals', async () => {
  const random = randomFrom(7);
  const { index, events } = await fill(20_000, random);
  let left = events;
  for (let round = 0; round < 60; round++) {
    const from = Math.floor(random() * 3000);
    const query: EventQuery = {
      labels: LABELS.filter(() => random() < 0.2),
      minInterest: Math.floor(random() * 3) as 0 | 1 | 2,
      order: random() < 0.5 ? 'asc' : 'desc',
      ...(random() < 0.3 && { labelled: true }),
      ...(random() < 0.5 && { cameraIds: CAMERAS.filter(() => random() < 0.6) }),
      ...(random() < 0.5 && { fromEpochMs: from }),
      ...(random() < 0.5 && { toEpochMs: from + 500 }),
      ...(random() < 0.2 && { sequences: new Set([5, 50, 500, 5000]) }),
    };
    const sign = query.order === 'asc' ? 1 : -1;
    const expected = left
      .filter((event) => fits(event, query))
      .sort((a, b) => sign * (a.startEpochMs - b.startEpochMs || a.sequence - b.sequence))
      .map(({ sequence }) => sequence);
    expect([...index.find(query)].map(({ sequence }) => sequence)).toEqual(expected);
    const gone = new Set(left.filter(() => random() < 0.02).map(({ sequence }) => sequence));
    for (const event of left) if (gone.has(event.sequence)) index.remove(event.sequence, event.startEpochMs);
    left = left.filter(({ sequence }) => !gone.has(sequence));
  }
  index.removeCamera('a');
  const rest = left.filter(({ cameraId }) => cameraId !== 'a').length;
  expect([...index.find({ labels: [], minInterest: 0, order: 'asc' })]).toHaveLength(rest);
});

test('events that all start at once stay together', async () => {
  const index = new EventIndex(openDatabase(':memory:'));
  await index.ready();
  for (let sequence = 1; sequence <= 10_000; sequence++)
    index.add({ sequence, cameraId: 'a', startEpochMs: 5, interest: 2, labels: ['x'] });
  index.add({ sequence: 20_000, cameraId: 'a', startEpochMs: 4, interest: 2, labels: ['x'] });
  expect(
    [...index.find({ labels: ['x'], minInterest: 2, order: 'asc' })].map(({ sequence }) => sequence),
  ).toEqual([20_000, ...Array.from({ length: 10_000 }, (_, i) => i + 1)]);
});
