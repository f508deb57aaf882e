import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogFile } from './log-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'log-file-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('goes on where it was, and keeps one earlier file', () => {
  const path = join(dir, 'logs/engine.log');
  new LogFile(path, 10).write(Buffer.from('123456\n'));
  const log = new LogFile(path, 10);
  log.write(Buffer.from('abc'));
  log.write(Buffer.from('d\n'));
  log.write(Buffer.from('a line that is longer than the limit\n'));
  log.write(Buffer.from('end\n'));
  expect(readFileSync(path, 'utf8')).toBe('end\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('a line that is longer than the limit\n');
  expect(readdirSync(join(dir, 'logs'))).toHaveLength(2);
});

test('a log that cannot be written stops nothing', () => {
  const log = new LogFile(join(dir, 'engine.log'));
  rmSync(dir, { recursive: true });
  expect(() => log.write(Buffer.from('x'))).not.toThrow();
});
