/** Frames that ffmpeg made → splitter → recorder → real files and SQLite, through crashes, full disks and pauses. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock, systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import { reindexRecordings } from '../../src/main/recorder/reindex.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { openDatabase, type Sql } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import type { GapCause } from '../../src/shared/domain-storage.ts';
import { deliver, type Footage, frameHashes, makeFootage, probeFrames, until } from './recording-fixture.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const CONTINUOUS = { id: CAMERA, name: 'Door', recording: { mode: 'continuous' as const, days: 30 } };
const START = Date.UTC(2026, 10, 20, 12, 0, 0);
const footage = makeFootage(5);
const allFrames = footage.fragments.filter((fragment) => fragment.track === 'video').length;

let dataDir: string;
let sql: Sql;
let segments: SegmentStore;
let gaps: GapStore;
let clock: ManualClock;
const services: RecordingService[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'recorder-'));
  sql = openDatabase(join(dataDir, 'threshold.db'));
  segments = new SegmentStore(sql);
  gaps = new GapStore(sql);
  clock = new ManualClock(START);
});
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop()));
  sql.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const folder = (root: string) => new Volumes({ root, clock, log: silentLogger });

function build(options: Partial<ConstructorParameters<typeof RecordingService>[0]> = {}): RecordingService {
  const service = new RecordingService({
    volumes: folder(join(dataDir, 'recordings')),
    index: segments,
    ledger: gaps,
    limits: () => ({ maxBytes: null, minFreeBytes: 0 }),
    clock,
    log: silentLogger,
    segmentMs: 2000,
    ...options,
  });
  services.push(service);
  return service;
}

const listAll = () =>
  segments.listSegments({
    cameraId: CAMERA,
    stream: 'main',
    fromEpochMs: 0,
    toEpochMs: Number.MAX_SAFE_INTEGER,
  });
const listGaps = () => gaps.listGaps(CAMERA, 0, Number.MAX_SAFE_INTEGER);
/** Waits until the loss after the footage from `startEpochMs` on is noted: all before it is in its files then. */
const allStored = (startEpochMs: number) =>
  until('all is stored', () =>
    listGaps().some((gap) => gap.endEpochMs === null && gap.startEpochMs >= startEpochMs),
  );
const fileOf = (path: string) => join(dataDir, 'recordings', path);
/** What `reindex` writes to. */
const joined = () => ({
  replaceFolder: segments.replaceFolder.bind(segments),
  nextPath: segments.nextPath.bind(segments),
  listGaps: gaps.listGaps.bind(gaps),
  putGap: gaps.putGap.bind(gaps),
  listLocks: () => [],
  putLock: () => {},
  restoreCamera: () => false,
  noteLeftover: () => {
    throw new Error('nothing is stored twice');
  },
});
const idle = async (service: RecordingService, count: number) =>
  until(
    'segments are closed',
    () =>
      listAll().length === count &&
      listAll().every(({ closed }) => closed) &&
      service.counts(CAMERA).every(({ waitingBytes }) => waitingBytes === 0),
  );

test('segments begin with a key frame at 0, follow on each other, and lose no frame', async () => {
  const service = build();
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  deliver(footage, camera.main, START);
  deliver(footage, camera.sub, START);
  await service.stop();
  const list = listAll();
  expect(list.length).toBeGreaterThanOrEqual(2);
  const [counts] = service.counts(CAMERA);
  expect(counts).toMatchObject({
    ...{ stream: 'main', framesReceived: footage.fragments.length, framesDropped: 0, waitingBytes: 0 },
    writtenBytes: list.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  });
  expect(list[0]?.path).toBe(`${CAMERA}/main/2026/11/20/120000.000Z.mp4`);
  let frames = 0;
  let sounds = 0;
  list.forEach((segment, index) => {
    expect(segment).toMatchObject({
      closed: true,
      width: 320,
      height: 180,
      videoCodecString: expect.stringMatching(/^avc1/),
    });
    expect(segment.keyframes[0]).toEqual({ offset: segment.initBytes, time: 0 });
    expect(segment.sizeBytes).toBe(statSync(fileOf(segment.path)).size);
    const before = list[index - 1];
    if (before) expect(segment.startEpochMs).toBe(before.startEpochMs + before.durationMs);
    const probed = probeFrames(fileOf(segment.path));
    expect(probed.frames * 40).toBe(segment.durationMs);
    frames += probed.frames;
    sounds += probeFrames(fileOf(segment.path), 'a').frames;
  });
  expect(frames).toBe(allFrames);
  expect(sounds).toBe(footage.fragments.length - allFrames);
  expect(
    segments.listSpans({ cameraId: CAMERA, stream: 'sub', fromEpochMs: START, toEpochMs: START + 60_000 })
      .length,
  ).toBe(list.length);
  expect(listGaps()).toEqual([
    {
      startEpochMs: START + 5000,
      endEpochMs: null,
      cause: 'engine-stopped',
      detail: 'The program was closed.',
    },
  ]);
});

