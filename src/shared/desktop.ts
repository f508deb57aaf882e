/** What the desktop shell adds to the page (`window.desktop`), and what it says to the engine it supervises. */

/** Absent in a browser. Every call goes to the main process, which checks that it comes from the engine's own page. */
export interface DesktopApi {
  /** `win32`, `darwin` or `linux`. */
  platform: string;
  /** Lets the user choose a folder; null if cancelled. */
  chooseFolder(): Promise<string | null>;
  startsAtLogin(): Promise<boolean>;
  setStartsAtLogin(enabled: boolean): Promise<void>;
}

export const DESKTOP_CHANNELS = {
  chooseFolder: 'desktop:choose-folder',
  startsAtLogin: 'desktop:starts-at-login',
  setStartsAtLogin: 'desktop:set-starts-at-login',
} as const;

/** Messages between the shell and the engine's utility process. */
export type ShellMessage = { kind: 'local-session' } | { kind: 'stop' };
export type EngineMessage =
  | { kind: 'ready'; url: string }
  | { kind: 'local-session'; cookie: { name: string; value: string } | null }
  /** To be shown by the system, also while the window is closed. */
  | { kind: 'notification'; title: string; body: string };
