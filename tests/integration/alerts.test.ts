/** Alerts and the ledger of a whole engine over real RTSP, with shortened times: an outage, a blip, pictures that stand still or are black. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALERT_TIMINGS } from '../../src/main/alerts/step-alerts.ts';
import { Engine } from '../../src/main/compose.ts';
import { createLogger } from '../../src/main/platform/log.ts';
import { parseProvision } from '../../src/main/settings/provision.ts';
import type { TimelineLane } from '../../src/shared/contract-archive.ts';
import type { GapLedger } from '../../src/shared/contract-health.ts';
import type { Alert } from '../../src/shared/domain-storage.ts';
import { ACCOUNT, until } from '../fixtures/engine.ts';
import { makeClip, type RtspCameras, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';

/** Long enough for a busy machine to connect again before a blip becomes an outage. */
const OFFLINE_MS = 6000;
const TIMINGS = {
  raiseAfterMs: {
    ...ALERT_TIMINGS.raiseAfterMs,
    ...{ 'camera-offline': OFFLINE_MS, 'picture-frozen': 3000, 'picture-black': 1000 },
  },
  overAfterMs: 500,
  stillMs: 2500,
};
/** Reconnection after an outage waits longer each time. */
const BACK_MS = 45_000;
const NAMES = ['moving', 'frozen', 'black'];
const missing = await whyNoRtspCameras();
const folder = mkdtempSync(join(tmpdir(), 'threshold-alerts-'));

