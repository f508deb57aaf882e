/** Several recording folders: failing over, drives that go and come back, what readers see of them, and moves that are interrupted. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { localDay } from '../../src/main/recorder/completeness.ts';
import type { RecordingHandle } from '../../src/main/recorder/recorded-camera.ts';
import { RecordingFolders } from '../../src/main/recorder/recording-folders.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import { writeMark } from '../../src/main/recorder/volume-mark.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { openDatabase, type Sql } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { SettingsStore } from '../../src/main/store/settings.ts';
import { VolumeStore } from '../../src/main/store/volumes.ts';
import { MOMENTS } from './moving-child.ts';
import { deliver, makeFootage, probeFrames, until } from './recording-fixture.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const CONTINUOUS = { id: CAMERA, name: 'Door', recording: { mode: 'continuous' as const, days: 30 } };
const START = Date.UTC(2026, 10, 20, 12, 0, 0);
const MOVING_CHILD = join(import.meta.dirname, 'moving-child.ts');
const footage = makeFootage(5);

let dataDir: string;
let sql: Sql;
let segments: SegmentStore;
let gaps: GapStore;
let store: VolumeStore;
let clock: ManualClock;
let service: RecordingService;
let volumes: Volumes;
let folders: RecordingFolders;
/** Mounted by a test, the last one first. */
let mounted: string[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'volumes-'));
  sql = openDatabase(join(dataDir, 'threshold.db'));
  segments = new SegmentStore(sql);
  gaps = new GapStore(sql);
  store = new VolumeStore(sql, new SettingsStore(sql));
  clock = new ManualClock(START);
  build();
});
afterEach(async () => {
  await service.stop();
  sql.close();
  for (const path of mounted) execFileSync('umount', ['-l', path]);
  mounted = [];
  rmSync(dataDir, { recursive: true, force: true });
});

function build(): void {
  volumes = new Volumes({
    ...{ root: join(dataDir, 'recordings'), store, clock, log: silentLogger },
    volumeOf: (path) => segments.volumeOf(path),
  });
  folders = new RecordingFolders({
    ...{ dataDir: join(dataDir, 'data'), volumes, store, index: segments, ledger: gaps, log: silentLogger },
    onGivenUp: () => service.locks.recount(),
  });
  service = new RecordingService({
    ...{ volumes, index: segments, ledger: gaps, leftovers: store, clock, log: silentLogger },
    afterMoves: () => folders.forgetEmptied(),
    ...{ limits: () => ({ maxBytes: null, minFreeBytes: 0 }), segmentMs: 1000 },
  });
}

async function addFolder(role: 'record' | 'archive', afterDays: number | null = null) {
  const path = join(dataDir, `${role} ${store.listVolumes().length}`);
  mkdirSync(path);
  const volume = store.addVolume({
    ...{ uuid: crypto.randomUUID(), path, role, afterDays, minFreeBytes: null, maxBytes: null },
  });
  await writeMark(path, { uuid: volume.uuid, installation: store.installation() });
  await volumes.reload();
  return { id: volume.id, path };
}

const listAll = () =>
  segments.listSegments({
    ...{ cameraId: CAMERA, stream: 'main', fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER },
  });
const listGaps = () => gaps.listGaps(CAMERA, 0, Number.MAX_SAFE_INTEGER);
const allStored = (startEpochMs: number) =>
  until('all is stored', () =>
    listGaps().some((gap) => gap.endEpochMs === null && gap.startEpochMs >= startEpochMs),
  );
const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mp4'));

/** Whether file systems may be mounted here: it takes root. */
const canMount = (() => {
  const probe = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
})();
const mountTest = test.skipIf(!canMount); // mounting is not permitted here

function mount(path: string, ...options: string[]): void {
  mkdirSync(path, { recursive: true });
  execFileSync('mount', [...options, path]);
  mounted.unshift(path);
}

function unmount(path: string): void {
  execFileSync('umount', ['-l', path]);
  mounted = mounted.filter((other) => other !== path);
}

