/**
 * Keeps the engine running in a process of its own: gives it its key, hears where it listens, starts it again when it dies.
 * Knows nothing of Electron beyond the small `EngineProcess` interface, so that its logic is tested without one.
 */
import type { EngineMessage, Notice, ShellMessage, Work } from '../../shared/desktop.ts';

export interface EngineProcess {
  postMessage(message: ShellMessage): void;
  onMessage(listener: (message: EngineMessage) => void): void;
  onExit(listener: (code: number) => void): void;
  kill(): void;
}

export interface EngineHostDeps {
  /** `port`: where to listen; 0: on any free one. */
  spawn(port: number): EngineProcess;
  /** Where it listened last time; 0: not known. */
  lastPort: number;
  /** The key to stored secrets, or null where the engine reads its key file; may ask the user. */
  takeKey(): Promise<string | null>;
  after(delayMs: number, action: () => void): () => void;
  onReady(url: string): void;
  onNotice(notice: Notice): void;
  onWork(work: Work): void;
  /** The engine died and is started again in `retryInMs`; null when it will not be (wrong settings, data folder in use). */
  onDied(code: number, retryInMs: number | null): void;
}

/** Exit codes of `serve` that another start would not mend: 2 bad settings, 3 data folder in use. */
const FINAL_EXIT_CODES = new Set([2, 3]);
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
const STOP_GRACE_MS = 12_000;

export class EngineHost {
  private readonly deps: EngineHostDeps;
  private engine: EngineProcess | null = null;
  private port: number;
  private isReady = false;
  private retryMs = FIRST_RETRY_MS;
  private cancelRetry: (() => void) | null = null;
  private stopping: (() => void) | null = null;
  private waiting: Array<(cookie: { name: string; value: string } | null) => void> = [];

  constructor(deps: EngineHostDeps) {
    this.deps = deps;
    this.port = deps.lastPort;
  }

  start(): void {
    // The same port again: open windows go on where they were, and keep what the browser stored for that origin.
    const engine = this.deps.spawn(this.port);
    this.engine = engine;
    this.isReady = false;
    engine.onMessage((message) => this.hear(engine, message));
    engine.onExit((code) => this.ended(code));
  }

  /** A session cookie for the windows of this machine, so that its owner need not type a password; null if there is no account. */
  localSession(): Promise<{ name: string; value: string } | null> {
    const engine = this.engine;
    if (!engine) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      engine.postMessage({ kind: 'local-session' });
    });
  }

  /** Asks the engine to close its recordings and end; by force if it does not within 12 s. */
  stop(): Promise<void> {
    this.cancelRetry?.();
    const engine = this.engine;
    if (!engine) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.deps.after(STOP_GRACE_MS, () => engine.kill());
      this.stopping = () => {
        cancel();
        resolve();
      };
      engine.postMessage({ kind: 'stop' });
    });
  }

  private hear(engine: EngineProcess, message: EngineMessage): void {
    switch (message.kind) {
      case 'wants-key':
        // Without an answer it would wait for ever.
        this.deps.takeKey().then(
          (key) => engine.postMessage({ kind: 'key', key }),
          () => engine.kill(),
        );
        break;
      case 'ready':
        this.isReady = true;
        this.retryMs = FIRST_RETRY_MS;
        this.port = Number(new URL(message.url).port);
        this.deps.onReady(message.url);
        break;
      case 'local-session':
        this.waiting.shift()?.(message.cookie);
        break;
      case 'notification':
        this.deps.onNotice(message.notice);
        break;
      case 'work':
        this.deps.onWork(message.work);
        break;
    }
  }

  private ended(code: number): void {
    this.engine = null;
    // The port may be why it did not come up.
    if (!this.isReady) this.port = 0;
    for (const answer of this.waiting.splice(0)) answer(null);
    if (this.stopping) {
      this.stopping();
      return;
    }
    if (FINAL_EXIT_CODES.has(code)) {
      this.deps.onDied(code, null);
      return;
    }
    const delay = this.retryMs;
    this.retryMs = Math.min(delay * 2, LONGEST_RETRY_MS);
    this.deps.onDied(code, delay);
    this.cancelRetry = this.deps.after(delay, () => this.start());
  }
}