test('every interval without footage has its cause', async () => {
  const service = build();
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  clock.advance(1000);
  camera.main.lost('camera-unreachable', 'No answer from rtsp://admin:secret@10.0.0.9/.');
  await until('the gap is noted', () => listGaps().length === 1);
  clock.advance(2000);
  camera.main.lost('wrong-credentials', 'The camera refused the password.');
  await until('the cause has changed', () => listGaps().length === 2);
  deliver(footage, camera.main, START + 10_000);
  await until(
    'footage is stored',
    () =>
      service.openSegments(CAMERA, 'main').at(-1)?.startEpochMs !== undefined &&
      listGaps().every((gap) => gap.endEpochMs !== null),
  );
  clock.advance(20_000);
  await camera.update({ ...CONTINUOUS, recording: { mode: 'off', days: 30 } });
  camera.main.lost('stream-ended', 'ignored while paused');
  await camera.update(CONTINUOUS);
  deliver(footage, camera.main, START + 30_000);
  await until('it records again', () => service.openSegments(CAMERA, 'main').length > 0);
  expect(listGaps()).toEqual([
    {
      startEpochMs: START,
      endEpochMs: START + 3000,
      cause: 'camera-unreachable',
      detail: 'No answer from rtsp://***@10.0.0.9/.',
    },
    {
      startEpochMs: START + 3000,
      endEpochMs: START + 10_000,
      cause: 'wrong-credentials',
      detail: 'The camera refused the password.',
    },
    {
      startEpochMs: START + 15_000,
      endEpochMs: START + 30_000,
      cause: 'paused',
      detail: 'Recording is switched off for this camera.',
    },
  ]);
});

test('a frame that cannot be written ends its segment, not the recording', async () => {
  const service = build();
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  const [first, ...rest] = footage.fragments.filter((fragment) => fragment.track === 'video');
  camera.main.stream(footage.description);
  camera.main.fragment({ ...first!, captureEpochMs: START });
  camera.main.fragment({ ...rest[0]!, decodeTime: 3600.5, captureEpochMs: START + 40 });
  await until('the gap is noted', () => listGaps().at(-1)?.cause === 'unknown');
  clock.advance(2000);
  deliver(footage, camera.main, START + 10_000);
  await until('footage is stored again', () => listAll().length > 1);
});

test('a camera clock that jumps begins a new segment at its true time', async () => {
  const service = build();
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  camera.main.stream(footage.description);
  for (const fragment of footage.fragments) {
    const late = fragment.captureEpochMs >= 1000 ? 700 : 0;
    camera.main.fragment({ ...fragment, captureEpochMs: START + fragment.captureEpochMs + late });
  }
  await service.stop();
  const list = listAll();
  expect(list[0]).toMatchObject({ startEpochMs: START, durationMs: 1000 });
  expect(list[1]?.startEpochMs).toBe(START + 1700);
});

