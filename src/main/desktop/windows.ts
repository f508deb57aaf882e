/**
 * The windows of the app: one or several, each on a page and monitor of its own, put back where they were at the next start.
 * All may be closed while recording goes on; the last one then comes back as it was.
 */
import { type Bounds, findFreeArea, fitBounds, type WindowState } from './shell-state.ts';

/** One window of the system. */
export interface AppWindow {
  /** Loads the app's page at a place; rejects when that cannot be reached. */
  load(url: string): Promise<void>;
  /** In front, with the keyboard; restored when it was minimised. */
  focus(): void;
  /** Where it stands and what it shows now. */
  state(): Omit<WindowState, 'place'> & { url: string };
  /** 0..1 on the taskbar or dock; null: none. */
  setProgress(progress: number | null): void;
  onClosed(listener: () => void): void;
  /** Moved, resized, or gone to another page. */
  onChanged(listener: () => void): void;
}

export interface WindowsDeps {
  create(state: Omit<WindowState, 'place'>): AppWindow;
  /** Of all displays, the primary one first. */
  workAreas(): Bounds[];
  /** Called before a page is loaded: gives the windows their session. */
  signIn(url: string): Promise<void>;
  remembered: readonly WindowState[];
  /** The windows have changed; to be stored. */
  onChanged(states: WindowState[]): void;
}

const FIRST_PLACE = '/live';
const NO_STATE = { maximized: false, fullScreen: false };

export class Windows {
  private readonly deps: WindowsDeps;
  /** The one that had the focus last is the last one. */
  private readonly open = new Map<AppWindow, { place: string }>();
  private remembered: readonly WindowState[];
  private url: string | null = null;
  private progress: number | null = null;

  constructor(deps: WindowsDeps) {
    this.deps = deps;
    this.remembered = deps.remembered;
  }

  /** The engine listens here from now on: windows that were elsewhere are brought to it. */
  async follow(url: string): Promise<void> {
    const isNew = url !== this.url;
    this.url = url;
    // At the same address the pages notice for themselves that it is back.
    if (isNew) await Promise.all([...this.open.keys()].map((window) => this.load(window)));
  }

  /** Brings the app to the front: its windows as they were, or those that are open. */
  show(): void {
    if (this.open.size > 0) {
      for (const window of this.open.keys()) window.focus();
      return;
    }
    const states =
      this.remembered.length > 0 ? this.remembered : [{ ...NO_STATE, place: FIRST_PLACE, bounds: null }];
    for (const { place, bounds, maximized, fullScreen } of states)
      this.add(place, bounds, { maximized, fullScreen });
  }

  /** Shows a page: in the window used last, or in a new one when none is open. */
  goTo(place: string): void {
    const window = [...this.open.keys()].at(-1);
    if (!window) {
      const last = this.remembered.at(-1);
      this.add(place, last?.bounds ?? null, NO_STATE);
      return;
    }
    this.open.set(window, { place });
    window.focus();
    void this.load(window);
  }

  /** A further window, a step beside the one used last. */
  openNew(place: string): void {
    const last = [...this.open.keys()].at(-1)?.state().bounds;
    this.add(place, last ? { ...last, x: last.x + STEP, y: last.y + STEP } : null, NO_STATE);
  }

  /** A link of the page's own that asks for a window. */
  openUrl(url: string): void {
    this.openNew(placeIn(url) ?? FIRST_PLACE);
  }

  /** All cameras, full screen, on a monitor that has no window yet; where each has one, in a window beside the others. */
  openLiveWall(): void {
    const windows = [...this.open.keys()].map((window) => window.state().bounds);
    const free = findFreeArea(this.deps.workAreas(), windows);
    if (free) this.add(FIRST_PLACE, free, { maximized: false, fullScreen: true });
    else this.openNew(FIRST_PLACE);
  }

  /** How far running exports are, on every window's button in the taskbar. */
  setProgress(progress: number | null): void {
    this.progress = progress;
    for (const window of this.open.keys()) window.setProgress(progress);
  }

  /** A window got the keyboard. */
  noteFocus(window: AppWindow): void {
    const facts = this.open.get(window);
    if (!facts) return;
    this.open.delete(window);
    this.open.set(window, facts);
  }

  private add(place: string, bounds: Bounds | null, rest: Omit<WindowState, 'place' | 'bounds'>): void {
    const window = this.deps.create({ ...rest, bounds: fitBounds(bounds, this.deps.workAreas()) });
    this.open.set(window, { place });
    if (this.progress !== null) window.setProgress(this.progress);
    window.onChanged(() => this.remember());
    window.onClosed(() => {
      this.open.delete(window);
      // The last one is remembered as it was: the app goes on without it.
      if (this.open.size > 0) this.remember();
    });
    void this.load(window).then(() => this.remember());
  }

  private async load(window: AppWindow): Promise<void> {
    const { url } = this;
    const place = this.placeOf(window);
    if (url === null || place === null) return;
    try {
      await this.deps.signIn(url);
      await window.load(`${url}/#${place}`);
    } catch {
      // The engine went away meanwhile, or the window did: `follow` loads the page again.
    }
  }

  private placeOf(window: AppWindow): string | null {
    return this.open.get(window)?.place ?? null;
  }

  private remember(): void {
    const states = [...this.open].map(([window, facts]): WindowState => {
      const { url, ...state } = window.state();
      facts.place = placeIn(url) ?? facts.place;
      return { ...state, place: facts.place };
    });
    if (states.length === 0) return;
    this.remembered = states;
    this.deps.onChanged(states);
  }
}

const STEP = 32;

/** The page in an address of the app: what stands after `#`. */
function placeIn(url: string): string | null {
  const place = URL.canParse(url) ? new URL(url).hash.slice(1) : '';
  return place.startsWith('/') ? place : null;
}