describe.skipIf(missing !== null)('alerts over real RTSP (skipped without the RTSP test server)', () => {
  let cameras: RtspCameras;
  let engine: Engine;
  let url: string;
  let cookie: string;
  let hook: Server;
  let clips: string[];
  const hooked: string[] = [];

  beforeAll(async () => {
    const moving = await makeClip(folder, 'moving', { sound: false });
    clips = [
      `moving=${moving}`,
      `frozen=${await makeStill('frozen', 'testsrc2=size=320x180:rate=25', 'trim=end_frame=1,loop=-1:1')}`,
      `black=${await makeStill('black', 'color=black:size=320x180:rate=25', 'noise=alls=3:allf=t')}`,
    ];
    cameras = await startRtspCameras(clips);
    hook = createServer((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        const { event, alert } = JSON.parse(body) as { event: string; alert: Alert | null };
        hooked.push(`${event} ${alert?.kind ?? ''} ${alert?.cameraName ?? ''}`);
        response.end();
      });
    });
    await new Promise<void>((listening) => hook.listen(0, '127.0.0.1', listening));
    const parsed = parseProvision({
      account: ACCOUNT,
      cameras: NAMES.map((name) => ({
        name,
        source: { main: cameras.url(name) },
        analysis: { enabled: false },
      })),
    });
    if (!parsed.ok) throw new Error(parsed.problems.join());
    const log = createLogger('silent');
    engine = new Engine({
      ...{ dataDir: join(folder, 'data'), listen: { host: '127.0.0.1', port: 0 }, demo: false, log },
      provision: parsed.provision,
      alertTimings: TIMINGS,
    });
    url = await engine.start();
    const session = engine.localSession()!;
    cookie = `${session.name}=${session.value}`;
    await send('PUT', '/alert-settings', {
      webhookUrl: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
    });
  }, 60_000);
  afterAll(async () => {
    await engine?.stop();
    await cameras?.stop();
    hook?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the frozen and the black picture are told and on the timeline, the moving one is not', async () => {
    const pictures = async () => (await told()).filter((one) => one.includes('picture-'));
    await until('frozen and black', async () => (await pictures()).length >= 2);
    expect((await pictures()).sort()).toEqual(['black picture-black', 'frozen picture-frozen']);
    const ids = (await send<Array<{ id: string }>>('GET', '/cameras')).map(({ id }) => id).join();
    const range = `fromEpochMs=${Date.now() - 60_000}&toEpochMs=${Date.now()}`;
    const lanes = await send<TimelineLane[]>('GET', `/archive/timeline?cameraIds=${ids}&${range}`);
    const kinds = lanes.flatMap(({ pictureAlerts }) => pictureAlerts.map(({ kind }) => kind));
    expect(kinds.sort()).toEqual(['picture-black', 'picture-frozen']);
  });

  test('a blip stands in the ledger and is no alert', async () => {
    const before = await told('camera-offline');
    const kickedEpochMs = Date.now();
    // Cut off once, a camera can be back within what counts as a gap at all.
    for (let kick = 0; kick < 6; kick++) {
      await cameras.control('/kick');
      await setTimeout(150);
    }
    const blips = await until(
      'reconnection',
      async () => {
        const { gaps } = await ledger(kickedEpochMs);
        const isBack = gaps.length > 0 && gaps.every(({ endEpochMs }) => endEpochMs !== null);
        return isBack && new Set(gaps.map(({ cameraId }) => cameraId)).size === NAMES.length ? gaps : null;
      },
      BACK_MS,
    );
    expect(Math.max(...blips.map((gap) => gap.endEpochMs! - gap.startEpochMs))).toBeLessThan(OFFLINE_MS);
    expect(await told('camera-offline')).toEqual(before);
  });

  test('an outage is told once and once when it is over, to the webhook too, and is no event', async () => {
    const { port } = cameras;
    const [before, hookedBefore] = [(await told('camera-offline')).length, hooked.length];
    const writtenBefore = await written();
    await cameras.stop();
    const stoppedEpochMs = Date.now();
    await until('offline', async () => (await told('camera-offline')).length === before + NAMES.length);
    expect(await metric('threshold_alerts{kind="camera-offline"}')).toBe(3);
    cameras = await startRtspCameras(clips, ['--port', String(port)]);
    await until('over', async () => (await open()).every(({ kind }) => kind !== 'camera-offline'), BACK_MS);
    expect(await told('camera-offline')).toHaveLength(before + NAMES.length);
    const deliveries = () => hooked.slice(hookedBefore).filter((one) => one.includes('camera-offline'));
    await until('deliveries', () => deliveries().length >= 2 * NAMES.length);
    expect(deliveries().filter((one) => one.endsWith('moving'))).toEqual([
      'alert.raised camera-offline moving',
      'alert.over camera-offline moving',
    ]);
    const events = await send<unknown>('GET', '/events?limit=500');
    expect(JSON.stringify(events)).not.toContain('camera-offline');
    // An alert is over as soon as the camera is there; its gap ends with the first frame on the disk.
    const { gaps, totals } = await until('footage', async () => {
      const found = await ledger(stoppedEpochMs);
      return found.gaps.every(({ endEpochMs }) => endEpochMs !== null) ? found : null;
    });
    expect(new Set(gaps.map(({ cameraId }) => cameraId)).size).toBe(NAMES.length);
    expect(totals.reduce((sum, { missingMs }) => sum + missingMs, 0)).toBeGreaterThan(3 * OFFLINE_MS);
    const { cameraId } = gaps[0]!;
    const ofOne = await ledger(stoppedEpochMs, `&cameraIds=${cameraId}`);
    expect(ofOne.gaps).toEqual(gaps.filter((gap) => gap.cameraId === cameraId));
    expect(await written()).toBeGreaterThan(writtenBefore);
  });

  test('acknowledging and the test message', async () => {
    await send('POST', '/alerts/acknowledge');
    expect((await list()).filter(({ acknowledgedEpochMs }) => acknowledgedEpochMs === null)).toEqual([]);
    await send('POST', '/alert-settings/test');
    await until('the test message', () => hooked.some((one) => one.startsWith('alert.test')));
  });

  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/app/v1${path}`, {
      method,
      headers: { cookie, origin: url, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : null) as T;
  }
  const list = () => send<Alert[]>('GET', '/alerts?limit=100');
  const open = async () => (await list()).filter(({ endEpochMs }) => endEpochMs === null);
  const told = async (kind?: Alert['kind']) =>
    (await list()).filter((one) => !kind || one.kind === kind).map((one) => `${one.cameraName} ${one.kind}`);
  const ledger = (fromEpochMs: number, more = '') =>
    send<GapLedger>('GET', `/gaps?fromEpochMs=${fromEpochMs}&toEpochMs=${Date.now() + 1000}${more}`);
  const written = () => metric('threshold_recorder_written_bytes_total');
  /** The first sample whose line begins so. */
  const metric = async (name: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(name));
    return Number(line?.split(' ').at(-1));
  };
});

/** Eight seconds of one picture at a constant quality, key frames every half second. */
async function makeStill(name: string, source: string, filter: string): Promise<string> {
  const path = join(folder, `${name}.mp4`);
  await promisify(execFile)('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', source, '-vf', `${filter},fps=25`, '-t', '8'],
    ...['-threads', '1', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0'],
    ...['-g', '12', '-sc_threshold', '0', '-qp', '24', path],
  ]);
  return path;
}
