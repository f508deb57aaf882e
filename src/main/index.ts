/**
 * The desktop app: one instance, the engine in a process of its own, windows that may close while recording goes on, a tray.
 * Logic that can be tested without Electron is in `desktop/`; here it is connected with the system.
 */
import { join } from 'node:path';
import {
  app,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  screen,
  session,
  Tray,
} from 'electron';
import { DESKTOP_CHANNELS, type Work } from '../shared/desktop.ts';
import { askForKey, spawnEngine, systemKeyStore } from './desktop/electron-engine.ts';
import { showNotice } from './desktop/electron-notice.ts';
import { createUpdates } from './desktop/electron-updates.ts';
import { createWindow, fenceSession } from './desktop/electron-window.ts';
import { EngineHost } from './desktop/engine-host.ts';
import { isTrustedSender } from './desktop/fences.ts';
import { moveKeyToFile } from './desktop/key-keeper.ts';
import { LogFile } from './desktop/log-file.ts';
import { AutostartFile, HIDDEN_FLAG, type LoginItem } from './desktop/login-item.ts';
import { buildAppMenu, buildTrayMenu, type MenuActions, type MenuState, sayWork } from './desktop/menus.ts';
import { findLink, LINK_SCHEME, parseLink } from './desktop/place.ts';
import { PowerKeeper } from './desktop/power.ts';
import { readShellState, type ShellState, writeShellState } from './desktop/shell-state.ts';
import { type AppWindow, Windows } from './desktop/windows.ts';

const TITLE = 'Threshold NVR';
const KEY_TO_FILE_FLAG = '--key-to-file';
const STORE_AFTER_MS = 500;

/** The engine and what it runs with are files of their own, not in the archive: programs that it starts cannot read from that. */
const programFolder = join(import.meta.dirname, '../..').replace(/app\.asar$/, 'app.asar.unpacked');
const iconPath = join(programFolder, 'resources/icons/icon.png');
const dataDir = process.env.THRESHOLD_DATA ?? join(app.getPath('userData'), 'data');
const statePath = join(app.getPath('userData'), 'shell.json');
const log = new LogFile(join(app.getPath('userData'), 'logs/engine.log'));

let state: ShellState = readShellState(statePath);
let isStoring = false;
let tray: Tray | null = null;
let work: Work | null = null;
let engineUrl: string | null = null;
/** A link that came before the app was ready. */
let linked: string | null = findLink(process.argv);
let quitting = false;

const engineOrigin = () => engineUrl && new URL(engineUrl).origin;
const power = new PowerKeeper({
  start: () => powerSaveBlocker.start('prevent-app-suspension'),
  stop: (id) => void powerSaveBlocker.stop(id),
});

const windows = new Windows({
  create(placed) {
    const window: AppWindow = createWindow({
      ...{ ...placed, iconPath, title: TITLE, engineOrigin },
      preloadPath: join(import.meta.dirname, '../preload/index.cjs'),
      onOpen: (url) => windows.openUrl(url),
      onFocus: () => windows.noteFocus(window),
    });
    return window;
  },
  workAreas: () => {
    const primary = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
    return [primary, ...others].map(({ workArea }) => workArea);
  },
  async signIn(url) {
    const cookie = await host.localSession();
    if (!cookie) return;
    const { cookies } = session.defaultSession;
    await cookies.set({ url, ...cookie, httpOnly: true, sameSite: 'strict' });
  },
  remembered: state.windows,
  onChanged: (states) => remember({ windows: states }),
});

const host = new EngineHost({
  spawn: (port) => spawnEngine(join(programFolder, 'out/main/serve.js'), dataDir, port, log),
  lastPort: state.port,
  takeKey: () => askForKey(app, dataDir, systemKeyStore(safeStorage)),
  after,
  onReady(url) {
    engineUrl = url;
    remember({ port: Number(new URL(url).port) });
    void windows.follow(url);
  },
  onNotice: (notice) => showNotice(notice, iconPath, (place) => windows.goTo(place)),
  onWork(now) {
    power.keepAwake(now.keepsAwake);
    windows.setProgress(now.exportProgress);
    const showsTheSame = sayMenus(now) === sayMenus(work);
    work = now;
    if (!showsTheSame) buildMenus();
  },
  onDied(code, retryInMs) {
    if (retryInMs !== null) return;
    const reason =
      code === 3
        ? 'Another Threshold NVR is already running on this data folder. Close the other one.'
        : 'The recorder could not start with its settings.';
    dialog.showErrorBox(TITLE, `${reason}\n\nThe log is in ${log.path}.`);
    app.quit();
  },
});

const updates = createUpdates({
  isRecording: () => work?.cameras.some(({ recording }) => recording) ?? false,
  stopEngine() {
    quitting = true;
    return host.stop();
  },
  onChanged: () => buildMenus(),
  after,
});

