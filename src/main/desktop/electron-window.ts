/** A window of the app in Electron, and its walls: sandboxed, no Node, nothing but the engine's own page. */
import { BrowserWindow, type Session, shell, type WebContents } from 'electron';
import { isFrom, mayRequest, mayUsePermission, type Origin, planOpening } from './fences.ts';
import type { Bounds } from './shell-state.ts';
import type { AppWindow } from './windows.ts';

export interface WindowOptions {
  preloadPath: string;
  iconPath: string;
  title: string;
  bounds: Bounds;
  maximized: boolean;
  fullScreen: boolean;
  engineOrigin(): Origin;
  /** The page asks for a window of its own. */
  onOpen(url: string): void;
  onFocus(): void;
}

/** A window is shown when its first page is painted. */
export function createWindow(options: WindowOptions): AppWindow {
  const window = new BrowserWindow({
    ...options.bounds,
    minWidth: 380,
    minHeight: 560,
    show: false,
    title: options.title,
    icon: options.iconPath,
    backgroundColor: '#16181b',
    autoHideMenuBar: true,
    fullscreen: options.fullScreen,
    webPreferences: {
      preload: options.preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (options.maximized) window.maximize();
  fenceContents(window.webContents, options);
  window.once('ready-to-show', () => window.show());
  window.on('focus', options.onFocus);
  return {
    load: (url) => window.loadURL(url),
    focus() {
      if (window.isMinimized()) window.restore();
      window.focus();
    },
    state: () => ({
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
      fullScreen: window.isFullScreen(),
      url: window.webContents.getURL(),
    }),
    setProgress: (progress) => window.setProgressBar(progress ?? -1),
    onClosed: (listener) => window.on('closed', listener),
    onChanged(listener) {
      window.on('move', listener);
      window.on('resize', listener);
      window.on('enter-full-screen', listener);
      window.on('leave-full-screen', listener);
      window.webContents.on('did-navigate-in-page', listener);
    },
  };
}

/** Refuses every permission and every request that does not go to the engine. Once, for the session of all windows. */
export function fenceSession(session: Session, engineOrigin: () => Origin): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(mayUsePermission(permission, details.requestingUrl, engineOrigin())),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    mayUsePermission(permission, origin, engineOrigin()),
  );
  session.setDevicePermissionHandler(() => false);
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*', 'ftp://*/*'];
  session.webRequest.onBeforeRequest({ urls }, ({ url }, answer) =>
    answer({ cancel: !mayRequest(url, engineOrigin()) }),
  );
}

/** Refuses navigation elsewhere, frames of other origins and embedded views; links to other websites open in the user's browser. */
function fenceContents(contents: WebContents, { engineOrigin, onOpen }: WindowOptions): void {
  const keepHere = (event: { preventDefault(): void; url: string }) => {
    if (!isFrom(event.url, engineOrigin())) event.preventDefault();
  };
  contents.on('will-navigate', keepHere);
  contents.on('will-frame-navigate', keepHere);
  contents.on('will-redirect', keepHere);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const plan = planOpening(url, engineOrigin());
    if (plan === 'browser') void shell.openExternal(url);
    if (plan === 'window') onOpen(url);
    return { action: 'deny' };
  });
}
