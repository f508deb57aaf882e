import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AutostartFile, buildAutostartEntry } from './login-item.ts';

let config: string;
beforeEach(() => {
  config = mkdtempSync(join(tmpdir(), 'login-item-'));
});
afterEach(() => rmSync(config, { recursive: true, force: true }));

test('is there or not, starts hidden, and may be switched off by the desktop', () => {
  const item = new AutostartFile(config, '/opt/Threshold NVR/threshold-nvr');
  const file = join(config, 'autostart/threshold-nvr.desktop');
  expect(item.isEnabled()).toBe(false);
  item.setEnabled(true);
  expect(item.isEnabled()).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/Threshold NVR/threshold-nvr" --hidden\n');
  writeFileSync(file, `${readFileSync(file, 'utf8')}Hidden=true\n`);
  expect(item.isEnabled()).toBe(false);
  item.setEnabled(false);
  item.setEnabled(false);
  expect(item.isEnabled()).toBe(false);
});

test('characters that mean something in an Exec line are escaped', () => {
  expect(buildAutostartEntry('/home/a$b/"100%"/nvr')).toContain(
    'Exec="/home/a\\\\$b/\\\\"100%%\\\\"/nvr" --hidden',
  );
});
