/** Exports: the queue with pause and restart, drives that fill up or are pulled out, and clips whose pictures are encoded anew. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SystemDrive } from '../../src/main/archive/drives.ts';
import { runExport } from '../../src/main/archive/export-run.ts';
import { verifyPackage } from '../../src/main/archive/verify-package.ts';
import { zipFiles } from '../../src/main/media/zip-files.ts';
import { AuditStore } from '../../src/main/store/audit.ts';
import { ExportStore } from '../../src/main/store/exports.ts';
import { ExportInputSchema, type ExportJob, ExportOptionsSchema } from '../../src/shared/contract-exports.ts';
import { ASKER, type OpenArchive, openArchive } from './archive-fixture.ts';
import { deliver, frameHashes, makeFootage, probeFrames, until } from './recording-fixture.ts';

const DOOR = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const YARD = '4fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = new Date(2026, 10, 20, 14, 3, 0).getTime();
const range = { cameraIds: [DOOR], fromEpochMs: START + 1000, toEpochMs: START + 9000 };
const door = makeFootage(10, { size: '640x360' });
const h265 = makeFootage(6, { codec: 'libx265', extra: ['-x265-params', 'log-level=none:keyint=25'] });

let open: OpenArchive;
let scratch: string;
const mounts: string[] = [];

/** A small drive: a file system in memory; null where this account may mount none. */
function mountDrive(name: string, megabytes: number): SystemDrive | null {
  const mount = join(scratch, name);
  mkdirSync(mount);
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', mount];
  if (process.platform !== 'linux' || spawnSync('mount', options).status !== 0) return null;
  mounts.push(mount);
  return {
    device: `/dev/${name}`,
    label: name,
    fileSystem: 'vfat',
    mount,
    uuid: name,
    sizeBytes: megabytes * 1e6,
  };
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'exports-'));
  open = await openArchive(START + 3_600_000);
  deliver(door, (await open.addCamera(DOOR, 'Front door: 100%')).main, START);
  deliver(h265, (await open.addCamera(YARD, 'Yard')).main, START);
  await open.service.stop();
});
afterAll(async () => {
  await open?.stop();
  for (const mount of mounts) spawnSync('umount', ['-l', mount]);
  rmSync(scratch, { recursive: true, force: true });
});

const stateOf = (id: string) => open.archive.exports.list().find((job) => job.id === id)?.state;
const ask = (patch: object = {}) =>
  open.archive.exports.create(ExportInputSchema.parse({ ...range, ...patch }), ASKER);