test('kill -9: everything up to the last fragment plays, the index is repaired, the gap has its cause', async () => {
  sql.close();
  const footagePath = join(dataDir, 'footage.mp4');
  const bytes = makeFootage(20);
  writeFileSync(
    footagePath,
    Buffer.concat([bytes.description.initSegment, ...bytes.fragments.map((fragment) => fragment.data)]),
  );
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'recording-child.ts'), dataDir, CAMERA, footagePath],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until('some segments', () => said.split('\n').length > 190, 30_000);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killedEpochMs = Date.now();
  const lastStored = Number(said.trim().split('\n').at(-1)?.split(' ')[1]);

  const newest = readdirSync(join(dataDir, 'recordings', CAMERA, 'main'), {
    recursive: true,
    encoding: 'utf8',
  })
    .filter((name) => name.endsWith('.mp4'))
    .sort();
  const lastFile = join(dataDir, 'recordings', CAMERA, 'main', newest.at(-1) as string);
  appendFileSync(lastFile, Buffer.from('0000006c6d6f6f66', 'hex')); // a moof that the power cut off
  sql = openDatabase(join(dataDir, 'threshold.db'));
  segments = new SegmentStore(sql);
  gaps = new GapStore(sql);
  const service = build({ clock: systemClock });
  const report = await service.start();
  expect(report).toMatchObject({ repaired: 1, removed: 0, cutBytes: 8 });
  const list = listAll();
  expect(list.length).toBe(newest.length);
  expect(list.every((segment) => segment.closed)).toBe(true);
  const end = (list.at(-1)?.startEpochMs ?? 0) + (list.at(-1)?.durationMs ?? 0);
  expect(end).toBeGreaterThanOrEqual(lastStored);
  expect(killedEpochMs - end).toBeLessThan(500);
  const hashes = list.flatMap((segment) => frameHashes(fileOf(segment.path)));
  expect(hashes).toEqual(frameHashes(footagePath).slice(0, hashes.length));

  const camera = await service.addCamera(CONTINUOUS);
  const restart = Date.now();
  deliver(footage, camera.main, restart);
  await until('the gap is closed', () => listGaps().every((gap) => gap.endEpochMs !== null));
  expect(listGaps()).toEqual([
    {
      startEpochMs: end,
      endEpochMs: restart,
      cause: 'engine-stopped',
      detail: expect.stringContaining('without warning'),
    },
  ]);
});

test('the index made anew equals the one kept while recording', async () => {
  const service = build();
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  deliver(footage, camera.main, START);
  deliver(footage, camera.sub, START);
  camera.main.lost('camera-unreachable', 'gone');
  deliver(footage, camera.main, START + 60_000);
  await service.stop();
  const before = segments.allSegments();
  const gapsBefore = listGaps();
  const root = join(dataDir, 'recordings');
  const report = await reindexRecordings([{ id: 0, path: root }], joined(), () => {});
  expect(segments.allSegments()).toEqual(before);
  expect(listGaps()).toEqual(gapsBefore);
  expect(report).toMatchObject({
    segments: before.length,
    unusable: 0,
    unknownGaps: 0,
    cameras: [{ cameraId: CAMERA, name: 'Door' }],
  });
  sql.exec('DELETE FROM gaps; DELETE FROM segments');
  await reindexRecordings([{ id: 0, path: root }], joined(), () => {});
  expect(segments.allSegments()).toEqual(before);
  expect(listGaps()).toMatchObject([
    { startEpochMs: START + 5000, endEpochMs: START + 60_000, cause: 'unknown' },
  ]);
});

test('the command refuses while an engine holds the folder, and says what it did', async () => {
  const service = build();
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  deliver(footage, camera.main, START);
  await service.stop();
  const command = join(import.meta.dirname, '../../src/main/reindex.ts');
  const { acquireDataLock } = await import('../../src/main/platform/data-lock.ts');
  const lock = await acquireDataLock(dataDir);
  const run = async () => {
    const child = spawn(process.execPath, [command, '--data', dataDir], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, words };
  };
  expect(await run()).toMatchObject({ code: 3, words: expect.stringContaining(`process ${process.pid}`) });
  if (lock.held) await lock.release();
  const done = await run();
  expect(done.code).toBe(0);
  expect(JSON.parse(done.words.trim().split('\n').at(-1) as string)).toMatchObject({
    event: 'done',
    segments: listAll().length,
  });
  expect(spawnSync(process.execPath, [command]).status).toBe(2);
});

