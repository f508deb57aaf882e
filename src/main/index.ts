/**
 * The desktop app: one instance, the engine in a process of its own, a window that may close while recording goes on, a tray.
 * Logic that can be tested without Electron is in `desktop/`.
 */
import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  powerSaveBlocker,
  session,
  Tray,
  utilityProcess,
} from 'electron';
import { DESKTOP_CHANNELS, type EngineMessage } from '../shared/desktop.ts';
import { EngineHost, type EngineProcess } from './desktop/engine-host.ts';
import { createWindow, fence, isFrom } from './desktop/window.ts';

const TITLE = 'Threshold NVR';
const HIDDEN_FLAG = '--hidden';
const resources = app.isPackaged
  ? join(process.resourcesPath, 'resources')
  : join(import.meta.dirname, '../../resources');
const iconPath = join(resources, 'icon.png');

let window: BrowserWindow | null = null;
let tray: Tray | null = null;
let engineUrl: string | null = null;
let quitting = false;

const host = new EngineHost({
  spawn: spawnEngine,
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
  onReady(url) {
    engineUrl = url;
    void loadPage();
  },
  onNotification({ title, body }) {
    if (!Notification.isSupported()) return;
    const note = new Notification({ title, body, icon: iconPath });
    note.on('click', showWindow);
    note.show();
  },
  onDied(code, retryInMs) {
    engineUrl = null;
    if (retryInMs !== null) return;
    const reason =
      code === 3
        ? 'Another Threshold NVR is already running on this data folder.'
        : 'The recorder could not start with its settings.';
    dialog.showErrorBox(
      TITLE,
      `${reason} Close the other one, or see the log in ${app.getPath('userData')}.`,
    );
    app.quit();
  },
});

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  // Recording goes on without a window: only 'Quit' in the tray or menu ends it.
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
  powerSaveBlocker.start('prevent-app-suspension');
  answerCalls();
  makeTray();
  host.start();
  if (!process.argv.includes(HIDDEN_FLAG)) showWindow();
}

function spawnEngine(): EngineProcess {
  const data = process.env.THRESHOLD_DATA ?? join(app.getPath('userData'), 'data');
  const child = utilityProcess.fork(
    join(import.meta.dirname, 'serve.js'),
    ['--data', data, '--listen', '127.0.0.1:0'],
    {
      serviceName: 'Threshold NVR engine',
      stdio: 'inherit',
    },
  );
  return {
    postMessage: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', (message: EngineMessage) => listener(message)),
    onExit: (listener) => child.on('exit', (code) => listener(code)),
    kill: () => child.kill(),
  };
}

function showWindow(): void {
  if (!window) {
    window = createWindow({
      preloadPath: join(import.meta.dirname, '../preload/index.cjs'),
      iconPath,
      title: TITLE,
    });
    fence(window.webContents, session.defaultSession, () => engineUrl && new URL(engineUrl).origin);
    window.once('ready-to-show', () => window?.show());
    window.on('closed', () => {
      window = null;
    });
    void loadPage();
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

async function loadPage(): Promise<void> {
  if (!window || !engineUrl) return;
  const cookie = await host.localSession();
  if (cookie)
    await session.defaultSession.cookies.set({
      url: engineUrl,
      ...cookie,
      httpOnly: true,
      sameSite: 'strict',
    });
  await window?.loadURL(engineUrl);
}

function makeTray(): void {
  tray = new Tray(nativeImage.createFromPath(iconPath).resize({ width: 18, height: 18 }));
  tray.setToolTip(TITLE);
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open Threshold NVR', click: showWindow },
      { type: 'separator' },
      { label: 'Stop recording and quit', click: () => app.quit() },
    ]),
  );
  tray.on('click', showWindow);
}

/** Answers `window.desktop`, and nobody but the engine's own page in the main frame. */
function answerCalls(): void {
  const handle = <T>(channel: string, answer: (argument: unknown) => T | Promise<T>) =>
    ipcMain.handle(channel, (event, argument: unknown) => {
      const frame = event.senderFrame;
      if (!frame || frame.parent || !isFrom(frame.url, engineUrl && new URL(engineUrl).origin))
        throw new Error('refused');
      return answer(argument);
    });
  handle(DESKTOP_CHANNELS.chooseFolder, async () => {
    const chosen = await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] });
    return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
  });
  handle(DESKTOP_CHANNELS.startsAtLogin, () => app.getLoginItemSettings().openAtLogin);
  handle(DESKTOP_CHANNELS.setStartsAtLogin, (enabled) =>
    app.setLoginItemSettings({ openAtLogin: enabled === true, args: [HIDDEN_FLAG] }),
  );
}
