/** H.264 of one piece of footage, while it comes out of the encoder and afterwards. */
import type { Fragment, StreamDescription } from '../media/fragment.ts';

/** Wakes all who wait for it when something new is there. */
export class Conversion {
  readonly pictures: Fragment[] = [];
  /** Null until the first picture. */
  description: StreamDescription | null = null;
  sizeBytes = 0;
  private readonly aborter = new AbortController();
  private outcome: { failure: unknown } | 'running' | 'whole' = 'running';
  private readonly waiting = new Set<() => void>();
  private readers = 0;

  /** Aborted when the last reader has left before it was whole. */
  get signal(): AbortSignal {
    return this.aborter.signal;
  }

  get isWhole(): boolean {
    return this.outcome === 'whole';
  }

  add(picture: Fragment): void {
    this.pictures.push(picture);
    this.sizeBytes += picture.data.length;
    this.wake();
  }

  end(failure?: { failure: unknown }): void {
    this.outcome = failure ?? 'whole';
    this.wake();
  }

  /** Somebody reads it until `signal` says that they have left. */
  join(signal: AbortSignal): void {
    this.readers++;
    const leave = () => {
      if (--this.readers === 0 && this.outcome === 'running') this.aborter.abort();
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  }

  /** All of its pictures, those to come too. Throws what ended the conversion, and the signal's reason. */
  async *read(signal: AbortSignal): AsyncGenerator<Fragment> {
    for (let index = 0; ; index++) {
      while (index >= this.pictures.length && this.outcome === 'running') await this.change(signal);
      const picture = this.pictures[index];
      if (picture) yield picture;
      else if (typeof this.outcome === 'object') throw this.outcome.failure;
      else return;
    }
  }

  private async change(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((done) => {
      const go = () => {
        this.waiting.delete(go);
        signal.removeEventListener('abort', go);
        done();
      };
      this.waiting.add(go);
      signal.addEventListener('abort', go);
    });
    signal.throwIfAborted();
  }

  private wake(): void {
    for (const go of this.waiting) go();
  }
}
