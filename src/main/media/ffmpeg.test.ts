import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFfmpeg, installAdvice, isRecentEnough, runFfmpeg } from './ffmpeg.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'ffmpeg-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A program that says it is ffmpeg. */
function fake(name: string, script: string): string {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

test.each([
  ['5.1.6-0+deb12u1', true],
  ['5.0.1', false],
  ['4.4.2-0ubuntu0.22.04.1', false],
  ['7.1', true],
  ['n6.0-11-g3980415627', true],
  ['N-109542-gdeadbeef', true],
  ['2024-05-01-git-abc', true],
])('ffmpeg %s: %s', (version, expected) => {
  expect(isRecentEnough(version)).toBe(expected);
});

test('every system gets a command', () => {
  expect(installAdvice('linux')).toContain('apt-get install ffmpeg');
  expect(installAdvice('darwin')).toContain('brew install ffmpeg');
  expect(installAdvice('win32')).toContain('winget install');
});

test.skipIf(process.platform === 'win32')(
  'the path given goes before FFMPEG_BIN, and that before PATH',
  async () => {
    const given = fake('given', 'echo "ffmpeg version 6.0 Copyright"');
    const fromEnv = fake('env', 'echo "ffmpeg version 7.0 Copyright"');
    expect(await findFfmpeg(given, { FFMPEG_BIN: fromEnv })).toEqual({ path: given, version: '6.0' });
    expect(await findFfmpeg(null, { FFMPEG_BIN: fromEnv })).toEqual({ path: fromEnv, version: '7.0' });
  },
);

test.skipIf(process.platform === 'win32')('what does not do is named, with the way out', async () => {
  const old = fake('old', 'echo "ffmpeg version 4.4 Copyright"');
  await expect(findFfmpeg(old)).rejects.toThrow(
    /4\.4 is too old: 5\.1 or newer is needed\. Install it with:/,
  );
  await expect(findFfmpeg(join(dir, 'absent'))).rejects.toThrow(/could not be started/);
  await expect(findFfmpeg(null, { PATH: join(dir, 'nowhere') })).rejects.toThrow(
    /was not found\. Install it with:/,
  );
});

test.skipIf(process.platform === 'win32')(
  'a failure carries the last words without credentials',
  async () => {
    const broken = fake('broken', 'echo "first" >&2; echo "rtsp://user:secret@cam/1: refused" >&2; exit 1');
    await expect(runFfmpeg(broken, [])).rejects.toThrow('ffmpeg failed: rtsp://***@cam/1: refused');
  },
);

test.skipIf(process.platform === 'win32')(
  'input is handed over, output bounded, and cancelling ends it',
  async () => {
    const echo = fake('echo', 'cat');
    expect((await runFfmpeg(echo, [], { stdin: Buffer.from('abc') })).stdout.toString()).toBe('abc');
    await expect(runFfmpeg(echo, [], { stdin: Buffer.alloc(5000), maxStdoutBytes: 100 })).rejects.toThrow(
      'more than expected',
    );
    const sleeper = fake('sleeper', 'exec sleep 60');
    const cancel = new AbortController();
    const running = runFfmpeg(sleeper, [], { signal: cancel.signal });
    cancel.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(runFfmpeg(sleeper, [], { timeoutMs: 50 })).rejects.toThrow('longer than 0.05 s');
  },
);