/** As if they had been written an hour ago: what has just been written is not taken for found. */
function ageFiles(root: string, files: ReadonlyArray<{ path: string }>): void {
  const anHourAgo = new Date(Date.now() - 3_600_000);
  for (const { path } of files) utimesSync(join(root, path), anHourAgo, anHourAgo);
}

/** Five seconds of footage, and the loss after them. */
async function record(camera: RecordingHandle, startEpochMs: number): Promise<void> {
  deliver(footage, camera.main, startEpochMs);
  camera.main.lost('camera-unreachable', 'gone');
  await allStored(startEpochMs + 5000);
}
const foldersOf = (startEpochMs: number) =>
  new Set(
    listAll()
      .filter((one) => one.startEpochMs >= startEpochMs && one.startEpochMs < startEpochMs + 5000)
      .map(({ volumeId }) => volumeId),
  );

test('a drive that is not mounted gets nothing; what lies on it stays known, and plays when it is back', async () => {
  await service.start();
  const root = join(dataDir, 'recordings');
  const camera = await service.addCamera(CONTINUOUS);
  deliver(footage, camera.main, START);
  camera.main.lost('camera-unreachable', 'gone');
  await allStored(START + 5000);
  const before = listAll();
  renameSync(root, `${root}.away`);
  mkdirSync(root); // the mount point without its drive
  await volumes.checkAll();
  clock.advance(10_000);
  deliver(footage, camera.main, START + 10_000);
  await until('the gap has its cause', () => listGaps().at(-1)?.cause === 'disk-failed');
  expect(readdirSync(root)).toEqual([]);
  expect(listAll()).toEqual(before);
  await expect(volumes.open(before[0]!)).rejects.toThrow('which is not connected');
  rmSync(root, { recursive: true });
  renameSync(`${root}.away`, root);
  await volumes.checkAll();
  clock.advance(2000);
  deliver(footage, camera.main, START + 20_000, { describe: false });
  await until('it records again', () => listGaps().at(-1)?.endEpochMs === START + 20_000);
  await (await volumes.open(before[0]!)).close();
});

