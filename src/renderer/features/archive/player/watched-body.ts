/**
 * The bytes of an answer on their way to their reader, with the time that was waited for them: what lies between two readings, while
 * a buffer is full, does not count. The reader tells how much footage they were.
 */
import type { Came } from './stream-choice.ts';

/** The connection does not keep up with this answer: ask again, for something smaller. */
export class TooSlowError extends Error {}

export type MediaBytes = Uint8Array<ArrayBuffer>;

export interface BodyWatcher {
  /** Called from time to time while more is waited for. */
  look(came: Came): void;
  /** `whole`: all of it has been read. Otherwise it broke off or nobody reads it any longer. */
  end(came: Came, whole: boolean): void;
}

const LOOK_MS = 250;

export class WatchedBody {
  readonly body: ReadableStream<MediaBytes>;
  readonly #reader: ReadableStreamDefaultReader<MediaBytes>;
  readonly #watcher: BodyWatcher;
  #footageMs = 0;
  #waitedMs = 0;
  #waitingSinceMs: number | null = null;
  #givenUp: Error | null = null;

  constructor(source: ReadableStream<MediaBytes>, watcher: BodyWatcher) {
    this.#reader = source.getReader();
    this.#watcher = watcher;
    this.body = new ReadableStream<MediaBytes>(
      {
        pull: (controller) => this.#pull(controller),
        cancel: (reason) => {
          watcher.end(this.#came(), false);
          return this.#reader.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** So much footage has been read in all. */
  noteFootage(footageMs: number): void {
    this.#footageMs = footageMs;
  }

  /** Ends the answer with this error for its reader. */
  giveUp(error: Error): void {
    this.#givenUp = error;
    void this.#reader.cancel(error).catch(() => {}); // it may have broken off by itself
  }

  async #pull(controller: ReadableStreamDefaultController<MediaBytes>): Promise<void> {
    this.#waitingSinceMs = performance.now();
    const look = () => this.#watcher.look(this.#came());
    look();
    const timer = setInterval(look, LOOK_MS);
    const read = await this.#reader.read().catch((thrown: unknown) => ({ thrown }));
    clearInterval(timer);
    this.#waitedMs = this.#came().waitedMs;
    this.#waitingSinceMs = null;
    if ('thrown' in read || this.#givenUp) {
      this.#watcher.end(this.#came(), false);
      controller.error(this.#givenUp ?? ('thrown' in read ? read.thrown : null));
    } else if (read.done) {
      this.#watcher.end(this.#came(), true);
      controller.close();
    } else controller.enqueue(read.value);
  }

  #came(): Came {
    const since = this.#waitingSinceMs;
    const waitingMs = since === null ? 0 : performance.now() - since;
    return { footageMs: this.#footageMs, waitedMs: this.#waitedMs + waitingMs };
  }
}
