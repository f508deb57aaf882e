import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findFreeArea, fitBounds, readShellState, writeShellState } from './shell-state.ts';

const LEFT = { x: 0, y: 0, width: 1920, height: 1040 };
const RIGHT = { x: 1920, y: 0, width: 1280, height: 984 };
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shell-state-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('comes back as it was written; a damaged file is as none', () => {
  const path = join(dir, 'deep/windows.json');
  const window = { place: '/archive', bounds: LEFT, maximized: true, fullScreen: false };
  writeShellState(path, { windows: [window], port: 8123 });
  expect(readShellState(path)).toEqual({ windows: [window], port: 8123 });
  writeShellState(path, { windows: [{ ...window, place: 'https://evil.example' }], port: 0 });
  expect(readShellState(path).windows[0]?.place).toBe('/live');
  for (const text of ['', '{"windows":[{}],"port":1}', '{"windows":[],"port":70000}']) {
    writeFileSync(path, text);
    expect(readShellState(path)).toEqual({ windows: [], port: 0 });
  }
});

test.each([
  ['where it was', { x: 2000, y: 50, width: 800, height: 600 }, { x: 2000, y: 50, width: 800, height: 600 }],
  [
    'partly off the edge',
    { x: -600, y: 0, width: 800, height: 600 },
    { x: -600, y: 0, width: 800, height: 600 },
  ],
  [
    'its monitor is gone',
    { x: 5000, y: 0, width: 800, height: 600 },
    { x: 560, y: 220, width: 800, height: 600 },
  ],
  ['too large for what is left', { x: 5000, y: 0, width: 4000, height: 3000 }, LEFT],
  ['never placed', null, { x: 240, y: 70, width: 1440, height: 900 }],
])('a window goes: %s', (_case, saved, placed) => {
  expect(fitBounds(saved, [LEFT, RIGHT])).toEqual(placed);
});

test('a live wall goes to the monitor without a window', () => {
  const onLeft = { x: 100, y: 100, width: 800, height: 600 };
  expect(findFreeArea([LEFT, RIGHT], [onLeft])).toEqual(RIGHT);
  expect(findFreeArea([LEFT], [onLeft])).toBeNull();
});
