/** Footage that is to be exported stays until it is, also where retention would take it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExportInputSchema } from '../../src/shared/contract-exports.ts';
import { DAY_MS } from '../../src/shared/units.ts';
import { ASKER, type OpenArchive, openArchive } from './archive-fixture.ts';
import { deliver, makeFootage, probeFrames, until } from './recording-fixture.ts';

const DOOR = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = new Date(2026, 10, 20, 14, 3, 0).getTime();
const FOOTAGE_MS = 10_000;
const footage = makeFootage(FOOTAGE_MS / 1000);
const input = ExportInputSchema.parse({
  ...{ cameraIds: [DOOR], fromEpochMs: START + 1000, toEpochMs: START + 4000 },
});

let limits: { maxBytes: number | null; lockCapShare: number };
let open: OpenArchive;

beforeEach(async () => {
  limits = { maxBytes: null, lockCapShare: 0.9 };
  open = await openArchive(START + FOOTAGE_MS, { segmentMs: 1000, limits });
  const { main } = await open.addCamera(DOOR, 'Door');
  deliver(footage, main, START);
  main.lost('camera-unreachable', 'gone');
  await until('all is stored', () =>
    stored().some(({ endEpochMs }) => endEpochMs >= START + FOOTAGE_MS - 100),
  );
});
afterEach(() => open.stop());

const stored = () =>
  open.archive.segments({ cameraId: DOOR, stream: 'main', fromEpochMs: 0, toEpochMs: START + DAY_MS });
const oldestMs = () => stored()[0]!.startEpochMs - START;

async function askPaused(): Promise<string> {
  const { id } = await open.archive.exports.create(input, ASKER);
  open.archive.exports.pause(id);
  return id;
}

test('a paused export finds its footage when it goes on, and then retention takes it', async () => {
  const id = await askPaused();
  limits.maxBytes = 1;
  await open.service.applyLimits();
  expect(oldestMs()).toBeLessThanOrEqual(1000);
  expect(stored().at(-1)!.endEpochMs).toBeLessThan(START + 6000);
  open.archive.exports.resume(id);
  const done = await open.ended(id);
  expect(done).toMatchObject({ state: 'done', problem: null });
  const { files } = open.archive.exports.files(id);
  expect(probeFrames(files[0]!.path).frames).toBe(3 * 25);
  await open.service.applyLimits();
  expect(stored()).toEqual([]);
});

test('a cancelled export lets go of its footage', async () => {
  const id = await askPaused();
  await open.archive.exports.remove(id);
  limits.maxBytes = 1;
  await open.service.applyLimits();
  expect(stored()).toEqual([]);
});

test('an export that is larger than what locks may hold keeps nothing', async () => {
  limits.maxBytes = 1000;
  await askPaused();
  await open.service.applyLimits();
  expect(stored()).toEqual([]);
});