test('a folder that vanishes is a gap with its cause, and recording goes on when it is back', async () => {
  const service = build();
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  const root = join(dataDir, 'recordings');
  deliver(
    { ...footage, fragments: footage.fragments.filter((fragment) => fragment.captureEpochMs < 1000) },
    camera.main,
    START,
  );
  await until('it records', () => service.openSegments(CAMERA, 'main').length === 1);
  renameSync(root, `${root}.away`);
  for (const fragment of footage.fragments.filter((item) => item.captureEpochMs >= 1000)) {
    camera.main.fragment({ ...fragment, captureEpochMs: START + fragment.captureEpochMs });
  }
  await until('the gap is noted', () => listGaps().length === 1);
  expect(existsSync(root)).toBe(false);
  renameSync(`${root}.away`, root);
  clock.advance(1000);
  deliver(footage, camera.main, START + 8000, { describe: false });
  await until('it records again', () => listGaps()[0]?.endEpochMs === START + 8000);
  expect(listGaps()[0]).toMatchObject({
    startEpochMs: START + 1000,
    cause: 'disk-failed',
    detail: 'The folder for recordings has vanished.',
  });
});

test('while the disk is too slow whole groups are dropped, counted and noted', async () => {
  const service = build({ maxQueueBytes: 60_000 });
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  deliver(footage, camera.main, START); // all of it before the first write can end
  await idle(service, 1);
  deliver(footage, camera.main, START + 20_000, { describe: false });
  await until('it goes on', () => listGaps()[0]?.endEpochMs === START + 20_000);
  expect(listGaps()[0]).toMatchObject({ cause: 'disk-slow' });
  const first = listAll()[0];
  expect(first && probeFrames(fileOf(first.path)).frames * 40).toBe(first?.durationMs);
  expect(listGaps()[0]?.startEpochMs).toBe(START + (first?.durationMs ?? 0));
});

