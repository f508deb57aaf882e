import { beforeEach, expect, test } from 'vitest';
import type { WindowState } from './shell-state.ts';
import { type AppWindow, Windows } from './windows.ts';

const LEFT = { x: 0, y: 0, width: 1920, height: 1040 };
const RIGHT = { x: 1920, y: 0, width: 1280, height: 984 };
const URL_1 = 'http://127.0.0.1:8123';

class FakeWindow implements AppWindow {
  url = '';
  focused = 0;
  progress: number | null = null;
  closed: () => void = () => {};
  changed: () => void = () => {};
  readonly made: Omit<WindowState, 'place'>;
  constructor(made: Omit<WindowState, 'place'>) {
    this.made = made;
  }
  async load(url: string) {
    this.url = url;
  }
  focus() {
    this.focused++;
  }
  state() {
    return { ...this.made, url: this.url };
  }
  setProgress(progress: number | null) {
    this.progress = progress;
  }
  onClosed(listener: () => void) {
    this.closed = listener;
  }
  onChanged(listener: () => void) {
    this.changed = listener;
  }
}

let made: FakeWindow[];
let stored: WindowState[];
let signedIn: string[];
const settle = () => new Promise(setImmediate);
const open = (remembered: WindowState[] = []) =>
  new Windows({
    create: (state) => {
      made.push(new FakeWindow(state));
      return made.at(-1)!;
    },
    workAreas: () => [LEFT, RIGHT],
    signIn: async (url) => void signedIn.push(url),
    remembered,
    onChanged: (states) => {
      stored = states;
    },
  });
beforeEach(() => {
  made = [];
  stored = [];
  signedIn = [];
});

test('a window that was opened before the engine was up gets its page when it is, signed in', async () => {
  const windows = open();
  windows.show();
  await settle();
  expect(made[0]!.url).toBe('');
  await windows.follow(URL_1);
  expect(made[0]!.url).toBe(`${URL_1}/#/live`);
  expect(signedIn).toEqual([URL_1]);
});

test('pages stay when the engine is back at the same address, and follow it to another one', async () => {
  const windows = open();
  await windows.follow(URL_1);
  windows.show();
  await settle();
  made[0]!.url = `${URL_1}/#/archive?at=5`;
  made[0]!.changed();
  await windows.follow(URL_1);
  expect(signedIn).toHaveLength(1);
  await windows.follow('http://127.0.0.1:9000');
  expect(made[0]!.url).toBe('http://127.0.0.1:9000/#/archive?at=5');
});

test('several windows come back, each on its page and monitor; the last one closed comes back too', async () => {
  const wall = { place: '/live', bounds: RIGHT, maximized: false, fullScreen: true };
  const archive = { place: '/archive', bounds: { ...LEFT, width: 900 }, maximized: false, fullScreen: false };
  const windows = open([wall, archive]);
  await windows.follow(URL_1);
  windows.show();
  await settle();
  expect(made.map(({ made: state, url }) => [state.bounds, state.fullScreen, url])).toEqual([
    [RIGHT, true, `${URL_1}/#/live`],
    [archive.bounds, false, `${URL_1}/#/archive`],
  ]);
  made[0]!.closed();
  expect(stored).toEqual([archive]);
  made[1]!.closed();
  expect(stored).toEqual([archive]);
  windows.show();
  await settle();
  expect(made.at(-1)!.url).toBe(`${URL_1}/#/archive`);
});

test('a place is shown in the window used last, or in a new one', async () => {
  const windows = open();
  await windows.follow(URL_1);
  windows.goTo('/events/1');
  windows.openNew('/archive');
  await settle();
  expect(made.map(({ url }) => url)).toEqual([`${URL_1}/#/events/1`, `${URL_1}/#/archive`]);
  windows.noteFocus(made[0]!);
  windows.goTo('/health');
  await settle();
  expect(made.map(({ url }) => url)).toEqual([`${URL_1}/#/health`, `${URL_1}/#/archive`]);
  expect(made[0]!.focused).toBe(1);
});

test('a live wall fills the monitor that has no window, and is an ordinary window when all have', async () => {
  const windows = open();
  await windows.follow(URL_1);
  windows.show();
  windows.openLiveWall();
  windows.openLiveWall();
  await settle();
  expect(made[1]!.made).toEqual({ bounds: RIGHT, maximized: false, fullScreen: true });
  expect(made[2]!.made.fullScreen).toBe(false);
});

test('exports show their progress on all windows, also on one opened later', async () => {
  const windows = open();
  windows.show();
  windows.setProgress(0.4);
  windows.openNew('/exports');
  expect(made.map(({ progress }) => progress)).toEqual([0.4, 0.4]);
  windows.setProgress(null);
  expect(made.map(({ progress }) => progress)).toEqual([null, null]);
});

test('a window whose page cannot be loaded gets it with the next address', async () => {
  const windows = open();
  windows.show();
  made[0]!.load = async () => Promise.reject(new Error('ERR_CONNECTION_REFUSED'));
  await expect(windows.follow(URL_1)).resolves.toBeUndefined();
});
