/** A camera is recorded while the engine's computer has its clock set: no frame is lost, no time is used twice, the ledger says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { CameraSession } from '../../src/main/capture/camera-session.ts';
import type { CaptureSink } from '../../src/main/media/fragment.ts';
import { type Clock, systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { SteadyClock } from '../../src/main/platform/steady-clock.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { HOUR_MS } from '../../src/shared/units.ts';
import { makeClip, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';
import { probeFrames, until } from './recording-fixture.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const unavailable = await whyNoRtspCameras();
const undo: Array<() => unknown> = [];

afterEach(async () => {
  for (const action of undo.splice(0).reverse()) await action();
});

/** The system's clock, which can be set. */
class SettableClock implements Clock {
  private offsetMs = 0;
  epochMs = () => systemClock.epochMs() + this.offsetMs;
  monotonicMs = systemClock.monotonicMs;
  after = systemClock.after;

  set(byMs: number): void {
    this.offsetMs += byMs;
  }
}

test.skipIf(unavailable)('a clock that is set back and forth neither loses nor doubles footage', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clock-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const cameras = await startRtspCameras([`c=${await makeClip(folder, 'c')}`]);
  undo.push(() => cameras.stop());
  const sql = openDatabase(join(folder, 'threshold.db'));
  undo.push(() => sql.close());
  const segments = new SegmentStore(sql);
  const gaps = new GapStore(sql);
  const computer = new SettableClock();
  const clock = new SteadyClock(computer);
  const root = join(folder, 'recordings');
  const volumes = new Volumes({ root, clock, log: silentLogger });
  const service = new RecordingService({
    ...{ volumes, index: segments, ledger: gaps, clock, log: silentLogger, segmentMs: 2000 },
    limits: () => ({ maxBytes: null, minFreeBytes: 0 }),
  });
  clock.onStep((step) => service.noteClockStep(step));
  await service.start();
  const { main } = await service.addCamera({
    ...{ id: CAMERA, name: 'c', recording: { mode: 'continuous', days: 30 } },
  });
  let frames = 0;
  let newestEpochMs = 0;
  const sink: CaptureSink = {
    stream: (description) => main.stream(description),
    fragment: (fragment) => {
      if (fragment.track === 'video') {
        frames++;
        newestEpochMs = fragment.captureEpochMs;
      }
      main.fragment(fragment);
    },
    lost: (...why) => main.lost(...why),
  };
  const session = new CameraSession({
    ...{ cameraId: CAMERA, stream: 'main', url: cameras.url('c'), transport: 'tcp', audio: true, sink },
    ...{ clock, log: silentLogger, ffmpegPath: 'ffmpeg', onStatus: () => {} },
    resolveSource: (source) => source,
  });
  session.start();
  const moreFrames = async (count: number) => {
    const wanted = frames + count;
    await until(`${count} frames`, () => frames >= wanted);
  };
  await moreFrames(50);
  computer.set(-5000);
  await moreFrames(50);
  expect(clock.aheadMs).toBeGreaterThan(4900);
  const beforeEpochMs = newestEpochMs;
  computer.set(HOUR_MS);
  await until('times follow', () => newestEpochMs > beforeEpochMs + HOUR_MS - 10_000);
  await moreFrames(50);
  computer.set(-HOUR_MS);
  await moreFrames(50);
  await session.stop();
  await service.stop();

  const all = segments.listSegments({
    ...{ cameraId: CAMERA, stream: 'main', fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER },
  });
  expect(all.reduce((sum, { path }) => sum + probeFrames(join(root, path)).frames, 0)).toBe(frames);
  const holes = all.slice(1).map((segment, index) => {
    const before = all[index]!;
    return segment.startEpochMs - before.startEpochMs - before.durationMs;
  });
  const isStep = (ms: number) => Math.abs(ms - (HOUR_MS - 5000)) < 1500;
  expect(holes.filter(isStep)).toHaveLength(1);
  for (const hole of holes.filter((ms) => !isStep(ms))) expect(Math.abs(hole)).toBeLessThanOrEqual(5);
  const rows = gaps.listGaps(CAMERA, 0, Number.MAX_SAFE_INTEGER);
  const steps = rows.filter(({ cause }) => cause === 'clock-step');
  expect(steps.map(({ detail }) => /back by ([\d.]+) s/.exec(detail)?.[1] ?? 'hole')).toEqual([
    '5.0',
    'hole',
    '3600.0',
  ]);
  const expected = ['connecting', 'clock-step', 'engine-stopped'];
  expect(rows.filter(({ cause }) => !expected.includes(cause))).toEqual([]);
  // A start in the hour that is used already goes on behind the newest footage.
  const next = new SteadyClock(systemClock);
  next.goOnFrom(segments.bounds().latestEpochMs ?? 0);
  expect(next.epochMs()).toBeGreaterThanOrEqual(all.at(-1)!.startEpochMs + all.at(-1)!.durationMs - 1);
});
