import { globSync, readFileSync } from 'node:fs';
import { matchesGlob, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FILES } from './builder.config.ts';
import { buildUnsetFuses, FUSES, findWrongFuses } from './fuses.ts';
import { isForeign, judgeLayout, nativeFiles, TARGETS, type Target } from './layout.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** As electron-builder reads its patterns: in order, a leading `!` takes out, macros stand for the machine that it runs on. */
function isPacked(path: string, { platform, arch }: Target): boolean {
  let packed = path.startsWith('node_modules/');
  for (const pattern of FILES) {
    const [isExclusion, text] = pattern.startsWith('!') ? [true, pattern.slice(1)] : [false, pattern];
    const glob = text.replaceAll('${platform}', platform).replaceAll('${arch}', arch);
    if (packed === isExclusion && matchesGlob(path, glob)) packed = !isExclusion;
  }
  return packed;
}

const installed = globSync(
  [
    'node_modules/onnxruntime-node/bin/**/*.*',
    'node_modules/better-sqlite3/**/*.*',
    'node_modules/dejavu-fonts-ttf/ttf/*',
    'models/**/*.*',
    'resources/**/*.*',
    'package.json',
    'vitest.config.ts',
  ],
  { cwd: ROOT },
).map((path) => path.replaceAll('\\', '/'));

describe.each([...TARGETS])('for $platform $arch', (target) => {
  const packed = installed.filter((path) => isPacked(path, target));
  const modules = packed.flatMap((path) => path.split('node_modules/')[1] ?? []);

  test('the detector’s and the database’s libraries are those of the target alone', () => {
    const { database, detector } = nativeFiles(target);
    for (const file of [...database, ...detector])
      expect(
        modules.some((path) => (typeof file === 'string' ? path === file : file.test(path))),
        String(file),
      ).toBe(true);
    expect(modules.filter((path) => isForeign(path, target))).toEqual([]);
  });

  test('sharp is locked for the target', () => {
    const { packages } = JSON.parse(readFileSync(resolve(ROOT, 'package-lock.json'), 'utf8'));
    expect(packages).toHaveProperty([`node_modules/@img/sharp-${target.platform}-${target.arch}`]);
  });

  test('models and demo footage go along, their training and sources do not', () => {
    expect(packed).toEqual(
      expect.arrayContaining(['package.json', 'models/threshold_small.onnx', 'resources/icons/icon.png']),
    );
    expect(packed).toContain('node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
    expect(packed.filter((path) => /training|better-sqlite3\/(deps|src)\/|vitest/.test(path))).toEqual([]);
  });
});

test('an app is judged by what it holds', () => {
  const target = { platform: 'linux', arch: 'x64' };
  const modules = 'app.asar.unpacked/node_modules';
  const problems = judgeLayout(
    [
      'app.asar',
      'app.asar.unpacked/out/main/index.js',
      'app.asar.unpacked/models/training/train.py',
      `${modules}/better-sqlite3/prebuilds/linux-x64.node`,
      `${modules}/better-sqlite3/prebuilds/win32-x64.node`,
      `${modules}/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node`,
      `${modules}/@img/sharp-linux-x64/lib/sharp-linux-x64-0.35.5.node`,
      `${modules}/vitest/package.json`,
    ],
    target,
  );
  expect(problems).toContain('out/main/serve.js is missing');
  expect(problems).toContain('out/main/index.js is outside the archive that is checked');
  expect(problems).toContain('does not belong: app.asar.unpacked/models/training/train.py');
  expect(problems).toContain(`does not belong: ${modules}/vitest/package.json`);
  expect(problems).toContain('native code of another system: better-sqlite3/prebuilds/win32-x64.node');
  expect(problems.filter((problem) => problem.startsWith('native code is missing'))).toHaveLength(2);
});

test('fuses are read from a program', () => {
  const program = Buffer.concat([Buffer.from('\x7fELF…'), buildUnsetFuses()]);
  expect(findWrongFuses(program)).toEqual(Object.keys(FUSES));
  const wire = Object.values(FUSES).map((on) => (on ? '1' : '0'));
  program.write(wire.join(''), program.length - wire.length, 'latin1');
  expect(findWrongFuses(program)).toEqual([]);
  expect(findWrongFuses(Buffer.from('no Electron'))).toEqual(['it has no fuses']);
});
