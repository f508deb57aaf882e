/**
 * One stream to many readers, each with a bounded queue of its own. A reader that is too slow loses whole groups of pictures,
 * which are counted; it never holds up the others or the source. Knows nothing of media: `hub.ts` and `mpeg1.ts` use it.
 */
import type { Clock } from '../platform/clock.ts';

/** A piece of the stream. A group of pictures (GOP) runs from one item that starts it to the next. */
export interface GopItem {
  byteLength: number;
  startsGop: boolean;
}

/** Where one reader's pieces go: a socket, a pipe. Calls are never re-entrant into the fan-out's caller. */
export interface FanoutOutput<Stream, Item> {
  /** Bytes handed over that the other end has not taken yet. */
  readonly bufferedBytes: number;
  /** The stream begins or begins anew; what was sent before no longer counts. */
  start(stream: Stream): void;
  /** `sent` is to be called once these bytes (or their failure) are done with. */
  item(item: Item, sent: () => void): void;
  /** There will be no more: the source is removed. */
  end(): void;
}

/** Where the current GOP is kept for those who join. */
export interface GopMemory<Item> {
  /** An item that starts a GOP takes the place of all that was before. */
  add(item: Item): void;
  /** Those who join get nothing until the next GOP starts. */
  forget(): void;
  items(): readonly Item[];
}

export interface FanoutLimits {
  /** A reader's queue, and the current GOP that is kept for those who join. */
  maxBytes: number;
  /** How long an item may wait in a reader's queue. */
  maxAgeMs: number;
  /** Hand over no more while this much is under way to the reader. */
  maxBufferedBytes: number;
}

export const LIVE_LIMITS: FanoutLimits = { maxBytes: 16_000_000, maxAgeMs: 3000, maxBufferedBytes: 512_000 };

/** A reader's place in the fan-out. */
export interface FanoutReader {
  readonly droppedGops: number;
  readonly droppedBytes: number;
  /** Leaves; nothing more is handed over. */
  detach(): void;
}

export class GopFanout<Stream, Item extends GopItem> {
  private readonly clock: Clock;
  private readonly limits: FanoutLimits;
  private stream: Stream | null = null;
  private readonly gop: GopMemory<Item>;
  private gopBytes = 0;
  private gopIsWhole = false;
  private readonly readers = new Set<ReaderQueue<Stream, Item>>();
  private dropped = 0;

  constructor(clock: Clock, limits: FanoutLimits = LIVE_LIMITS, gop: GopMemory<Item> = new GopItems<Item>()) {
    this.clock = clock;
    this.limits = limits;
    this.gop = gop;
  }

  get current(): Stream | null {
    return this.stream;
  }

  get readerCount(): number {
    return this.readers.size;
  }

  /** GOPs dropped for all readers, past ones included. */
  get droppedGops(): number {
    return [...this.readers].reduce((sum, reader) => sum + reader.droppedGops, this.dropped);
  }

  /** The stream begins, or changes: queues are emptied, everybody starts afresh. */
  start(stream: Stream): void {
    this.stream = stream;
    this.forgetGop();
    for (const reader of this.readers) reader.start(stream);
  }

  /** The stream is interrupted; those who join wait for the next `start`. */
  stop(): void {
    this.stream = null;
    this.forgetGop();
  }

  push(item: Item): void {
    this.remember(item);
    for (const reader of this.readers) reader.push(item);
  }

  /** Hands over the current GOP at once, then what comes. */
  attach(output: FanoutOutput<Stream, Item>): FanoutReader {
    const reader = new ReaderQueue(output, this.clock, this.limits, () => {
      if (this.readers.delete(reader)) this.dropped += reader.droppedGops;
    });
    this.readers.add(reader);
    if (this.stream) {
      reader.start(this.stream);
      for (const item of this.gop.items()) reader.push(item);
    }
    return reader;
  }

  /** The source is removed: all readers are told and let go. */
  end(): void {
    this.stop();
    for (const reader of [...this.readers]) {
      reader.detach();
      reader.output.end();
    }
  }

