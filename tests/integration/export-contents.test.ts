/** What an export says of itself is true: how much of the time is in it, its name, the times in its pictures; and where it is made. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runExport } from '../../src/main/archive/export-run.ts';
import { ExportInputSchema, type ExportJob, ExportOptionsSchema } from '../../src/shared/contract-exports.ts';
import { ASKER, type OpenArchive, openArchive } from './archive-fixture.ts';
import { deliver, makeFootage, probeFrames } from './recording-fixture.ts';

const DOOR = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const YARD = '4fa85f64-5717-4562-b3fc-2c963f66afa6';
/** Five seconds before summer time ends, in this file's zone. */
const START = Date.UTC(2026, 9, 25, 1) - 5000;
const footage = makeFootage(10, { size: '640x360' });

let open: OpenArchive;
let scratch: string;
const zoneBefore = process.env.TZ;

beforeAll(async () => {
  process.env.TZ = 'Europe/Berlin';
  scratch = mkdtempSync(join(tmpdir(), 'export-contents-'));
  open = await openArchive(START + 3_600_000);
  const { main } = await open.addCamera(DOOR, 'Door');
  deliver(footage, main, START);
  main.lost('camera-unreachable', 'gone');
  deliver(footage, main, START + 30_000);
  deliver(footage, (await open.addCamera(YARD, 'Yard')).main, START);
  await open.service.stop();
});
afterAll(async () => {
  await open?.stop();
  rmSync(scratch, { recursive: true, force: true });
  if (zoneBefore === undefined) delete process.env.TZ;
  else process.env.TZ = zoneBefore;
});

const range = (fromMs: number, toMs: number) => ({
  ...{ cameraIds: [DOOR], fromEpochMs: START + fromMs, toEpochMs: START + toMs },
});
const whole = (cameraId: string, askedMs: number) => ({
  ...{ cameraId, askedMs, recordedMs: askedMs, gapCount: 0, gaps: [] },
});

describe('a clip', () => {
  test('of recorded time is whole and named after the time asked for', async () => {
    const job = await open.export(range(10, 3990));
    expect(job).toMatchObject({ state: 'done', name: 'Door 2026-10-25 02.59.55–02.59.58.mp4' });
    expect(job.contents).toEqual([whole(DOOR, 3980)]);
  });

  test('with a hole is one file, and says what it leaves out', async () => {
    const job = await open.export(range(6000, 36_000));
    expect(job).toMatchObject({ state: 'done', name: 'Door 2026-10-25 02.00.01–02.00.31.mp4' });
    const gap = { fromEpochMs: START + 10_000, toEpochMs: START + 30_000 };
    expect(job.contents).toEqual([
      { cameraId: DOOR, askedMs: 30_000, recordedMs: 10_000, gapCount: 1, gaps: [gap] },
    ]);
    const [file] = open.archive.exports.files(job.id).files;
    expect(probeFrames(file!.path).durationSeconds).toBeCloseTo(10, 1);
  });

  test('that lacks its beginning and end is named after what is in it', async () => {
    const job = await open.export(range(20_000, 90_000));
    expect(job).toMatchObject({ state: 'done', name: 'Door 2026-10-25 02.00.25–02.00.35.mp4' });
    expect(job.files).toMatchObject([{ name: job.name }]);
    expect(statSync(join(open.dataDir, 'exports', job.name)).size).toBe(job.sizeBytes);
    expect(job.contents).toMatchObject([{ askedMs: 70_000, recordedMs: 10_000, gapCount: 2 }]);
    const listed = open.archive.exports.list().find(({ id }) => id === job.id);
    expect(listed).toEqual(job);
  });

  test('of several cameras says it of each, and is a clip where only one has footage', async () => {
    const both = await open.export({ ...range(1000, 36_000), cameraIds: [YARD, DOOR] });
    expect(both.contents).toMatchObject([
      { cameraId: YARD, recordedMs: 9000 },
      { cameraId: DOOR, recordedMs: 15_000 },
    ]);
    const one = await open.export({ ...range(31_000, 36_000), cameraIds: [YARD, DOOR] });
    expect(one).toMatchObject({ state: 'done', name: 'Door 2026-10-25 02.00.26–02.00.31.mp4' });
    expect(one.contents).toMatchObject([{ recordedMs: 0, gapCount: 1 }, whole(DOOR, 5000)]);
  });
});

test('evidence says it too', async () => {
  const job = await open.export({ ...range(6000, 36_000), form: 'evidence', reason: 'police' });
  expect(job).toMatchObject({ state: 'done', contents: [{ recordedMs: 10_000, gapCount: 1 }] });
});

