/** Puts pieces of a stream of raw pictures together to whole ones, in buffers from a pool. */

/** Whole pictures that may wait to be taken before no more is read. */
const MOST_WAITING = 2;

/** Buffers of pictures that nobody needs any more, to be filled again: a fresh one for each picture costs more than the analysis of it. */
export class BufferPool {
  private spare: Uint8Array[] = [];

  take(bytes: number): Uint8Array {
    const fits = this.spare.findIndex((buffer) => buffer.length === bytes);
    return fits < 0 ? new Uint8Array(bytes) : this.spare.splice(fits, 1)[0]!;
  }

  /** The caller must not touch the buffer afterwards. More than a few are let go. */
  give(buffer: Uint8Array): void {
    if (this.spare.length >= 4) this.spare.shift();
    this.spare.push(buffer);
  }
}

export class FrameAssembler {
  private readonly frameBytes: number;
  private readonly pool: BufferPool;
  private readonly resume: () => void;
  private readonly waiting: Uint8Array[] = [];
  private data: Uint8Array | null = null;
  private filled = 0;
  private ended = false;
  private wake: (() => void) | null = null;

  /** `resume` is called when more may come after `push` has said otherwise. */
  constructor(frameBytes: number, pool: BufferPool, resume: () => void) {
    this.frameBytes = frameBytes;
    this.pool = pool;
    this.resume = resume;
  }

  /** Where the next bytes go: what is left of the picture under way. Valid until `fill` or `push`. */
  get space(): Uint8Array {
    this.data ??= this.pool.take(this.frameBytes);
    return this.data.subarray(this.filled);
  }

  /** So many bytes have been written to `space`; false: no more for now. */
  fill(bytes: number): boolean {
    this.filled += bytes;
    if (this.data && this.filled === this.frameBytes) {
      this.waiting.push(this.data);
      this.data = null;
      this.filled = 0;
      this.signal();
    }
    return this.waiting.length < MOST_WAITING;
  }

  /** Takes all of the bytes; false: no more for now. */
  push(bytes: Uint8Array): boolean {
    let goesOn = true;
    for (let from = 0; from < bytes.length; ) {
      const { space } = this;
      const take = Math.min(space.length, bytes.length - from);
      space.set(bytes.subarray(from, from + take));
      goesOn = this.fill(take);
      from += take;
    }
    return goesOn;
  }

  /** No more will come; whole pictures that wait can still be taken. */
  end(): void {
    this.ended = true;
    this.signal();
  }

  /** The next picture, the caller's own; null after the last. */
  async next(): Promise<Uint8Array | null> {
    while (this.waiting.length === 0) {
      if (this.ended) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const picture = this.waiting.shift()!;
    if (this.waiting.length === MOST_WAITING - 1) this.resume();
    return picture;
  }

  private signal(): void {
    this.wake?.();
    this.wake = null;
  }
}