const actions: MenuActions = {
  show: () => windows.show(),
  goTo: (place) => windows.goTo(place),
  openWindow: (place) => windows.openNew(place),
  openLiveWall: () => windows.openLiveWall(),
  setStartsAtLogin: (enabled) => {
    loginItem.setEnabled(enabled);
    buildMenus();
  },
  checkForUpdates: () => void updates?.next(),
  quit: () => app.quit(),
};

const loginItem: LoginItem =
  process.platform === 'linux'
    ? new AutostartFile(
        process.env.XDG_CONFIG_HOME ?? join(app.getPath('home'), '.config'),
        process.env.APPIMAGE ?? app.getPath('exe'),
      )
    : {
        isEnabled: () => app.getLoginItemSettings({ args: [HIDDEN_FLAG] }).openAtLogin,
        setEnabled: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, args: [HIDDEN_FLAG] }),
      };

if (process.argv.includes(KEY_TO_FILE_FLAG)) {
  void app.whenReady().then(giveKeyToFile);
} else if (app.requestSingleInstanceLock()) {
  app.setAppUserModelId('nvr.threshold.desktop');
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_event, argv) => {
    if (!argv.includes(HIDDEN_FLAG)) open(findLink(argv));
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    if (app.isReady()) open(parseLink(url));
    else linked = parseLink(url);
  });
  app.on('activate', () => open(null));
  // Recording goes on without a window: only 'Stop recording and quit' ends it.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (quitting) return;
    event.preventDefault();
    quitting = true;
    void host.stop().finally(() => app.quit());
  });
  void app.whenReady().then(run);
} else {
  app.quit();
}

function run(): void {
  fenceSession(session.defaultSession, engineOrigin);
  answerCalls();
  tray = new Tray(nativeImage.createFromPath(iconPath).resize({ width: 18, height: 18 }));
  tray.on('click', () => open(null));
  buildMenus();
  // The computer is being shut down: what has been recorded is closed in order.
  powerMonitor.on('shutdown', () => app.quit());
  host.start();
  updates?.start();
  if (!process.argv.includes(HIDDEN_FLAG) && !app.getLoginItemSettings().wasOpenedAtLogin) open(linked);
}

function after(delayMs: number, action: () => void): () => void {
  const timer = setTimeout(action, delayMs);
  return () => clearTimeout(timer);
}

function open(place: string | null): void {
  if (place === null) windows.show();
  else windows.goTo(place);
}

function buildMenus(): void {
  const shown: MenuState = {
    platform: process.platform,
    work,
    startsAtLogin: app.isPackaged ? loginItem.isEnabled() : null,
    updates: updates?.label() ?? null,
  };
  tray?.setToolTip(`${TITLE}: ${sayWork(work)}`);
  tray?.setContextMenu(Menu.buildFromTemplate(buildTrayMenu(shown, actions)));
  Menu.setApplicationMenu(Menu.buildFromTemplate(buildAppMenu(shown, actions)));
}

/** What of the work stands in menus: they are not made anew for every step of an export. */
function sayMenus(shown: Work | null): string {
  return JSON.stringify(shown?.cameras ?? null);
}

function remember(changes: Partial<ShellState>): void {
  state = { ...state, ...changes };
  // A window that is being dragged changes many times a second.
  if (isStoring) return;
  isStoring = true;
  setTimeout(() => {
    isStoring = false;
    writeShellState(statePath, state);
  }, STORE_AFTER_MS);
}

/** Answers `window.desktop`, and nobody but the engine's own page in the main frame. */
function answerCalls(): void {
  const handle = <T>(channel: string, answer: (argument: unknown) => T | Promise<T>) =>
    ipcMain.handle(channel, (event, argument: unknown) => {
      if (!isTrustedSender(event.senderFrame, engineOrigin())) throw new Error('refused');
      return answer(argument);
    });
  handle(DESKTOP_CHANNELS.chooseFolder, async () => {
    const chosen = await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] });
    return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
  });
  handle(DESKTOP_CHANNELS.openWindow, (place) => windows.openUrl(`${engineUrl}/#${String(place)}`));
}

/** `--key-to-file`: for going on headless with this data folder. Says what became of it, and ends. */
async function giveKeyToFile(): Promise<void> {
  const moved = await moveKeyToFile(dataDir, systemKeyStore(safeStorage)).catch(() => false);
  process.stdout.write(
    moved
      ? `The key is in ${join(dataDir, 'secrets/key')}, readable by you alone.\n`
      : `The key store gives no key for ${dataDir}: it is locked, or the folder belongs to another user.\n`,
  );
  app.exit(moved ? 0 : 1);
}