describe('the time in the pictures', () => {
  const encoded = async (options: object) => {
    const job = await open.export({ ...range(0, 10_000), options: ExportOptionsSchema.parse(options) });
    const [file] = open.archive.exports.files(job.id).files;
    return file!.path;
  };
  /** Luma of the caption's place at a time, with a text drawn over it where one is given. */
  const lumaAt = (path: string, seconds: number, text?: string) => {
    const font = join(process.cwd(), 'resources/fonts/DejaVuSans.ttf');
    const look =
      'fontcolor=white:fontsize=14:box=1:boxcolor=black@0.6:boxborderw=6:x=h/54:y=h-th-h/54:expansion=none';
    if (text) writeFileSync(join(scratch, 'text'), text);
    const draw = text ? `drawtext=fontfile=${font}:textfile=${join(scratch, 'text')}:${look},` : '';
    const args = ['-v', 'error', '-ss', `${seconds}`, '-i', path, '-frames:v', '1'];
    const filter = `${draw}crop=340:26:0:330,format=gray`;
    return execFileSync('ffmpeg', [...args, '-vf', filter, '-f', 'rawvideo', '-']);
  };
  const distance = (a: Buffer, b: Buffer) =>
    a.reduce((sum, value, index) => sum + Math.abs(value - b[index]!), 0) / a.length;

  test('is right on both sides of the end of summer time', async () => {
    const [captioned, plain] = [await encoded({ caption: true }), await encoded({ compatible: true })];
    expect(probeFrames(captioned).frames).toBe(250);
    const texts = [2, 7].flatMap((seconds) => [
      ...['CEST', 'CET'].flatMap((zone) =>
        ['02', '03'].map((hour) => ({
          seconds,
          text: `Door   2026-10-25 ${hour}:${seconds === 2 ? '59:57' : '00:02'} ${zone}`,
        })),
      ),
    ]);
    const nearest = [2, 7].map((seconds) => {
      const own = lumaAt(captioned, seconds + 0.48);
      const judged = texts
        .filter((one) => one.seconds === seconds)
        .map(({ text }) => ({ text, off: distance(own, lumaAt(plain, seconds + 0.48, text)) }))
        .sort((a, b) => a.off - b.off);
      return judged[0]!.text;
    });
    expect(nearest).toEqual(['Door   2026-10-25 02:59:57 CEST', 'Door   2026-10-25 02:00:02 CET']);
  });
});

describe('pictures that are encoded for a drive', () => {
  type Deps = Parameters<typeof runExport>[2];
  const deps = () => (open.archive.exports as unknown as { deps: Deps }).deps;
  let job: ExportJob;
  beforeAll(async () => {
    const input = ExportInputSchema.parse({ ...range(1000, 4000), options: { compatible: true } });
    job = await open.archive.exports.create(input, ASKER);
    await open.ended(job.id);
  });
  const run = (name: string, changes: Partial<Deps> = {}, maxFileBytes: number | null = null) => {
    const root = join(scratch, name);
    mkdirSync(root);
    const own = { ...deps(), ...changes };
    const during = new Set<string>();
    const onProgress = () => {
      for (const one of readdirSync(own.folder)) during.add(one);
    };
    const control = { signal: new AbortController().signal, gate: async () => {}, onProgress };
    const target = { root, place: `“${name}”`, maxFileBytes, isRemovable: true };
    return { root, during, made: runExport(job, target, own, control) };
  };

  test('are made on the disk of the recorder, which they leave again', async () => {
    const { root, during, made } = run('WHOLE');
    expect((await made).contents).toEqual([whole(DOOR, 3000)]);
    expect([...during].some((name) => /^encode-.*\.partial$/.test(name))).toBe(true);
    expect(readdirSync(deps().folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expect(readdirSync(root)).toEqual([(await made).name]);
  });

  test('say which disk is full, and that a file is too large for the drive', async () => {
    const ffmpegPath = join(scratch, 'full-disk');
    const script =
      '#!/bin/sh\ncat >/dev/null\necho "Error writing trailer: No space left on device" >&2\nexit 1';
    writeFileSync(ffmpegPath, script, { mode: 0o755 });
    const full = run('FULL', { ffmpegPath });
    await expect(full.made).rejects.toThrow("The recorder's own disk is full.");
    const fat = run('FAT', {}, 10_000);
    await expect(fat.made).rejects.toThrow('The drive “FAT” cannot take files this large.');
    for (const { root } of [full, fat]) expect(readdirSync(root)).toEqual([]);
    expect(readdirSync(deps().folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});