describe('the queue', () => {
  test('pauses, lets the next one pass, goes on, cancels', async () => {
    const { exports } = open.archive;
    const first = await ask({ options: { compatible: true } });
    expect(stateOf(first.id)).toBe('running');
    expect(exports.pause(first.id).state).toBe('paused');
    const second = await ask();
    expect((await open.ended(second.id)).state).toBe('done');
    expect(stateOf(first.id)).toBe('paused');
    expect(() => exports.pause(first.id)).toThrow('can be paused');
    exports.resume(first.id);
    expect(await open.ended(first.id)).toMatchObject({ state: 'done', progress: 1 });
    expect(() => exports.resume(first.id)).toThrow('not paused');
    const third = await ask({ options: { compatible: true } });
    const fourth = await ask();
    exports.pause(third.id);
    await exports.remove(third.id);
    expect(stateOf(third.id)).toBe('cancelled');
    expect((await open.ended(fourth.id)).state).toBe('done');
    const folder = join(open.dataDir, 'exports');
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
    const actions = new AuditStore(open.sql).list(100).map(({ action }) => action);
    for (const action of ['export-asked', 'export-done', 'export-cancelled'])
      expect(actions).toContain(action);
  });

  test('what a crash left begins again, what was paused stays so', async () => {
    const store = new ExportStore(open.sql);
    const template = store.listExports()[0] as ExportJob;
    const [running, paused] = [
      '11111111-2222-4333-8444-555555555555',
      '21111111-2222-4333-8444-555555555555',
    ];
    const left = { ...template, progress: 0.4, sizeBytes: null, files: [] };
    store.putExport({ ...left, id: running!, state: 'running', name: 'left.mp4' });
    store.putExport({ ...left, id: paused!, state: 'paused', name: 'paused.mp4' });
    mkdirSync(join(open.dataDir, 'exports', 'left.mp4.partial'));
    writeFileSync(join(open.dataDir, 'exports', 'left.mp4.partial', 'x'), 'half');
    await open.archive.exports.start();
    expect(await open.ended(running!)).toMatchObject({ state: 'done' });
    expect(stateOf(paused!)).toBe('paused');
    open.archive.exports.resume(paused!);
    expect(await open.ended(paused!)).toMatchObject({ state: 'done' });
  });

  test('several cameras are files of one folder, and one ZIP', async () => {
    const job = await open.export({ ...range, cameraIds: [DOOR, YARD] });
    expect(job).toMatchObject({ state: 'done', name: '2 cameras 2026-11-20 14.03.01–14.03.09' });
    expect(job.files.map(({ name }) => name)).toEqual([
      'Front door_ 100% 2026-11-20 14.03.01–14.03.09.mp4',
      'Yard 2026-11-20 14.03.01–14.03.06.mp4',
    ]);
    const { files } = open.archive.exports.files(job.id);
    for (const [name, limit] of [
      ['small', undefined],
      ['large', 1000],
    ] as const) {
      const entries = files.map((file) => ({
        ...{ name: file.name, path: file.path, sizeBytes: statSync(file.path).size, modifiedEpochMs: START },
      }));
      const zip = join(scratch, `${name}.zip`);
      const chunks: Buffer[] = [];
      for await (const chunk of zipFiles(entries, limit)) chunks.push(chunk);
      writeFileSync(zip, Buffer.concat(chunks));
      const script =
        'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(len(z.namelist()))';
      expect(execFileSync('python3', ['-c', script, zip], { encoding: 'utf8' }).trim()).toBe('2');
    }
  });

  test('what was deleted since is told from what was never recorded', async () => {
    const old = { ...range, fromEpochMs: START - 60_000, toEpochMs: START - 50_000 };
    expect((await open.export(old)).problem).toMatch(
      /^Nothing is stored of this time any more: the oldest footage is of 2026-11-20 14:03:00 UTC[+-]\d\d:\d\d\.$/,
    );
    const later = { ...range, fromEpochMs: START + 60_000, toEpochMs: START + 70_000 };
    expect((await open.export(later)).problem).toBe('Nothing is recorded in this time.');
    await expect(open.export({ ...range, toEpochMs: START + 25 * 3_600_000 })).rejects.toThrow('24 hours');
  });

  test('no file becomes larger than its file system takes, and the parts are whole', async () => {
    const job = await ask();
    await open.ended(job.id);
    const [own] = open.archive.exports.files(job.id).files;
    const root = join(scratch, 'split');
    mkdirSync(root);
    const maxFileBytes = Math.ceil(statSync(own!.path).size / 2);
    const target = { root, place: 'x', maxFileBytes, isRemovable: true };
    const deps = (open.archive.exports as unknown as { deps: Parameters<typeof runExport>[2] }).deps;
    const control = { signal: new AbortController().signal, gate: async () => {}, onProgress: () => {} };
    const made = await runExport(job, target, deps, control);
    expect(made.files.length).toBeGreaterThan(1);
    const hashes = made.files.flatMap(({ name, sizeBytes }) => {
      expect(sizeBytes).toBeLessThanOrEqual(maxFileBytes);
      return frameHashes(join(root, made.name, name));
    });
    expect(hashes).toEqual(frameHashes(own!.path));
  });
});

describe('a drive', async () => {
  test('gets evidence that is whole, and can be ejected', async ({ skip }) => {
    const drive = mountDrive('STICK', 64);
    if (!drive) return skip('this account may mount nothing');
    open.drives.push(drive);
    const { drives } = open.archive;
    const [view] = await drives.list();
    expect(view).toMatchObject({ name: 'STICK', problem: null });
    expect(view!.freeBytes).toBeGreaterThan(60e6);
    const job = await open.export({ ...range, driveId: view!.id, form: 'evidence', reason: 'police' });
    expect(job).toMatchObject({ state: 'done', problem: null, drive: { name: 'STICK' } });
    expect((await verifyPackage(join(drive.mount, job.name))).findings).toEqual([]);
    const clip = await open.export({ ...range, driveId: view!.id });
    expect(clip.state).toBe('done');
    const again = await open.export({ ...range, driveId: view!.id });
    expect(readdirSync(drive.mount).sort()).toEqual([job.name, clip.name, again.name].sort());
    expect(() => open.archive.exports.files(clip.id)).toThrow('is on the drive “STICK”');
    await drives.eject(view!.id);
    expect(await drives.list()).toEqual([]);
    await expect(open.export({ ...range, driveId: view!.id })).rejects.toThrow('not plugged in');
  });

  test('without room is refused before anything is written', async ({ skip }) => {
    const drive = mountDrive('SMALL', 1);
    if (!drive) return skip('this account may mount nothing');
    open.drives.push(drive);
    const [view] = await open.archive.drives.list();
    const job = await open.export({ ...range, driveId: view!.id });
    expect(job).toMatchObject({ state: 'failed' });
    expect(job.problem).toMatch(/^There is not enough room on “SMALL”: about .* are needed, .* are free\.$/);
    expect(readdirSync(drive.mount)).toEqual([]);
    open.drives.length = 0;
  });

  test('that is pulled out while it is written to leaves nothing that looks complete', async ({ skip }) => {
    const drive = mountDrive('PULLED', 64);
    if (!drive) return skip('this account may mount nothing');
    open.drives.push(drive);
    const [view] = await open.archive.drives.list();
    // Stopped where it has begun to write, so that it is surely pulled out in the middle.
    const job = await ask({ driveId: view!.id, options: { compatible: true }, form: 'clip' });
    await until('it has begun', () => existsSync(join(drive.mount, `${job.name}.partial`)));
    open.archive.exports.pause(job.id);
    spawnSync('umount', ['-l', drive.mount]);
    open.drives.length = 0;
    open.archive.exports.resume(job.id);
    const ended = await open.ended(job.id);
    expect(ended.state).toBe('failed');
    expect(ended.problem).toContain('The drive “PULLED” was not there until the end.');
    expect(readdirSync(drive.mount)).toEqual([]);
  });
});