test('where one folder goes another takes over at the next key frame', async () => {
  await service.start();
  const second = await addFolder('record');
  const camera = await service.addCamera(CONTINUOUS);
  const root = join(dataDir, 'recordings');
  deliver(footage, camera.main, START);
  camera.main.lost('camera-unreachable', 'gone');
  await allStored(START + 5000);
  renameSync(second.path, `${second.path}.away`);
  deliver(footage, camera.main, START + 10_000);
  camera.main.lost('camera-unreachable', 'gone');
  await allStored(START + 15_000);
  const later = listAll().filter(({ startEpochMs }) => startEpochMs >= START + 10_000);
  expect(later.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(5000);
  expect(new Set(later.map(({ volumeId }) => volumeId))).toEqual(new Set([0]));
  expect(existsSync(second.path)).toBe(false);
  for (const { path } of later) expect(probeFrames(join(root, path)).frames).toBeGreaterThan(0);
  renameSync(`${second.path}.away`, second.path);
});

test('old segments go to the archive whole; what an interrupted move leaves is deleted at the next start', async () => {
  await service.start();
  const archive = await addFolder('archive', 1);
  const camera = await service.addCamera(CONTINUOUS);
  const root = join(dataDir, 'recordings');
  deliver(footage, camera.main, START);
  camera.main.lost('camera-unreachable', 'gone');
  await allStored(START + 5000);
  const before = listAll();
  clock.step(2 * 86_400_000);
  await service.moveNow();
  expect(listAll()).toEqual(before.map((segment) => ({ ...segment, volumeId: archive.id })));
  expect(filesIn(root)).toEqual([]);
  expect(filesIn(archive.path)).toHaveLength(before.length);
  expect(existsSync(join(archive.path, CAMERA, 'camera.json'))).toBe(true);
  expect(segments.usedBytes({ volumeIds: [0] })).toBe(0);
  for (const { path, durationMs } of before)
    expect(probeFrames(join(archive.path, path)).frames * 40).toBe(durationMs);
  // Killed between the switch in the index and the deletion, and in the middle of a copy.
  const left = before[0]!.path;
  mkdirSync(join(root, left, '..'), { recursive: true });
  writeFileSync(join(root, left), 'left over');
  store.noteLeftover(left, 0);
  mkdirSync(join(archive.path, '.moving'), { recursive: true });
  writeFileSync(join(archive.path, '.moving', 'half'), 'half');
  await service.stop();
  build();
  expect(await service.start()).toEqual({ repaired: 0, found: 0, removed: 0, cutBytes: 0 });
  expect(filesIn(root)).toEqual([]);
  expect(existsSync(join(archive.path, '.moving'))).toBe(false);
  expect(listAll()).toEqual(before.map((segment) => ({ ...segment, volumeId: archive.id })));
});

test('killed (kill -9) at any moment of a move, each segment is whole in one place, and the next start tidies up', async () => {
  await service.start();
  const archive = await addFolder('archive', 1);
  const camera = await service.addCamera(CONTINUOUS);
  for (let round = 0; round < 4; round++) await record(camera, START + round * 10_000);
  const root = join(dataDir, 'recordings');
  const placeOf = ({ volumeId, path }: { volumeId: number; path: string }) =>
    join(volumeId === 0 ? root : archive.path, path);
  const before = new Map(listAll().map((segment) => [segment.path, readFileSync(placeOf(segment))]));
  const later = START + 2 * 86_400_000;
  for (const moment of MOMENTS) {
    await service.stop();
    const child = spawnSync(process.execPath, [MOVING_CHILD, dataDir, moment, `${later}`], {
      encoding: 'utf8',
    });
    expect([moment, child.signal, child.stderr]).toEqual([moment, 'SIGKILL', '']);
    build();
    expect(await service.start()).toEqual({ repaired: 0, found: 0, removed: 0, cutBytes: 0 });
    const now = listAll();
    expect(now.map(({ path }) => path)).toEqual([...before.keys()]);
    for (const segment of now) expect(readFileSync(placeOf(segment))).toEqual(before.get(segment.path));
    expect(filesIn(root).length + filesIn(archive.path).length).toBe(before.size);
    expect(existsSync(join(archive.path, '.moving'))).toBe(false);
  }
  const moved = listAll().filter(({ volumeId }) => volumeId === archive.id).length;
  expect(moved).toBeGreaterThanOrEqual(2 * MOMENTS.length);
  expect(moved).toBeLessThan(before.size);
});

test('a folder is refused in words where it cannot be taken', async () => {
  await service.start();
  const taken = join(dataDir, 'recordings');
  writeFileSync(join(dataDir, 'file'), '');
  mkdirSync(join(dataDir, 'data', 'within'), { recursive: true });
  mkdirSync(join(taken, 'within'));
  mkdirSync(join(dataDir, 'other'));
  await writeMark(join(dataDir, 'other'), { uuid: crypto.randomUUID(), installation: crypto.randomUUID() });
  const words = {
    nowhere: 'There is no folder',
    file: 'is not a folder',
    'data/within': 'lie one inside the other',
    'recordings/within': 'lie one inside the other',
    '': 'lie one inside the other',
    recordings: 'is in use already',
    other: 'belongs to another installation',
  };
  for (const [path, problem] of Object.entries(words))
    await expect(folders.add({ path: join(dataDir, path), role: 'record' })).rejects.toThrow(problem);
  expect(volumes.all()).toHaveLength(1);
});

test('a folder leaves when what it holds has gone to the others, and nothing is lost', async () => {
  await service.start();
  const path = join(dataDir, 'disk');
  mkdirSync(path);
  const { id, bytesPerSecond } = await folders.add({ path, role: 'record', maxBytes: 1e12 });
  expect(bytesPerSecond).toBeGreaterThan(0);
  expect(service.storage().volumes).toMatchObject([
    { id: 0, sameDiskAs: null },
    { id, state: 'present', maxBytes: 1e12, sameDiskAs: join(dataDir, 'recordings') },
  ]);
  await folders.remove(0, { move: true }); // no new ones there
  await expect(folders.change(id, { role: 'archive', afterDays: 1 })).rejects.toThrow('No folder for new');
  const camera = await service.addCamera(CONTINUOUS);
  await record(camera, START);
  const before = listAll();
  expect(foldersOf(START)).toEqual(new Set([id]));
  await folders.change(0, { role: 'record' });
  await expect(folders.remove(id, { move: false })).rejects.toThrow('of recordings, which would be lost');
  await folders.remove(id, { move: true });
  await service.moveNow();
  expect(volumes.all().map(({ volume }) => volume.id)).toEqual([0]);
  expect(listAll()).toEqual(before.map((segment) => ({ ...segment, volumeId: 0 })));
  expect(readdirSync(path)).toEqual([]);
  expect(filesIn(join(dataDir, 'recordings'))).toHaveLength(before.length);
  for (const { path: file, durationMs } of before)
    expect(probeFrames(join(dataDir, 'recordings', file)).frames * 40).toBe(durationMs);
});

test('a drive that is gone for good is given up with what it held, and found again it is taken up whole', async () => {
  await service.start();
  const path = join(dataDir, 'disk');
  const elsewhere = join(dataDir, 'elsewhere');
  mkdirSync(path);
  const { id } = await folders.add({ path, role: 'record' });
  await folders.remove(0, { move: true });
  const camera = await service.addCamera(CONTINUOUS);
  await record(camera, START);
  await record(camera, START + 20_000);
  const before = listAll();
  const gapsBefore = listGaps();
  await service.locks.create({
    ...{ cameraId: CAMERA, startEpochMs: START, endEpochMs: START + 4000, reason: 'Police' },
    ...{ createdBy: 'owner@example.test', expiresEpochMs: null },
  });
  const held = service.locks.heldBytes();
  expect(held).toBeGreaterThan(0);
  const { day } = localDay(START);
  const contents = await folders.contents(id);
  expect(contents).toEqual({
    bytes: segments.usedBytes(),
    cameras: [{ cameraId: CAMERA, days: [{ day, seconds: 10 }] }],
  });
  await expect(folders.giveUp(id)).rejects.toThrow('is there. Let its recordings be moved');
  renameSync(path, elsewhere);
  await expect(folders.giveUp(id)).rejects.toThrow('No folder for new recordings would be left');
  expect(listAll()).toEqual(before);
  await folders.change(0, { role: 'record' });
  await folders.giveUp(id);
  expect(volumes.all().map(({ volume }) => volume.id)).toEqual([0]);
  expect(listAll()).toEqual([]);
  expect(segments.usedBytes()).toBe(0);
  expect(service.locks.heldBytes()).toBe(0);
  const detail = `It was on the drive “${path}”, which was given up.`;
  const lost = (startEpochMs: number) => ({
    ...{ startEpochMs, endEpochMs: startEpochMs + 5000, cause: 'disk-failed', detail },
  });
  expect(listGaps().filter((gap) => gap.detail === detail)).toEqual([lost(START), lost(START + 20_000)]);
  ageFiles(elsewhere, before);
  renameSync(elsewhere, path);
  const again = await folders.add({ path, role: 'record' });
  await until('it is taken up again', () => listAll().length === before.length);
  await until('locks hold what they held', () => service.locks.heldBytes() === held);
  expect(listAll()).toEqual(before.map((segment) => ({ ...segment, volumeId: again.id })));
  expect(listGaps()).toEqual(gapsBefore);
});

test('DATA/recordings given up stays known, unused, and what is found in it again is kept', async () => {
  await service.start();
  const camera = await service.addCamera(CONTINUOUS);
  await record(camera, START);
  const before = listAll();
  await addFolder('record');
  const root = join(dataDir, 'recordings');
  const mark = join(root, '.threshold-folder.json');
  renameSync(mark, join(dataDir, 'mark'));
  await folders.giveUp(0);
  expect(listAll()).toEqual([]);
  expect(volumes.find(0)?.role).toBe('leaving');
  ageFiles(root, before);
  renameSync(join(dataDir, 'mark'), mark);
  await volumes.checkAll();
  await until('it is found again', () => listAll().length === before.length);
  expect(listAll()).toEqual(before);
});

mountTest(
  'a disk that something else fills costs nothing while there is another, and is used again when there is space',
  async () => {
    await service.start();
    const path = join(dataDir, 'disk');
    mount(path, '-t', 'tmpfs', '-o', 'size=40m', 'tmpfs');
    const { id } = await folders.add({ path, role: 'record' });
    await folders.remove(0, { move: true });
    const camera = await service.addCamera(CONTINUOUS);
    writeFileSync(join(path, 'rival'), Buffer.alloc(40 * 1024 * 1024 - 2_000_000));
    try {
      writeFileSync(join(path, 'rival 2'), Buffer.alloc(4_000_000));
    } catch {}
    deliver(footage, camera.main, START);
    await until('the gap has its cause', () => listGaps().at(-1)?.cause === 'disk-full');
    await folders.change(0, { role: 'record' });
    await volumes.checkAll();
    clock.advance(2000);
    await record(camera, START + 10_000);
    expect(foldersOf(START + 10_000)).toEqual(new Set([0]));
    rmSync(join(path, 'rival'));
    rmSync(join(path, 'rival 2'));
    await folders.remove(0, { move: true });
    clock.advance(11_000);
    await volumes.checkAll();
    await record(camera, START + 30_000);
    expect(foldersOf(START + 30_000)).toEqual(new Set([id]));
  },
);

mountTest(
  'a disk that becomes read-only is passed over, and taken again when it can be written',
  async () => {
    await service.start();
    const path = join(dataDir, 'disk');
    mount(path, '-t', 'tmpfs', '-o', 'size=80m', 'tmpfs');
    const { id } = await folders.add({ path, role: 'record' });
    await folders.remove(0, { move: true });
    const camera = await service.addCamera(CONTINUOUS);
    await record(camera, START);
    await folders.change(0, { role: 'record' });
    execFileSync('mount', ['-o', 'remount,ro', path]);
    await record(camera, START + 10_000);
    expect(foldersOf(START + 10_000)).toEqual(new Set([0]));
    await volumes.checkAll();
    expect(service.storage().volumes[1]).toMatchObject({
      state: 'read-only',
      problem: expect.stringContaining('read-only'),
    });
    await (await volumes.open(listAll()[0]!)).close();
    execFileSync('mount', ['-o', 'remount,rw', path]);
    await folders.remove(0, { move: true });
    clock.advance(11_000);
    await volumes.checkAll();
    await record(camera, START + 30_000);
    expect(foldersOf(START + 30_000)).toEqual(new Set([id]));
  },
);

mountTest(
  'a drive that is unmounted in mid-recording gets nothing on its mount point, and is whole when it is back',
  async () => {
    await service.start();
    const [drive, path] = [join(dataDir, 'drive'), join(dataDir, 'disk')];
    mount(drive, '-t', 'tmpfs', '-o', 'size=80m', 'tmpfs');
    mount(path, '--bind', drive);
    const { id } = await folders.add({ path, role: 'record' });
    await folders.remove(0, { move: true });
    const camera = await service.addCamera(CONTINUOUS);
    await record(camera, START);
    const before = listAll();
    unmount(path);
    deliver(footage, camera.main, START + 10_000);
    await until('the gap has its cause', () => listGaps().at(-1)?.cause === 'disk-failed');
    expect(readdirSync(path)).toEqual([]);
    expect(filesIn(join(dataDir, 'recordings'))).toEqual([]); // the user wants none there
    mount(path, '--bind', drive);
    clock.advance(2000);
    await volumes.checkAll();
    deliver(footage, camera.main, START + 20_000, { describe: false });
    await until('it records again', () => listGaps().at(-1)?.endEpochMs === START + 20_000);
    camera.main.lost('camera-unreachable', 'gone');
    await allStored(START + 25_000);
    expect(foldersOf(START + 20_000)).toEqual(new Set([id]));
    expect(listAll().slice(0, before.length)).toEqual(before);
    for (const { path: file } of listAll()) expect(probeFrames(join(path, file)).frames).toBeGreaterThan(0);
  },
);