  private remember(item: Item): void {
    if (item.startsGop) {
      this.gopBytes = 0;
      this.gopIsWhole = true;
    }
    if (!this.gopIsWhole) return;
    this.gop.add(item);
    this.gopBytes += item.byteLength;
    // A GOP too long to keep: those who join wait for the next key frame.
    if (this.gopBytes > this.limits.maxBytes) this.forgetGop();
  }

  private forgetGop(): void {
    this.gop.forget();
    this.gopBytes = 0;
    this.gopIsWhole = false;
  }
}

/** Keeps the items themselves. */
class GopItems<Item extends GopItem> implements GopMemory<Item> {
  private kept: Item[] = [];

  add(item: Item): void {
    if (item.startsGop) this.kept = [];
    this.kept.push(item);
  }

  forget(): void {
    this.kept = [];
  }

  items(): readonly Item[] {
    return this.kept;
  }
}

class ReaderQueue<Stream, Item extends GopItem> implements FanoutReader {
  readonly output: FanoutOutput<Stream, Item>;
  droppedGops = 0;
  droppedBytes = 0;
  private readonly clock: Clock;
  private readonly limits: FanoutLimits;
  private readonly onDetach: () => void;
  private queue: Array<{ item: Item; queuedMs: number }> = [];
  private queuedBytes = 0;
  private waitsForGop = true;
  private pumping = false;
  private detached = false;

  constructor(output: FanoutOutput<Stream, Item>, clock: Clock, limits: FanoutLimits, onDetach: () => void) {
    this.output = output;
    this.clock = clock;
    this.limits = limits;
    this.onDetach = onDetach;
  }

  start(stream: Stream): void {
    this.empty();
    this.waitsForGop = true;
    this.output.start(stream);
  }

  push(item: Item): void {
    if (this.detached) return;
    if (this.waitsForGop && !item.startsGop) {
      if (this.droppedGops > 0) this.droppedBytes += item.byteLength;
      return;
    }
    this.waitsForGop = false;
    this.queue.push({ item, queuedMs: this.clock.monotonicMs() });
    this.queuedBytes += item.byteLength;
    this.pump();
    if (this.isOverfull()) this.drop();
  }

  detach(): void {
    if (this.detached) return;
    this.detached = true;
    this.empty();
    this.onDetach();
  }

  private readonly pump = (): void => {
    if (this.pumping) return;
    this.pumping = true;
    while (
      !this.detached &&
      this.queue.length > 0 &&
      this.output.bufferedBytes < this.limits.maxBufferedBytes
    ) {
      const { item } = this.queue.shift()!;
      this.queuedBytes -= item.byteLength;
      this.output.item(item, this.pump);
    }
    this.pumping = false;
  };

  private isOverfull(): boolean {
    const oldest = this.queue[0];
    if (!oldest) return false;
    return (
      this.queuedBytes > this.limits.maxBytes ||
      this.clock.monotonicMs() - oldest.queuedMs > this.limits.maxAgeMs
    );
  }

  /** Keeps from the newest key frame on if that is not what is too much itself, otherwise nothing until the next key frame. */
  private drop(): void {
    const last = this.queue.findLastIndex((entry) => entry.item.startsGop);
    const before = this.queue.length;
    const bytesBefore = this.queuedBytes;
    const kept = last > 0 ? this.queue.slice(last) : [];
    // What is left of a GOP that has been begun counts as one, and so does each whole one.
    const lost = this.queue.slice(0, before - kept.length);
    this.droppedGops += lost.filter((entry, index) => index === 0 || entry.item.startsGop).length;
    this.queue = kept;
    this.queuedBytes = kept.reduce((sum, entry) => sum + entry.item.byteLength, 0);
    this.droppedBytes += bytesBefore - this.queuedBytes;
    if (kept.length === 0) this.waitsForGop = true;
    else if (this.isOverfull()) this.drop();
  }

  private empty(): void {
    this.queue = [];
    this.queuedBytes = 0;
  }
}
