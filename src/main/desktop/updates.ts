/**
 * Updates of an installed app: looked for once a day, downloaded only when the user says so, and installed only when the user agrees
 * to the pause in recording. Nothing is ever restarted behind the user's back.
 */

/** electron-updater, as far as it is used. */
export interface Updater {
  /** The newest version; null: this is it. */
  check(): Promise<string | null>;
  download(onProgress: (share: number) => void): Promise<void>;
  /** Ends the app, installs and starts it again. The engine must have been stopped. */
  installAndRestart(): void;
}

export type UpdateState =
  | { kind: 'idle' }
  | { kind: 'checking' }
  | { kind: 'available'; version: string }
  | { kind: 'downloading'; version: string; share: number }
  | { kind: 'ready'; version: string };

export interface UpdatesDeps {
  updater: Updater;
  /** Whether something is being recorded: then the question says what a restart costs. */
  isRecording(): boolean;
  /** True: yes. Asks the user, with the button's label for yes. */
  ask(question: { message: string; detail: string; yes: string }): Promise<boolean>;
  /** Says something that needs no answer. */
  say(message: string, detail: string): void;
  /** Closes the recordings in order. */
  stopEngine(): Promise<void>;
  onChanged(): void;
  after(delayMs: number, action: () => void): () => void;
}

const FIRST_CHECK_MS = 60_000;
const CHECK_EVERY_MS = 24 * 3_600_000;

export class Updates {
  state: UpdateState = { kind: 'idle' };
  private readonly deps: UpdatesDeps;
  private busy = false;
  /** Versions that were offered and refused are not offered again by themselves. */
  private refused: string | null = null;

  constructor(deps: UpdatesDeps) {
    this.deps = deps;
  }

  /** Looks from now on, quietly: without a network nothing is said. Returns how to stop. */
  start(): () => void {
    let cancel = this.deps.after(FIRST_CHECK_MS, () => look());
    const look = () => {
      void this.proceed('quietly');
      cancel = this.deps.after(CHECK_EVERY_MS, () => look());
    };
    return () => cancel();
  }

  /** What the menu offers. */
  label(): { label: string; enabled: boolean } {
    const { state } = this;
    switch (state.kind) {
      case 'idle':
        return { label: 'Check for updates', enabled: true };
      case 'checking':
        return { label: 'Checking for updates', enabled: false };
      case 'available':
        return { label: `Download version ${state.version}`, enabled: true };
      case 'downloading':
        return {
          label: `Downloading version ${state.version}, ${Math.floor(state.share * 100)} %`,
          enabled: false,
        };
      case 'ready':
        return { label: `Install version ${state.version} and restart`, enabled: true };
    }
  }

  /** The user asked: the next step from wherever it stands. */
  next(): Promise<void> {
    return this.proceed('asked');
  }

  private async proceed(why: 'asked' | 'quietly'): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      if (this.state.kind !== 'ready') await this.checkAndDownload(why);
      else if (why === 'asked') await this.install(this.state.version);
    } catch (error) {
      if (why === 'asked') this.deps.say('The update did not work.', (error as Error).message);
    } finally {
      this.busy = false;
    }
  }

  private async checkAndDownload(why: 'asked' | 'quietly'): Promise<void> {
    const { updater, ask, say } = this.deps;
    this.put({ kind: 'checking' });
    let version: string | null;
    try {
      version = await updater.check();
    } catch (error) {
      this.put({ kind: 'idle' });
      throw error;
    }
    if (version === null) {
      this.put({ kind: 'idle' });
      if (why === 'asked') say('This is the newest version.', '');
      return;
    }
    this.put({ kind: 'available', version });
    if (why === 'quietly' && version === this.refused) return;
    const wanted = await ask({
      message: `Version ${version} is available.`,
      detail: 'It is downloaded while recording goes on. You say when it is installed.',
      yes: 'Download',
    });
    if (!wanted) {
      this.refused = version;
      return;
    }
    this.put({ kind: 'downloading', version, share: 0 });
    try {
      await updater.download((share) => this.put({ kind: 'downloading', version, share }));
    } catch (error) {
      this.put({ kind: 'available', version });
      throw error;
    }
    this.put({ kind: 'ready', version });
    await this.install(version);
  }

  private async install(version: string): Promise<void> {
    const { updater, ask, isRecording, stopEngine } = this.deps;
    const agreed = await ask({
      message: `Version ${version} is ready to be installed.`,
      detail: isRecording()
        ? 'Recording stops for about a minute while the app is restarted. Not now: it stays ready, under the same menu entry.'
        : 'The app is restarted. Not now: it stays ready, under the same menu entry.',
      yes: 'Install and restart',
    });
    if (!agreed) return;
    await stopEngine();
    updater.installAndRestart();
  }

  private put(state: UpdateState): void {
    const before = this.label().label;
    this.state = state;
    if (this.label().label !== before) this.deps.onChanged();
  }
}
