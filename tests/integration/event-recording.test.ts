/** The built engine with a camera that is recorded only around events: a reader's report is stored with what came before it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ArchiveSegment, TimelineLane } from '../../src/shared/contract-archive.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import { type RunningEngine, reportUnlock, startEngine, until } from '../fixtures/engine.ts';
import { makeClip, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';

const unavailable = await whyNoRtspCameras();
const TOKEN = 'pacs-token';
const undo: Array<() => unknown> = [];

afterAll(async () => {
  for (const action of undo.splice(0).reverse()) await action();
});

async function heldBytes(engine: RunningEngine): Promise<number> {
  const text = await (await fetch(`${engine.url}/metrics`)).text();
  return Number(/^threshold_preroll_bytes\{.*\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

test.skipIf(unavailable)(
  'an unlocked door is stored from before it to after it, and nothing else',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'around-events-'));
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const cameras = await startRtspCameras([`c=${await makeClip(folder, 'c')}`]);
    undo.push(() => cameras.stop());
    const engine = await startEngine(join(folder, 'data'), {
      cameras: [
        {
          ...{ name: 'door', source: { main: cameras.url('c') }, analysis: { enabled: false } },
          recording: { mode: 'events', preRollSeconds: 2, postRollSeconds: 2 },
          readers: ['d1'],
        },
      ],
      readers: [{ deviceId: 'd1', deviceName: 'Door' }],
      credentials: { oauthTokens: [{ token: TOKEN, scopes: ['annotations:write'] }] },
    });
    undo.push(() => engine.stop());
    await until('frames wait in memory', () => heldBytes(engine));
    const heldSinceMs = Date.now();
    await until('more than the pre-roll waits', () => Date.now() - heldSinceMs > 4500);
    const eventEpochMs = Date.now();
    await reportUnlock(engine, TOKEN, 'd1', eventEpochMs);
    const [camera] = await engine.get<CameraView[]>('/cameras');
    const range = `fromEpochMs=${eventEpochMs - 60_000}&toEpochMs=${eventEpochMs + 60_000}`;
    const segments = () => engine.get<ArchiveSegment[]>(`/archive/${camera!.id}/segments?${range}`);
    await until('the post-roll is over', async () => {
      const [view] = await engine.get<CameraView[]>('/cameras');
      return (await segments()).length > 0 && view?.status.recording === false;
    });
    const [segment, ...others] = await segments();
    expect(others).toEqual([]);
    const [from, to] = [segment!.startEpochMs - eventEpochMs, segment!.endEpochMs - eventEpochMs];
    // Groups of pictures last a second.
    expect(from).toBeLessThanOrEqual(-1900);
    expect(from).toBeGreaterThan(-3200);
    expect(to).toBeGreaterThanOrEqual(1900);
    expect(to).toBeLessThan(3600);
    const [lane] = await engine.get<TimelineLane[]>(
      `/archive/timeline?cameraIds=${camera!.id}&${range}&resolutionMs=100`,
    );
    expect(new Set(lane?.gaps.map(({ cause }) => cause))).toEqual(new Set(['no-event']));
  },
);
