/** Evidence packages: what is in one, and that every changed, missing or added byte is found, by the command and in the page from a disk. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyPackage } from '../../src/main/archive/verify-package.ts';
import { evidencePage } from '../../src/main/platform/entry.ts';
import { AuditStore } from '../../src/main/store/audit.ts';
import type { ExportJob } from '../../src/shared/contract-exports.ts';
import { EvidenceManifestSchema } from '../../src/shared/evidence.ts';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { ROOT } from '../fixtures/engine.ts';
import { type OpenArchive, openArchive } from './archive-fixture.ts';
import { deliver, frameHashes, makeFootage } from './recording-fixture.ts';

const DOOR = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const YARD = '4fa85f64-5717-4562-b3fc-2c963f66afa6';
const BAY = '5fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = new Date(2026, 10, 20, 14, 3, 0).getTime();
const PAGE = 'Open this page.html';
/** The machine may be busy. */
const PATIENT = { timeout: 30_000 };

let open: OpenArchive;
let job: ExportJob;
let folder: string;
let copies: string;
const door = makeFootage(10);
const h265 = makeFootage(3, { codec: 'libx265', extra: ['-x265-params', 'log-level=none:keyint=25'] });
const yard = makeFootage(6, { size: '640x360', audio: false });

beforeAll(async () => {
  if (!existsSync(evidencePage())) throw new Error('build first: out/evidence/page.html is missing');
  copies = mkdtempSync(join(tmpdir(), 'evidence-'));
  open = await openArchive(START + 3_600_000);
  const [doorCamera, yardCamera] = [
    await open.addCamera(DOOR, 'Front: door'),
    await open.addCamera(YARD, 'Yard'),
  ];
  deliver(door, doorCamera.main, START);
  doorCamera.main.lost('camera-unreachable', 'The camera does not answer.');
  deliver(door, doorCamera.main, START + 20_000);
  deliver(yard, yardCamera.main, START + 3000);
  deliver(h265, (await open.addCamera(BAY, 'Bay')).main, START);
  await open.service.stop();
  job = await open.export({
    ...{ cameraIds: [DOOR, YARD], fromEpochMs: START + 2520, toEpochMs: START + 27_000 },
    ...{ form: 'evidence', reason: 'For the police, <b>case</b> 2026-114' },
  });
  folder = join(open.dataDir, 'exports', job.name);
});
afterAll(async () => {
  await open?.stop();
  rmSync(copies, { recursive: true, force: true });
});

const filesBelow = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

/** A copy of the package to be tampered with. */
function copy(name: string): string {
  const target = join(copies, name, basename(folder));
  cpSync(folder, target, { recursive: true });
  return target;
}

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(path, bytes);
}

function runVerify(...args: string[]) {
  const ended = spawnSync(process.execPath, [join(ROOT, 'src/main/verify.ts'), ...args], {
    encoding: 'utf8',
  });
  return { status: ended.status, text: ended.stdout + ended.stderr };
}