describe('a full disk', () => {
  let mount: string | null = null;
  beforeEach(() => {
    const folder = join(tmpdir(), `recorder-tmpfs-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    mount =
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]).status === 0 ? folder : null;
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.stop()));
    if (mount) spawnSync('umount', [mount]);
    rmSync(join(tmpdir(), `recorder-tmpfs-${process.pid}`), { recursive: true, force: true });
  });

  test('keeps what is stored, notes the gap, and goes on when there is room', async (context) => {
    if (!mount) return context.skip('mounting a tmpfs is not permitted here');
    const root = join(mount, 'recordings');
    const service = build({ volumes: folder(root) });
    await service.start();
    const camera = await service.addCamera(CONTINUOUS);
    const filler = join(mount, 'filler');
    writeFileSync(filler, Buffer.alloc(512 * 1024 - 150_000));
    deliver(footage, camera.main, START);
    await until('the gap is noted', () => listGaps().length === 1);
    expect(listGaps()[0]).toMatchObject({
      cause: 'disk-full',
      endEpochMs: null,
      detail: 'The disk for recordings is full.',
    });
    const stored = listAll().filter((segment) => segment.durationMs > 0);
    for (const segment of stored)
      expect(probeFrames(join(root, segment.path)).frames * 40).toBe(segment.durationMs);
    const end = stored.at(-1);
    expect(listGaps()[0]?.startEpochMs).toBe((end?.startEpochMs ?? 0) + (end?.durationMs ?? 0));
    rmSync(filler);
    clock.advance(1000);
    deliver(
      { ...footage, fragments: footage.fragments.filter((fragment) => fragment.captureEpochMs < 1000) },
      camera.main,
      START + 20_000,
      { describe: false },
    );
    await until('it records again', () => listGaps()[0]?.endEpochMs === START + 20_000);
  });
});

test('the oldest footage goes first, by age and by bytes, and leaves one row in the ledger', async () => {
  const limits = { maxBytes: null as number | null, minFreeBytes: 0 };
  const service = build({ limits: () => limits });
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  deliver(footage, camera.main, START);
  camera.main.lost('camera-unreachable', 'gone');
  deliver(footage, camera.main, START + 60_000);
  camera.main.lost('camera-unreachable', 'gone');
  await allStored(START + 60_000);
  const all = listAll();
  limits.maxBytes = all.slice(1).reduce((sum, segment) => sum + segment.sizeBytes, 0);
  await service.applyLimits();
  expect(listAll()).toEqual(all.slice(1));
  expect(existsSync(fileOf(all[0]?.path ?? ''))).toBe(false);
  expect(listGaps()[0]).toMatchObject({
    startEpochMs: START,
    endEpochMs: all[1]?.startEpochMs,
    cause: 'deleted',
  });
  clock.advance(30 * 86_400_000 + 30_000);
  await service.applyLimits();
  expect(listAll().every((segment) => segment.startEpochMs >= START + 60_000)).toBe(true);
  expect(listGaps().filter((gap) => gap.cause === 'deleted')).toEqual([
    expect.objectContaining({ startEpochMs: START, endEpochMs: START + 60_000 }),
  ]);
  expect(segments.usedBytes()).toBe(listAll().reduce((sum, segment) => sum + segment.sizeBytes, 0));
  await camera.remove({ deleteRecordings: true });
  expect(listAll()).toEqual([]);
  expect(listGaps()).toEqual([]);
  expect(readdirSync(join(dataDir, 'recordings'))).toEqual([]);
});

describe('recording around events', () => {
  const AROUND_EVENTS = {
    ...CONTINUOUS,
    recording: { mode: 'events' as const, days: 30, preRollSeconds: 2, postRollSeconds: 3 },
  };
  const at = (seconds: number) => ({
    startEpochMs: START + seconds * 1000,
    endEpochMs: START + seconds * 1000,
  });
  const spansOf = () =>
    listAll().map(({ startEpochMs, durationMs }) => [
      (startEpochMs - START) / 1000,
      (startEpochMs - START + durationMs) / 1000,
    ]);
  const gapsOf = () =>
    listGaps().map(({ startEpochMs, endEpochMs, cause }) => [
      (startEpochMs - START) / 1000,
      endEpochMs === null ? null : (endEpochMs - START) / 1000,
      cause,
    ]);

  const noted = (cause: GapCause) =>
    until(`${cause} is noted`, () =>
      listGaps().some((gap) => gap.cause === cause && gap.endEpochMs === null),
    );

  /** Delivers the footage of one group of a second after the other; between them things happen, by the second they happen at. */
  async function run(
    camera: Awaited<ReturnType<RecordingService['addCamera']>>,
    seconds: number,
    happenings: Record<number, () => unknown> = {},
    from = 0,
  ): Promise<void> {
    const long = longFootage();
    if (from === 0) camera.main.stream(long.description);
    for (const fragment of long.fragments) {
      const second = fragment.captureEpochMs / 1000;
      if (second < from || second >= from + seconds) continue;
      if (fragment.track === 'video' && fragment.keyframe) {
        clock.step(START + fragment.captureEpochMs - clock.epochMs());
        await happenings[Math.round(second)]?.();
      }
      camera.main.fragment({ ...fragment, captureEpochMs: START + fragment.captureEpochMs });
    }
  }

  test('stores whole groups from the pre-roll to the post-roll, later events prolong it, and the rest is no loss', async () => {
    const service = build({ segmentMs: 60_000 });
    await service.start();
    const camera = await service.addCamera(AROUND_EVENTS);
    await run(camera, 20, {
      8: () => service.noteEvent(CAMERA, at(7.5)), // half a second late
      10: () => service.noteEvent(CAMERA, at(10)),
    });
    expect(service.held()).toEqual([{ cameraId: CAMERA, bytes: expect.any(Number), droppedGroups: 0 }]);
    await service.stop();
    expect(spansOf()).toEqual([[5, 13]]);
    expect(gapsOf()).toEqual([
      [0, 5, 'no-event'],
      [13, 19, 'no-event'],
      [19, null, 'engine-stopped'],
    ]);
    const path = join(dataDir, 'recordings', listAll()[0]!.path);
    expect(frameHashes(path)).toEqual(longHashes().slice(125, 325));
    expect(probeFrames(path, 'a').durationSeconds).toBeCloseTo(8, 0);
    expect(service.completeness(CAMERA, 0).completeness).toBe(1);
  });

  test('an event that is told late gets what is still in memory, apart from what is being recorded', async () => {
    const service = build({ segmentMs: 60_000 });
    await service.start();
    const camera = await service.addCamera(AROUND_EVENTS);
    await run(camera, 20, {
      10: () => {
        service.noteEvent(CAMERA, at(9.5)); // stores 7 to 13
        service.noteEvent(CAMERA, at(6)); // 4 to 9: what is older than what is stored becomes a segment of its own
        service.noteEvent(CAMERA, at(-5)); // left memory long ago
      },
      19: () => service.noteEvent(CAMERA, at(13)), // 11 to 16: memory reaches back to 12
    });
    await service.stop();
    expect(spansOf()).toEqual([
      [4, 7],
      [7, 13],
      [13, 16],
    ]);
    expect(gapsOf()).toEqual([
      [0, 4, 'no-event'],
      [16, 19, 'no-event'],
      [19, null, 'engine-stopped'],
    ]);
    const root = join(dataDir, 'recordings');
    const hashes = listAll().flatMap(({ path }) => frameHashes(join(root, path)));
    expect(hashes).toEqual(longHashes().slice(100, 400));
  });

  test('the mode can change at any time without losing what was wanted', async () => {
    const service = build({ segmentMs: 60_000 });
    await service.start();
    const camera = await service.addCamera(CONTINUOUS);
    await run(camera, 20, {
      3: () => camera.update(AROUND_EVENTS), // ends with the group
      6: () => service.noteEvent(CAMERA, at(6)), // 4 to 9
      12: () => camera.update(CONTINUOUS), // the group before is in memory
      15: () => camera.update(AROUND_EVENTS),
      16: () => camera.update({ ...CONTINUOUS, recording: { mode: 'off', days: 30 } }),
      17: () => camera.update(AROUND_EVENTS),
      18: () => service.noteEvent(CAMERA, at(17.5)), // nothing is in memory of the time of the pause
    });
    await service.stop();
    expect(spansOf()).toEqual([
      [0, 3],
      [4, 9],
      [11, 15],
      [17, 20],
    ]);
    expect(gapsOf()).toMatchObject([
      [3, 4, 'no-event'],
      [9, 11, 'no-event'],
      [15, 16, 'no-event'],
      [16, 17, 'paused'],
      [20, null, 'engine-stopped'],
    ]);
  });

  test('a lost camera, a disk that fails and a restart keep their causes, and the post-roll goes on', async () => {
    const root = join(dataDir, 'recordings');
    const events = [at(16)];
    const listEvents = () => events;
    const service = build({ segmentMs: 60_000, listEvents: () => [] });
    await service.start();
    const camera = await service.addCamera(AROUND_EVENTS);
    await run(camera, 4);
    camera.main.lost('camera-unreachable', 'gone');
    await noted('camera-unreachable');
    service.noteEvent(CAMERA, at(3)); // 1 to 6: the camera is away meanwhile
    clock.step(1000);
    camera.main.stream(longFootage().description);
    await run(
      camera,
      12,
      {
        9: async () => {
          await until('all before is stored', () => listAll().filter(({ closed }) => closed).length === 2);
          renameSync(root, `${root}.away`);
        },
        11: () => service.noteEvent(CAMERA, at(11)), // 9 to 14: cannot be stored
        13: async () => {
          await noted('disk-failed');
          rmSync(root, { recursive: true, force: true });
          renameSync(`${root}.away`, root);
          clock.advance(1001);
        },
        15: () => noted('no-event'),
      },
      5,
    );
    await service.stop();
    expect(spansOf()).toEqual([
      [1, 4],
      [5, 6],
      [13, 14],
    ]);
    const next = build({ segmentMs: 60_000, listEvents });
    await next.start();
    const again = await next.addCamera(AROUND_EVENTS);
    again.main.stream(longFootage().description);
    await run(again, 3, {}, 17);
    await next.stop();
    expect(spansOf().slice(3)).toEqual([[17, 19]]);
    expect(gapsOf()).toMatchObject([
      [0, 1, 'no-event'],
      [4, 5, 'camera-unreachable'],
      [6, 9, 'no-event'],
      [9, 13, 'disk-failed'],
      [14, 17, 'engine-stopped'],
      [19, null, 'engine-stopped'],
    ]);
  });
});

let made: Footage | null = null;
function longFootage(): Footage {
  made ??= makeFootage(20);
  return made;
}

/** MD5 of every picture of the long footage. */
function longHashes(): string[] {
  const { description, fragments } = longFootage();
  const path = join(dataDir, 'whole.mp4');
  writeFileSync(path, Buffer.concat([description.initSegment, ...fragments.map(({ data }) => data)]));
  return frameHashes(path);
}
