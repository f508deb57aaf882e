/** What the desktop shell adds to the page (`window.desktop`), and what it and the engine that it supervises say to each other. */

/** Absent in a browser. Every call goes to the main process, which checks that it comes from the engine's own page. */
export interface DesktopApi {
  /** `win32`, `darwin` or `linux`. */
  platform: string;
  /** Lets the user choose a folder; null if cancelled. */
  chooseFolder(): Promise<string | null>;
  /** Opens a page of the app, such as `/archive?camera=…`, in a window of its own. */
  openWindow(place: string): Promise<void>;
}

export const DESKTOP_CHANNELS = {
  chooseFolder: 'desktop:choose-folder',
  openWindow: 'desktop:open-window',
} as const;

/** Messages to the engine's utility process. */
export type ShellMessage =
  /** 64 hexadecimal digits; null: the engine uses the key file of the data folder. */
  { kind: 'key'; key: string | null } | { kind: 'local-session' } | { kind: 'stop' };

export type EngineMessage =
  /** Said first: it waits for `key`. */
  | { kind: 'wants-key' }
  | { kind: 'ready'; url: string }
  | { kind: 'local-session'; cookie: { name: string; value: string } | null }
  | { kind: 'notification'; notice: Notice }
  | { kind: 'work'; work: Work };

/** To be shown by the system, also while no window is open. */
export interface Notice {
  title: string;
  body: string;
  /** Where a click leads, as `/events/…`. */
  place: string;
  /** JPEG. */
  picture: Uint8Array | null;
}

/** What the engine is doing, as far as it shows outside the window; told whenever it changes. */
export interface Work {
  /** Something is to be recorded now: the computer must not sleep. */
  keepsAwake: boolean;
  /** By name. */
  cameras: Array<{ id: string; name: string; recording: boolean }>;
  /** 0..1 of the exports that run; null when none does. */
  exportProgress: number | null;
}