describe('an evidence package', () => {
  test('holds the clips as they were recorded, to the frame, one per stretch', () => {
    expect(job).toMatchObject({ state: 'done', problem: null });
    expect(job.name).toBe('Evidence 2026-11-20 14.03.02–14.03.27 2 cameras');
    expect(filesBelow(folder)).toEqual(
      [
        ...[PAGE, 'Open this page.sig', 'Read me.txt', 'manifest.json', 'manifest.sig', 'public-key.pem'],
        'clips/Front_ door 2026-11-20 14.03.02–14.03.10.mp4',
        'clips/Front_ door 2026-11-20 14.03.20–14.03.27.mp4',
        'clips/Yard 2026-11-20 14.03.03–14.03.09.mp4',
      ].sort(),
    );
    const whole = join(copies, 'whole.mp4');
    writeFileSync(
      whole,
      Buffer.concat([door.description.initSegment, ...door.fragments.map(({ data }) => data)]),
    );
    const hashes = frameHashes(whole);
    const [first = '', second = ''] = job.files.map(({ name }) => join(folder, name));
    expect(frameHashes(first)).toEqual(hashes.slice(63));
    expect(frameHashes(second)).toEqual(hashes.slice(0, 175));
  });

  test('says of which cameras and times it is, who wanted it and why, and what is missing', () => {
    const manifest = EvidenceManifestSchema.parse(
      JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')),
    );
    expect(manifest).toMatchObject({
      createdBy: 'owner@example.test',
      reason: 'For the police, <b>case</b> 2026-114',
      fromEpochMs: START + 2520,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      installation: { program: 'Threshold NVR 1.2.3' },
    });
    expect(Date.parse(manifest.from)).toBe(START + 2520);
    const [one, other] = manifest.cameras;
    expect(one?.clips.map(({ fromEpochMs, toEpochMs }) => [fromEpochMs - START, toEpochMs - START])).toEqual([
      [2520, 10_000],
      [20_000, 27_000],
    ]);
    expect(one).toMatchObject({ name: 'Front: door', serialNumber: 'ABC123' });
    expect(one?.gaps).toMatchObject([
      { fromEpochMs: START + 10_000, toEpochMs: START + 20_000, cause: 'camera-unreachable' },
    ]);
    expect(other?.clips[0]).toMatchObject({ width: 640, height: 360, audioCodec: null });
    expect(other?.gaps.at(-1)).toMatchObject({ toEpochMs: START + 27_000 });
    const line = new AuditStore(open.sql).list(10).find(({ action }) => action === 'export-asked');
    expect(manifest.auditLine).toEqual({ sequence: line?.sequence, hash: line?.hash });
  });

  test('is genuine to the verifier, also with the installation key, not with another', () => {
    const text = runVerify(folder);
    expect(text).toMatchObject({ status: 0, text: expect.stringContaining('GENUINE: all 9 files') });
    const { installation } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    expect(runVerify(folder, '--key', installation.fingerprint).status).toBe(0);
    expect(runVerify(folder, '--key', '00'.repeat(16))).toMatchObject({
      status: 1,
      text: expect.stringContaining('OTHER KEY'),
    });
    expect(runVerify(copies).status).toBe(2);
    expect(runVerify().status).toBe(2);
  });

  test('can be verified with OpenSSL alone', () => {
    const work = copy('openssl');
    const signature = /^Ed25519 (.*)$/m.exec(readFileSync(join(work, 'manifest.sig'), 'utf8'))?.[1] ?? '';
    writeFileSync(join(work, 'sig.bin'), Buffer.from(signature, 'base64'));
    const args = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      'public-key.pem',
      '-rawin',
      '-in',
      'manifest.json',
    ];
    expect(
      execFileSync('openssl', [...args, '-sigfile', 'sig.bin'], { cwd: work, encoding: 'utf8' }),
    ).toContain('Successfully');
  });

  test('one flipped byte in any file is found, wherever it is, and the file is named', async () => {
    for (const path of filesBelow(folder)) {
      const size = statSync(join(folder, path)).size;
      // In the manifest also the key and a digest.
      const text = path === 'manifest.json' ? readFileSync(join(folder, path), 'latin1') : '';
      const inside = ['"publicKey": "', '"sha256": "'].flatMap((name) =>
        text ? [text.indexOf(name) + name.length + 3] : [],
      );
      for (const at of [0, 9, Math.floor(size / 2), size - 2, size - 1, ...inside]) {
        const work = copy('flipped');
        flipByte(join(work, path), at);
        const { ok, findings } = await verifyPackage(work);
        expect({ path, at, ok, named: findings.map((finding) => finding.path) }).toEqual({
          ...{ path, at, ok: false },
          named: [path],
        });
        rmSync(dirname(work), { recursive: true });
      }
    }
  });

  test('missing and added files and a manifest signed by somebody else are found', async () => {
    for (const path of filesBelow(folder)) {
      const work = copy('missing');
      rmSync(join(work, path));
      const { ok, findings } = await verifyPackage(work);
      expect({ path, ok, findings }).toMatchObject({ ok: false, findings: [{ path, kind: 'missing' }] });
      rmSync(dirname(work), { recursive: true });
    }
    const added = copy('added');
    writeFileSync(join(added, 'clips', 'more.mp4'), 'x');
    writeFileSync(join(added, '.DS_Store'), 'left by a file manager');
    expect((await verifyPackage(added)).findings).toMatchObject([{ path: 'clips/more.mp4', kind: 'added' }]);
    const rewritten = copy('rewritten');
    const text = readFileSync(join(rewritten, 'manifest.json'), 'utf8');
    writeFileSync(join(rewritten, 'manifest.json'), text.replace('owner@', 'other@'));
    expect((await verifyPackage(rewritten)).findings).toMatchObject([
      { path: 'manifest.json', kind: 'changed' },
    ]);
  });

  test('evidence needs a reason and unchanged pictures', async () => {
    const range = {
      cameraIds: [DOOR],
      fromEpochMs: START,
      toEpochMs: START + 1000,
      form: 'evidence' as const,
    };
    await expect(open.export(range)).rejects.toThrow('needs a reason');
    const options = { audio: true, caption: true, hidden: [], timeLapse: null, compatible: false };
    await expect(open.export({ ...range, reason: 'x', options })).rejects.toThrow('as they were recorded');
  });
});

