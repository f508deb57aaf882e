/** The menus of the app and of its tray, as data. Pure: what an entry does is in `MenuActions`. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Work } from '../../shared/desktop.ts';

export interface MenuActions {
  show(): void;
  goTo(place: string): void;
  openWindow(place: string): void;
  openLiveWall(): void;
  setStartsAtLogin(enabled: boolean): void;
  checkForUpdates(): void;
  quit(): void;
}

export interface MenuState {
  platform: NodeJS.Platform;
  /** Null until the engine has said. */
  work: Work | null;
  /** Null: started from its sources, which the system cannot start. */
  startsAtLogin: boolean | null;
  /** What can be done about updates now; null: this build does not update itself. */
  updates: { label: string; enabled: boolean } | null;
}

type Item = MenuItemConstructorOptions;

const TITLE = 'Threshold NVR';
const SEPARATOR: Item = { type: 'separator' };
const QUIT = 'Stop recording and quit';
const PAGES = [
  ['Live', '/live'],
  ['Archive', '/archive'],
  ['Events', '/events'],
  ['Access', '/access'],
  ['Exports', '/exports'],
  ['Health', '/health'],
  ['Settings', '/settings'],
] as const;
/** A tray menu is no list of a hundred cameras. */
const MOST_CAMERAS = 24;

export function buildTrayMenu(state: MenuState, actions: MenuActions): Item[] {
  const cameras = state.work?.cameras ?? [];
  return [
    { label: sayWork(state.work), enabled: false },
    SEPARATOR,
    { label: `Open ${TITLE}`, click: () => actions.show() },
    { label: 'Open a live wall', click: () => actions.openLiveWall() },
    {
      label: 'Cameras',
      enabled: cameras.length > 0,
      submenu: [
        ...cameras.slice(0, MOST_CAMERAS).map(
          ({ id, name, recording }): Item => ({
            label: recording ? name : `${name} (not recording)`,
            click: () => actions.goTo(`/live?camera=${id}`),
          }),
        ),
        ...(cameras.length > MOST_CAMERAS
          ? [SEPARATOR, { label: 'All cameras', click: () => actions.goTo('/live') }]
          : []),
      ],
    },
    SEPARATOR,
    ...startsAtLogin(state, actions),
    ...updates(state, actions),
    SEPARATOR,
    { label: QUIT, click: () => actions.quit() },
  ];
}

export function buildAppMenu(state: MenuState, actions: MenuActions): Item[] {
  const isMac = state.platform === 'darwin';
  const quit: Item = { label: QUIT, accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() };
  const own: Item = {
    label: TITLE,
    submenu: [
      { role: 'about' },
      ...updates(state, actions),
      SEPARATOR,
      ...startsAtLogin(state, actions),
      SEPARATOR,
      { role: 'hide' },
      { role: 'hideOthers' },
      SEPARATOR,
      quit,
    ],
  };
  const file: Item = {
    label: 'File',
    submenu: [
      { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: () => actions.openWindow('/live') },
      { label: 'Archive in a new window', click: () => actions.openWindow('/archive') },
      { label: 'Live wall', accelerator: 'CmdOrCtrl+Shift+L', click: () => actions.openLiveWall() },
      SEPARATOR,
      { role: 'close', label: 'Close window (recording goes on)' },
      ...(isMac ? [] : [SEPARATOR, ...startsAtLogin(state, actions), SEPARATOR, quit]),
    ],
  };
  const go: Item = {
    label: 'Go',
    submenu: PAGES.map(([label, place], index) => ({
      label,
      accelerator: `CmdOrCtrl+${index + 1}`,
      click: () => actions.goTo(place),
    })),
  };
  const view: Item = {
    label: 'View',
    submenu: [
      { role: 'reload' },
      SEPARATOR,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      SEPARATOR,
      { role: 'togglefullscreen' },
    ],
  };
  const help: Item = { role: 'help', submenu: [{ role: 'about' }, ...updates(state, actions)] };
  return [
    ...(isMac ? [own] : []),
    file,
    { role: 'editMenu' },
    view,
    go,
    { role: 'windowMenu' },
    ...(isMac ? [] : [help]),
  ];
}

/** What the tray says when the pointer rests on it, and on its menu's first line. */
export function sayWork(work: Work | null): string {
  if (!work) return 'Starting';
  const { cameras } = work;
  if (cameras.length === 0) return 'No camera yet';
  const recorded = cameras.filter(({ recording }) => recording).length;
  if (recorded === 0) return 'Not recording';
  if (recorded < cameras.length) return `Recording ${recorded} of ${cameras.length} cameras`;
  return recorded === 1 ? 'Recording 1 camera' : `Recording all ${recorded} cameras`;
}

function startsAtLogin({ startsAtLogin: checked }: MenuState, actions: MenuActions): Item[] {
  if (checked === null) return [];
  const click: Item['click'] = (item) => actions.setStartsAtLogin(item.checked);
  return [{ label: 'Start when I sign in', type: 'checkbox', checked, click }];
}

function updates({ updates: offered }: MenuState, actions: MenuActions): Item[] {
  return offered ? [{ ...offered, click: () => actions.checkForUpdates() }] : [];
}
