/** The whole engine over real RTSP: what is recorded, what a crash costs, and the way from people in a clip to a tailgating alarm. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchiveSegment, EventPage, TimelineLane } from '../../src/shared/contract-archive.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import {
  type ClockCameras,
  captureInstants,
  HAS_CLOCK_CAMERAS,
  startClockCameras,
} from '../fixtures/clock-cameras.ts';
import { HAS_SHARED, type RunningEngine, SHARED, startEngine, until } from '../fixtures/engine.ts';

const FFMPEG = process.env.FFMPEG_BIN ?? 'ffmpeg';
const TOKEN = 'token-of-the-door-0123456789';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threshold-engine-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!HAS_CLOCK_CAMERAS)(
  'recording cameras whose frames carry their time (skipped without the shared RTSP server)',
  () => {
    let cameras: ClockCameras;
    let engine: RunningEngine;
    let cameraId: string;
    const data = () => join(folder, 'clock');

    beforeAll(async () => {
      cameras = await startClockCameras({
        extraArgs: ['--user', 'admin', '--password', 'hunter2hunter2', '--auth', 'digest'],
      });
      const main = cameras.url(0).replace('//', '//admin:hunter2hunter2@');
      engine = await startEngine(data(), {
        cameras: [{ name: 'clock', source: { main }, analysis: { enabled: false } }],
      });
      cameraId = (await engine.get<CameraView[]>('/cameras'))[0]!.id;
    });
    afterAll(async () => {
      await engine?.kill();
      await cameras?.stop();
    });

    test('after kill -9 everything up to the last fragment plays, and the gap has its cause', async () => {
      const before = await until('12 s of footage', async () => {
        const lane = await timeline(engine, cameraId);
        const span = lane.spans.at(-1);
        return span && span[1] - span[0] > 12_000 ? span : null;
      });
      const killedAt = Date.now();
      await engine.kill();
      const [file] = segmentFiles(data());
      const stored = captureInstants(readFileSync(file!));
      expect(killedAt - stored.at(-1)!).toBeLessThan(1000);
      engine = await startEngine(data());
      const lane = await until('footage after the restart', async () => {
        const now = await timeline(engine, cameraId);
        return now.spans.some(([start]) => start > killedAt) ? now : null;
      });
      const gap = lane.gaps.find(
        ({ cause, startEpochMs }) => cause === 'engine-stopped' && startEpochMs > before[1] - 500,
      );
      expect(gap?.cause).toBe('engine-stopped');
      expect(Math.abs(gap!.startEpochMs - stored.at(-1)!)).toBeLessThan(250);
      expectCleanDecode(file!, stored.length);
    });

    test('what is recorded has the time of its capture, without a lost frame', async () => {
      const { startEpochMs, endEpochMs } = await until('10 s after the restart', async () => {
        const segments = await segmentsOf(engine, cameraId);
        const last = segments.at(-1);
        return last && last.endEpochMs - last.startEpochMs > 10_000 ? last : null;
      });
      const media = await mediaBytes(engine, cameraId, startEpochMs, endEpochMs);
      const instants = captureInstants(media);
      // Exact: the server sends frame k at its instant; a frame is 40 ms.
      for (let index = 1; index < instants.length; index++)
        expect(Math.round(instants[index]! - instants[index - 1]!)).toBe(40);
      expect(instants.length).toBeGreaterThanOrEqual(Math.floor((endEpochMs - startEpochMs) / 40) - 2);
      expect(Math.abs(startEpochMs - instants[0]!)).toBeLessThan(100);
    });

    test('neither log nor process list nor API shows the password', async () => {
      const processes = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => (existsSync(`/proc/${pid}/cmdline`) ? readOrEmpty(`/proc/${pid}/cmdline`) : ''))
        .filter((line) => !line.includes('rtsp_server.py'));
      const shown = [engine.log(), JSON.stringify(await engine.get('/cameras')), ...processes].join('\n');
      expect(shown).not.toContain('hunter2hunter2');
    });

    test('reindex finds again what the index held', async () => {
      const before = await segmentsOf(engine, cameraId);
      expect(await engine.stop()).toBe(0);
      rmSync(join(data(), 'threshold.db'));
      const reindex = spawnSync(
        process.execPath,
        [join(import.meta.dirname, '../../out/main/reindex.js'), '--data', data()],
        { encoding: 'utf8' },
      );
      expect([reindex.status, reindex.stderr]).toEqual([0, expect.any(String)]);
      engine = await startEngine(data(), { cameras: [{ id: cameraId, name: 'clock' }] });
      const after = await segmentsOf(engine, cameraId);
      const times = (segments: ArchiveSegment[]) => segments.map(({ startEpochMs }) => startEpochMs);
      expect(times(after)).toEqual(times(before));
    });
  },
);

describe.skipIf(!HAS_SHARED)('people in a clip (skipped without the shared footage and model)', () => {
  let engine: RunningEngine;

  beforeAll(async () => {
    const main = pathToFileURL(join(SHARED, 'footage/tail_real_pair_left.mp4')).href;
    const line = {
      name: 'left',
      points: [
        { x: 0.2, y: 0 },
        { x: 0.2, y: 1 },
      ],
    };
    engine = await startEngine(
      join(folder, 'people'),
      {
        readers: [{ deviceId: 'door-1', deviceName: 'Front door' }],
        cameras: [
          { name: 'pair', source: { main }, lines: [{ ...line, tailgating: { windowSeconds: 2 } }] },
          {
            name: 'door',
            source: { main },
            lines: [{ ...line, tailgating: { windowSeconds: 5 } }],
            readers: ['door-1'],
          },
        ],
        credentials: { oauthTokens: [{ token: TOKEN, scopes: ['annotations:write'] }] },
      },
      { THRESHOLD_MODELS: join(SHARED, 'models') },
    );
  });
  afterAll(() => engine?.kill());

  test('a crossing becomes an event with its picture, and a mark on the timeline', async () => {
    const event = await until('a line crossing', () => newest(engine, 'line-crossing', 'pair'), 60_000);
    expect(event.detail).toMatchObject({ label: 'person', line: 'left', direction: 'forward' });
    const picture = await fetch(`${engine.url}/app/v1/events/${event.id}/snapshot.jpg`, {
      headers: { cookie: engine.cookie },
    });
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(5000);
    const lane = await timeline(engine, event.cameraId);
    expect(lane.marks.map(({ eventId }) => eventId)).toContain(event.id);
  });

  test('without readers, the second of a pair tailgates', async () => {
    const event = await until('tailgating', () => newest(engine, 'tailgating', 'pair'), 60_000);
    expect(event.detail.tailgating).toMatchObject({
      mode: 'no-readers',
      people: [{ admitted: true }, { admitted: false }],
    });
  });

  test('with readers, an unlock lets one in and names who let the other in', async () => {
    const unlock = async () => {
      const response = await fetch(`${engine.url}/api/integrations/pacs/webhooks`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({
          device_id: 'door-1',
          timestamp: new Date().toISOString(),
          event_type: 'Entry Unlocked',
          actor_name: 'Tester Smith',
        }),
      });
      expect(response.status).toBe(204);
    };
    // The pair crosses within a second, once in each 10 s of the loop: windows follow each other without overlap.
    const event = await until(
      'tailgating behind an unlock',
      async () => {
        await unlock();
        await new Promise((done) => setTimeout(done, 5200));
        const found = await newest(engine, 'tailgating', 'door');
        return found?.detail.tailgating?.unlock ? found : null;
      },
      90_000,
    );
    expect(event.detail.tailgating?.unlock?.actorName).toBe('Tester Smith');
    expect(event.labels).toEqual(expect.arrayContaining(['tailgating', 'Tester Smith']));
    expect(await newest(engine, 'access', 'door')).toMatchObject({
      labels: expect.arrayContaining(['entry unlocked']),
    });
  });
});

async function timeline(engine: RunningEngine, cameraId: string): Promise<TimelineLane> {
  const query = `cameraIds=${cameraId}&fromEpochMs=${Date.now() - 3_600_000}&toEpochMs=${Date.now() + 1000}`;
  return (await engine.get<TimelineLane[]>(`/archive/timeline?${query}`))[0]!;
}

function segmentsOf(engine: RunningEngine, cameraId: string): Promise<ArchiveSegment[]> {
  return engine.get(
    `/archive/${cameraId}/segments?fromEpochMs=${Date.now() - 3_600_000}&toEpochMs=${Date.now()}`,
  );
}

async function mediaBytes(
  engine: RunningEngine,
  cameraId: string,
  from: number,
  to: number,
): Promise<Buffer> {
  const query = `fromEpochMs=${from}&toEpochMs=${to}&baseEpochMs=${from}`;
  const response = await fetch(`${engine.url}/app/v1/archive/${cameraId}/media?${query}`, {
    headers: { cookie: engine.cookie },
  });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

async function newest(engine: RunningEngine, type: string, cameraName: string) {
  const page = await engine.get<EventPage>(`/events?types=${type}&limit=50`);
  return page.items.find((event) => event.cameraName === cameraName) ?? null;
}

/** Segment files of the main streams, oldest first. */
function segmentFiles(data: string): string[] {
  const root = join(data, 'recordings');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mp4'))
    .sort()
    .map((name) => join(root, name))
    .filter((path) => statSync(path).size > 0);
}

/** The file decodes without a warning; the shared server's parser drops the clock of a stream's first frame. */
function expectCleanDecode(file: string, instants: number): void {
  const report = join(folder, 'frames.txt');
  const options = ['-v', 'warning', '-i', file, '-fps_mode', 'passthrough', '-f', 'framecrc', '-y', report];
  const decode = spawnSync(FFMPEG, options, { encoding: 'utf8' });
  expect([decode.status, decode.stderr]).toEqual([0, '']);
  const frames = readFileSync(report, 'utf8').match(/^0,/gm)?.length;
  expect(frames).toBeOneOf([instants, instants + 1]);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