describe.skipIf(!CHROMIUM)(`the page of a package${CHROMIUM ? '' : ' (skipped: no Chromium)'}`, () => {
  test('plays from a disk without a network, and sees both what is genuine and what is not', async () => {
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({ offline: true });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      await page.goto(pathToFileURL(join(folder, PAGE)).href);
      await page.getByRole('heading', { name: 'Front: door, Yard' }).waitFor();
      const verdict = page.getByRole('region', { name: 'Check' }).getByRole('status');
      expect(await verdict.textContent()).toContain('signed and unchanged');
      await page
        .getByRole('button', { name: /^Play Front: door/ })
        .first()
        .click();
      const video = page.locator('video');
      await expect
        .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime), PATIENT)
        .toBeGreaterThan(0.3);
      await expect
        .poll(() => page.getByLabel('Time of the picture').textContent(), PATIENT)
        .toMatch(/2026, 14:03:\d\d\.\d{3} /);
      expect(await page.getByText('For the police, <b>case</b> 2026-114').count()).toBe(1);
      expect(await page.getByText('The camera does not answer.').count()).toBeGreaterThan(0);
      await page.locator('#folder').setInputFiles(folder);
      await expect.poll(() => verdict.textContent(), PATIENT).toContain('Genuine: all 9 files');
      const tampered = copy('page');
      const clip = job.files.find(({ name }) => name.includes('Yard'))?.name ?? '';
      flipByte(join(tampered, clip), 5000);
      await page.locator('#folder').setInputFiles(tampered);
      await expect.poll(() => verdict.textContent(), PATIENT).toContain(`Changed: ${clip}`);
      await page.locator('#folder').setInputFiles(join(copies, 'page'));
      await expect.poll(() => verdict.textContent(), PATIENT).toContain('not the folder of this package');
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test('falls back to a copy where the browser cannot play H.265', async () => {
    const evidence = await open.export({
      ...{ cameraIds: [BAY], fromEpochMs: START, toEpochMs: START + 3000, form: 'evidence', reason: 'x' },
      options: { audio: true, caption: false, hidden: [], timeLapse: null, compatible: true },
    });
    const own = join(open.dataDir, 'exports', evidence.name);
    expect(filesBelow(own).filter((path) => path.endsWith('.mp4'))).toEqual([
      'clips/Bay 2026-11-20 14.03.00–14.03.03.mp4',
      'copies for old players/Bay 2026-11-20 14.03.00–14.03.03.mp4',
    ]);
    expect(await verifyPackage(own)).toMatchObject({ ok: true, fileCount: 8 });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(join(own, PAGE)).href);
      await page.getByRole('button', { name: /^Play Bay/ }).click();
      const video = page.locator('video');
      const time = () => video.evaluate((element: HTMLVideoElement) => element.currentTime);
      await expect.poll(time, PATIENT).toBeGreaterThan(0.3);
      expect(await video.evaluate((element: HTMLVideoElement) => element.videoWidth)).toBeGreaterThan(0);
      const canPlay = await video.evaluate((element: HTMLVideoElement) =>
        element.canPlayType('video/mp4; codecs="hvc1.1.6.L93.B0"'),
      );
      const note = await page.getByText('a copy of it is shown').count();
      expect(note).toBe(canPlay === '' ? 1 : 0);
    } finally {
      await browser.close();
    }
  });

  test('says that it was changed itself', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const work = copy('changed-page');
      const html = readFileSync(join(work, PAGE), 'utf8');
      writeFileSync(join(work, PAGE), html.replaceAll('owner@example', 'other@example'));
      await page.goto(pathToFileURL(join(work, PAGE)).href);
      const verdict = page.getByRole('region', { name: 'Check' }).getByRole('status');
      expect(await verdict.textContent()).toContain('was changed: the signature does not fit');
    } finally {
      await browser.close();
    }
  });
});
