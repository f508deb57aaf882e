import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { buildAppMenu, buildTrayMenu, type MenuActions, type MenuState, sayWork } from './menus.ts';

const work = (...recording: boolean[]) => ({
  keepsAwake: true,
  cameras: recording.map((on, i) => ({ id: `id-${i}`, name: `Camera ${i}`, recording: on })),
  exportProgress: null,
});
const STATE: MenuState = { platform: 'linux', work: null, startsAtLogin: false, updates: null };

function recordActions(): { done: unknown[]; actions: MenuActions } {
  const done: unknown[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void done.push([name, ...args]);
  const actions = {
    ...{ show: note('show'), goTo: note('goTo'), openWindow: note('openWindow') },
    ...{ openLiveWall: note('openLiveWall'), setStartsAtLogin: note('setStartsAtLogin') },
    ...{ checkForUpdates: note('checkForUpdates'), quit: note('quit') },
  };
  return { done, actions };
}

function find(items: MenuItemConstructorOptions[], label: string): MenuItemConstructorOptions | undefined {
  for (const item of items) {
    if (item.label === label) return item;
    const below = Array.isArray(item.submenu) ? find(item.submenu, label) : undefined;
    if (below) return below;
  }
  return undefined;
}
const click = (item: MenuItemConstructorOptions | undefined, checked = false) =>
  item!.click!({ checked } as never, undefined, {} as never);

test.each([
  [null, 'Starting'],
  [work(), 'No camera yet'],
  [work(false, false), 'Not recording'],
  [work(true, false), 'Recording 1 of 2 cameras'],
  [work(true), 'Recording 1 camera'],
  [work(true, true), 'Recording all 2 cameras'],
])('the tray says what is recorded (%#)', (state, words) => expect(sayWork(state)).toBe(words));

test('the tray leads to each camera, up to a number that fits a menu', () => {
  const { done, actions } = recordActions();
  const few = buildTrayMenu({ ...STATE, work: work(true, false) }, actions);
  click(find(few, 'Camera 0'));
  click(find(few, 'Camera 1 (not recording)'));
  const many = buildTrayMenu({ ...STATE, work: work(...Array<boolean>(30).fill(true)) }, actions);
  expect(find(many, 'Camera 23')).toBeDefined();
  expect(find(many, 'Camera 24')).toBeUndefined();
  click(find(many, 'All cameras'));
  click(find(many, 'Stop recording and quit'));
  expect(done).toEqual([
    ['goTo', '/live?camera=id-0'],
    ['goTo', '/live?camera=id-1'],
    ['goTo', '/live'],
    ['quit'],
  ]);
});

test.each(['linux', 'win32', 'darwin'] as const)('on %s every action has its entry', (platform) => {
  const { done, actions } = recordActions();
  const updates = { label: 'Check for updates', enabled: true };
  const menu = buildAppMenu({ ...STATE, platform, updates }, actions);
  click(find(menu, 'Live wall'));
  click(find(menu, 'Archive in a new window'));
  click(find(menu, 'Health'));
  click(find(menu, 'Start when I sign in'), true);
  click(find(menu, 'Check for updates'));
  click(find(menu, 'Stop recording and quit'));
  expect(done).toEqual([
    ['openLiveWall'],
    ['openWindow', '/archive'],
    ['goTo', '/health'],
    ['setStartsAtLogin', true],
    ['checkForUpdates'],
    ['quit'],
  ]);
});

test('an app started from its sources offers neither updates nor to be started by the system', () => {
  const menu = buildAppMenu({ ...STATE, startsAtLogin: null }, recordActions().actions);
  expect(find(menu, 'Check for updates')).toBeUndefined();
  expect(find(menu, 'Start when I sign in')).toBeUndefined();
});
