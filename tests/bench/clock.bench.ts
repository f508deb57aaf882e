/**
 * Truth of recorded time: records one camera whose frames carry their capture instant, then compares every recorded frame's
 * place on the archive's clock with that instant, and counts lost and doubled frames. What the server itself holds frames back by (it
 * paces them from when its pipeline began to play, up to 40 ms late) no client can know: it is measured and taken off. MINUTES (2) in
 * the environment.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtspSession } from '../../src/main/capture/rtsp-session.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import type { ArchiveSegment } from '../../src/shared/contract-archive.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import { captureInstants, HAS_CLOCK_CAMERAS, startClockCameras } from '../fixtures/clock-cameras.ts';
import { startEngine } from '../fixtures/engine.ts';

const MINUTES = Number(process.env.MINUTES ?? 2);
const FRAME_MS = 40;

if (HAS_CLOCK_CAMERAS) await main();
else console.log('skipped: the shared RTSP server is not here');

async function main() {
  const cameras = await startClockCameras();
  const folder = mkdtempSync(join(tmpdir(), 'threshold-clock-'));
  const engine = await startEngine(join(folder, 'data'), {
    cameras: [{ name: 'clock', source: { main: cameras.url(0) }, analysis: { enabled: false } }],
  });
  const from = Date.now();
  const delivery = watchDelivery(cameras.url(0));
  await new Promise((done) => setTimeout(done, MINUTES * 60_000));
  const heldBackMs = await delivery.stop();
  const [camera] = await engine.get<CameraView[]>('/cameras');
  const base = `/archive/${camera!.id}`;
  const segments = await engine.get<ArchiveSegment[]>(
    `${base}/segments?fromEpochMs=${from}&toEpochMs=${Date.now()}`,
  );
  const starts: number[] = [];
  const offsets: number[] = [];
  const instants: number[] = [];
  for (const { startEpochMs, endEpochMs } of segments) {
    const query = `fromEpochMs=${startEpochMs}&toEpochMs=${endEpochMs}&baseEpochMs=${startEpochMs}`;
    const response = await fetch(`${engine.url}/app/v1${base}/media?${query}`, {
      headers: { cookie: engine.cookie },
    });
    const found = captureInstants(Buffer.from(await response.arrayBuffer()));
    const isFirst = instants.length === 0;
    // The test server's parser drops the mark of the first frame after a connect.
    const isUnmarked = isFirst && Math.round((found[0]! + heldBackMs - startEpochMs) / FRAME_MS) === 1;
    const firstFrame = found[0]! - (isUnmarked ? FRAME_MS : 0);
    // Frames are 40 ms apart, so the first one's offset and the last one's bound those between.
    const lastFrame = found.findLast((instant) => instant < endEpochMs - FRAME_MS / 2)!;
    starts.push(firstFrame + heldBackMs - startEpochMs);
    offsets.push(firstFrame + heldBackMs - startEpochMs, lastFrame + heldBackMs + FRAME_MS - endEpochMs);
    instants.push(...found);
  }
  const steps = instants
    .slice(1)
    .map((instant, index) => Math.round((instant - instants[index]!) / FRAME_MS));
  const sorted = offsets.map(Math.abs).sort((a, b) => a - b);
  console.log(`${segments.length} segments, ${instants.length} frames in ${MINUTES} minutes`);
  console.log(`server holds back by     ${heldBackMs.toFixed(1)} ms`);
  console.log(`segment start − capture  ${starts.map((ms) => ms.toFixed(1)).join(', ')} ms (goal ±15)`);
  console.log(
    `recorded time − capture  at most ${sorted.at(-1)?.toFixed(1)} ms at a segment's ends (goal ≤ 200 after 10 minutes)`,
  );
  console.log(
    `lost frames              ${steps.reduce((sum, step) => sum + Math.max(0, step - 1), 0)}, doubled ${steps.filter((step) => step < 1).length}`,
  );
  await engine.stop();
  await cameras.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The least time from a frame's capture to the arrival of its first packet, over a connection of its own. */
function watchDelivery(url: string): { stop(): Promise<number> } {
  let least = Number.POSITIVE_INFINITY;
  const session = new RtspSession({
    ...{ url, transport: 'tcp', clock: systemClock, log: silentLogger },
    chooseTracks: ({ media }) => [
      {
        media: media[0]!,
        onPacket({ payload }) {
          const [instant] = captureInstants(payload);
          if (instant !== undefined) least = Math.min(least, Date.now() - instant);
        },
      },
    ],
    onLost(failure) {
      throw failure;
    },
  });
  void session.start();
  return {
    async stop() {
      await session.stop();
      return least;
    },
  };
}
