/** The window and its walls: sandboxed, no Node, nothing but the engine's own page, permissions refused unless listed. */
import { BrowserWindow, type Session, shell, type WebContents } from 'electron';

export interface WindowOptions {
  preloadPath: string;
  iconPath: string;
  title: string;
}

export function createWindow(options: WindowOptions): BrowserWindow {
  return new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 380,
    minHeight: 560,
    show: false,
    title: options.title,
    icon: options.iconPath,
    backgroundColor: '#16181b',
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
}

/** Permissions that the page may have: full screen for a camera, and copying a token. */
const ALLOWED_PERMISSIONS = new Set(['fullscreen', 'clipboard-sanitized-write']);

/** Refuses every permission, navigation and window that is not the engine's own; links elsewhere open in the browser. */
export function fence(contents: WebContents, session: Session, engineOrigin: () => string | null): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(ALLOWED_PERMISSIONS.has(permission) && isFrom(details.requestingUrl, engineOrigin())),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => ALLOWED_PERMISSIONS.has(permission) && isFrom(origin, engineOrigin()),
  );
  contents.on('will-navigate', (event) => {
    if (!isFrom(event.url, engineOrigin())) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (/^https?:/.test(url) && !isFrom(url, engineOrigin())) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Whether a URL belongs to the engine's page. */
export function isFrom(url: string, origin: string | null): boolean {
  return origin !== null && URL.canParse(url) && new URL(url).origin === origin;
}