describe('clips that are encoded anew', () => {
  const encoded = async (options: object, patch: object = {}) => {
    const job = await open.export({ ...range, ...patch, options: ExportOptionsSchema.parse(options) });
    expect(job).toMatchObject({ state: 'done', problem: null });
    const [file] = open.archive.exports.files(job.id).files;
    return file!.path;
  };
  const streamsOf = (path: string) => {
    const args = [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_name,pix_fmt,width,height',
      '-of',
      'json',
      path,
    ];
    return (JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as { streams: object[] }).streams;
  };
  /** Mean and spread of the luma of a part of the first picture. */
  const lumaOf = (path: string, crop: string) => {
    const args = [
      '-v',
      'error',
      '-i',
      path,
      '-vf',
      `crop=${crop},format=gray`,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-',
    ];
    const bytes = execFileSync('ffmpeg', args, { maxBuffer: 1 << 26 });
    const mean = bytes.reduce((sum, value) => sum + value, 0) / bytes.length;
    const spread = Math.sqrt(bytes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / bytes.length);
    return { mean, spread };
  };

  test('H.265 becomes H.264 with every picture at its time', async () => {
    const path = await encoded({ compatible: true }, { cameraIds: [YARD], toEpochMs: START + 5000 });
    expect(streamsOf(path)).toMatchObject([
      { codec_name: 'h264', pix_fmt: 'yuv420p' },
      { codec_name: 'aac' },
    ]);
    const probed = probeFrames(path);
    expect(probed.frames).toBe(100);
    expect(probed.durationSeconds).toBeCloseTo(4, 1);
  });

  test.each([0, 40, 1000, 3000, 3040])('B frames: a clip from %i ms on has every picture', async (from) => {
    const job = await open.export({
      ...{ cameraIds: [YARD], fromEpochMs: START + from, toEpochMs: START + 5000 },
    });
    const [file] = open.archive.exports.files(job.id).files;
    // The very first pictures are shown two frames after the recording begins.
    expect(probeFrames(file!.path).frames).toBe((5000 - Math.max(from, 80)) / 40);
  });

  test('camera name and time are written into the picture', async () => {
    const plain = await encoded({ compatible: true });
    const captioned = await encoded({ caption: true });
    const where = '300:30:0:320';
    expect(Math.abs(lumaOf(plain, where).mean - lumaOf(captioned, where).mean)).toBeGreaterThan(15);
    const elsewhere = '300:200:0:60';
    expect(Math.abs(lumaOf(plain, elsewhere).mean - lumaOf(captioned, elsewhere).mean)).toBeLessThan(2);
    expect(probeFrames(captioned).frames).toBe(200);
  });

  test('parts of the picture are black or blurred beyond recognition', async () => {
    const region = { cameraId: DOOR, width: 0.25, height: 0.25 };
    const path = await encoded({
      hidden: [
        { ...region, how: 'black', x: 0.1, y: 0.1 },
        { ...region, how: 'blur', x: 0.6, y: 0.5 },
      ],
    });
    const plain = await encoded({ compatible: true });
    expect(lumaOf(path, '160:90:64:36').mean).toBeLessThan(18);
    const inner = '64:40:432:210';
    expect(lumaOf(path, inner).spread).toBeLessThan(lumaOf(plain, inner).spread / 2);
    expect(Math.abs(lumaOf(path, '100:60:256:20').mean - lumaOf(plain, '100:60:256:20').mean)).toBeLessThan(
      2,
    );
  });

  test('a time lapse is shorter and silent', async () => {
    const path = await encoded({ timeLapse: 4 });
    expect(streamsOf(path)).toMatchObject([{ codec_name: 'h264' }]);
    expect(probeFrames(path).durationSeconds).toBeCloseTo(2, 1);
  });

  test('sound can be left out without touching the pictures', async () => {
    const [file] = open.archive.exports.files(
      (await open.export({ ...range, options: ExportOptionsSchema.parse({ audio: false }) })).id,
    ).files;
    expect(streamsOf(file!.path)).toMatchObject([{ codec_name: 'h264' }]);
    expect(readFileSync(file!.path).length).toBeGreaterThan(0);
  });
});
