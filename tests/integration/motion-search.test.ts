/** Search for motion in a part of the picture, over real footage that was never analysed: a still scene with a box that comes and goes. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MotionSearch } from '../../src/shared/motion-search.ts';
import { type OpenArchive, openArchive } from './archive-fixture.ts';
import { deliver, splitFootage, until } from './recording-fixture.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = Date.UTC(2026, 10, 20, 12, 0, 0);
const LEFT = { x: 0, y: 0.2, width: 0.4, height: 0.7 };
const RIGHT = { x: 0.6, y: 0.2, width: 0.4, height: 0.7 };

/** Key frames every two seconds, and of a camera that sends one in twenty. */
const CAMERAS = [
  { id: CAMERA, gop: '20' },
  { id: '4fa85f64-5717-4562-b3fc-2c963f66afa6', gop: '200' },
];

let open: OpenArchive;
beforeAll(async () => {
  const box = "drawbox=x=30:y=60:w=60:h=80:color=white:t=fill:enable='between(t,12,18)'";
  open = await openArchive(START + 3_600_000, { segmentMs: 10_000 });
  for (const { id, gop } of CAMERAS) {
    const made = spawnSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', `color=gray:size=320x180:rate=10:duration=40,${box}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', gop, '-sc_threshold', '0', '-pix_fmt', 'yuv420p'],
      ...['-f', 'mp4', '-movflags', '+frag_every_frame+delay_moov+default_base_moof', 'pipe:1'],
    ]);
    deliver(splitFootage(made.stdout), (await open.addCamera(id, 'Door')).main, START);
  }
  await open.service.stop();
});
afterAll(() => open?.stop());

async function search(
  box: MotionSearch['box'],
  { fromMs = 0, toMs = 40_000, cameraId = CAMERA } = {},
): Promise<MotionSearch> {
  const { motionSearches } = open.archive;
  const range = { fromEpochMs: START + fromMs, toEpochMs: START + toMs };
  const { id } = motionSearches.create({ cameraId, box, ...range });
  await until('the search ends', () => motionSearches.get(id).state !== 'running', 60_000);
  return motionSearches.get(id);
}

test.each(CAMERAS)('motion is found where it was, and when: key frames every $gop frames', async ({ id }) => {
  const found = await search(LEFT, { cameraId: id });
  expect(found).toMatchObject({ state: 'done', progress: 1, problem: null, full: false });
  expect(found.hits.length).toBeGreaterThan(0);
  expect(found.hits[0]!.startEpochMs - START).toBeGreaterThanOrEqual(9000);
  expect(found.hits[0]!.startEpochMs - START).toBeLessThanOrEqual(12_000);
  expect(found.hits.at(-1)!.endEpochMs - START).toBeLessThanOrEqual(30_000);
});

test('nothing is found elsewhere in the picture, at another time, or where nothing is recorded', async () => {
  expect((await search(RIGHT)).hits).toEqual([]);
  expect((await search(LEFT, { toMs: 10_000 })).hits).toEqual([]);
  expect(await search(LEFT, { fromMs: 60_000, toMs: 90_000 })).toMatchObject({ state: 'done', hits: [] });
});

test('a search that is removed is no longer there', async () => {
  const { motionSearches } = open.archive;
  const range = { fromEpochMs: START, toEpochMs: START + 40_000 };
  const { id } = motionSearches.create({ cameraId: CAMERA, box: LEFT, ...range });
  motionSearches.remove(id);
  expect(() => motionSearches.get(id)).toThrow('no longer there');
  expect((await search(LEFT)).state).toBe('done');
});
