/**
 * Keeps one SourceBuffer filled around the playhead from the engine's archive: fetches in pieces, appends as bytes arrive,
 * lets go of what lies behind, goes on over gaps, and waits at the live edge. Knows nothing of the video element.
 */
import { t } from '@lingui/core/macro';
import { bufferedSecondsAhead } from './buffered.ts';
import { BoxScanner, concat, type ScannedFragment, type TrackInit } from './mp4-boxes.ts';
import { emptyBuffer, isUsable, sameBytes, UnplayableError, whenIdle } from './source-buffer.ts';
import { WakeablePause } from './wakeable-pause.ts';

/** Stands for media requests: the engine's answer to one stretch of one track. */
export type LoadMedia = (
  range: { fromEpochMs: number; toEpochMs: number },
  signal: AbortSignal,
) => Promise<Response>;

export interface FeedEvents {
  /** Called before the first bytes of a description are appended; the feed waits for the SourceBuffer to be given. */
  init(init: TrackInit): SourceBuffer | null;
  /** Some are about to be appended. */
  frames(frames: Pick<ScannedFragment, 'timesSeconds' | 'keyframe'>): void;
  /** Nothing is recorded from here until `nextEpochMs`; null: until now. */
  hole(fromEpochMs: number, nextEpochMs: number | null): void;
  failed(problem: string): void;
  /** Bytes arrived or the end was reached. */
  progress(): void;
}

export interface FeedOptions {
  load: LoadMedia;
  baseEpochMs: number;
  /** Where the playhead is, and how far ahead of it to fetch. */
  playheadEpochMs: () => number;
  aheadMs: () => number;
  /** Whether a picture is being sought, here or beside it. */
  isSeeking: () => boolean;
  events: FeedEvents;
}

/** A picture is waited for: what lies behind it comes with the next piece. */
const FIRST_PIECE_MS = 1000;
const PIECE_MS = 10_000;
/** With so much behind the playhead a picture can be decoded; what more there is waits for it, at most so long. */
const ENOUGH_MS = 200;
const LONGEST_SEEK_MS = 1500;
const SEEK_LOOK_MS = 60;
const KEEP_BEHIND_SECONDS = 30;
const EDGE_PAUSE_MS = 700;
const RETRY_PAUSES_MS = [300, 1000, 3000];

export class TrackFeed {
  readonly #options: FeedOptions;
  #buffer: SourceBuffer | null = null;
  #init: TrackInit | null = null;
  /** Up to where samples have been appended since the last restart, on the media clock. */
  #decodedToSeconds = Number.NEGATIVE_INFINITY;
  #aborter = new AbortController();
  #running: Promise<void> = Promise.resolve();
  readonly #pause = new WakeablePause();
  /** Up to where footage has been asked for. */
  cursorEpochMs = 0;
  /** At the newest footage there is. */
  atEnd = false;
  /** What is buffered is of the time before a restart, and about to be dropped. */
  isStale = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Drops what is buffered and fills from this time on. */
  restart(fromEpochMs: number): void {
    this.#aborter.abort();
    this.#aborter = new AbortController();
    const { signal } = this.#aborter;
    this.cursorEpochMs = fromEpochMs;
    this.atEnd = false;
    this.isStale = true;
    // While the engine reads, what is there is let go of.
    const first = this.#ask(FIRST_PIECE_MS, signal);
    first.catch(() => {}); // thrown where it is awaited
    this.#running = this.#running.then(async () => {
      if (signal.aborted) return;
      await this.#empty();
      if (signal.aborted) return;
      this.isStale = false;
      await this.#fill(first, signal);
    });
  }

  /** The playhead or the wanted length has changed. */
  poke(): void {
    this.#pause.wake();
  }

  async stop(): Promise<void> {
    this.#aborter.abort();
    this.poke();
    await this.#running;
  }

  async #empty(): Promise<void> {
    this.#init = null;
    this.#decodedToSeconds = Number.NEGATIVE_INFINITY;
    const buffer = this.#buffer;
    if (!buffer || !isUsable(buffer)) return;
    await emptyBuffer(buffer);
  }

  #ask(pieceMs: number, signal: AbortSignal): Promise<Response> {
    const fromEpochMs = this.cursorEpochMs;
    return this.#options.load({ fromEpochMs, toEpochMs: fromEpochMs + pieceMs }, signal);
  }

  /** `first`: the answer from the cursor on, asked for already. */
  async #fill(first: Promise<Response>, signal: AbortSignal): Promise<void> {
    let failures = 0;
    let pieceMs = FIRST_PIECE_MS;
    let asked: Promise<Response> | null = first;
    while (!signal.aborted) {
      try {
        await this.#waitForRoom(signal);
        if (signal.aborted) return;
        await this.#trim();
        const answer = asked ?? this.#ask(pieceMs, signal);
        asked = null;
        const went = await this.#piece(await answer, signal);
        failures = 0;
        pieceMs = Math.min(PIECE_MS, pieceMs * 3);
        if (went === 'edge') await this.#pause.wait(EDGE_PAUSE_MS, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        const pauseMs = RETRY_PAUSES_MS[failures++];
        if (thrown instanceof UnplayableError || pauseMs === undefined) {
          this.#options.events.failed(thrown instanceof Error ? thrown.message : String(thrown));
          return;
        }
        await this.#pause.wait(pauseMs, signal);
      }
    }
  }

  async #piece(response: Response, signal: AbortSignal): Promise<'on' | 'edge'> {
    const { events } = this.#options;
    const fromEpochMs = this.cursorEpochMs;
    const header = response.headers.get('x-next-epoch-ms');
    const nextEpochMs = header ? Number(header) : null;
    if (response.status === 404) {
      await response.body?.cancel();
      events.hole(fromEpochMs, nextEpochMs);
      if (nextEpochMs === null || nextEpochMs <= fromEpochMs) return this.#edge();
      this.cursorEpochMs = nextEpochMs;
      return 'on';
    }
    if (!response.ok || !response.body) {
      throw new Error(t`The recorder could not read this footage (status ${response.status}).`);
    }
    await this.#append(response.body, signal);
    this.#options.events.progress();
    if (nextEpochMs === null) {
      const end = this.bufferedEndEpochMs();
      // Ask again from the last picture on; the engine starts at its key frame.
      if (end !== null) this.cursorEpochMs = Math.max(fromEpochMs, end);
      return this.#edge();
    }
    this.atEnd = false;
    this.cursorEpochMs = Math.max(nextEpochMs, fromEpochMs + 1);
    return 'on';
  }

  #edge(): 'edge' {
    this.atEnd = true;
    this.#options.events.progress();
    return 'edge';
  }

  async #append(body: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal): Promise<void> {
    let waiting: Uint8Array[] = [];
    let newInit: TrackInit | null = null;
    const scanner = new BoxScanner(
      (init) => {
        newInit = init;
      },
      (fragment) => {
        if (this.#isNew(fragment, newInit)) waiting.push(...fragment.parts);
      },
    );
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) break;
      scanner.push(value);
      const bytes = waiting;
      waiting = [];
      if (bytes.length === 0) continue;
      try {
        if (await this.#takeInit(newInit)) bytes.unshift(newInit!.bytes);
      } catch (thrown) {
        await reader.cancel();
        throw thrown;
      }
      if (this.#buffer) await this.#appendBytes(this.#buffer, concat(bytes), signal);
      this.#options.events.progress();
    }
    signal.throwIfAborted();
  }

  /**
   * Every answer begins at a key frame, so it repeats what is there already. Appending that again would tear the pictures
   * from under the playhead; appending only what is new goes on where the last answer ended.
   */
  #isNew(fragment: ScannedFragment, init: TrackInit | null): boolean {
    const sameStream = this.#init !== null && init !== null && sameBytes(this.#init.bytes, init.bytes);
    if (sameStream && fragment.decodeSeconds < this.#decodedToSeconds - 0.001) return false;
    // A stream that has changed begins anew, at its key frame.
    if (!sameStream && this.#init !== null && init !== null) this.#init = null;
    this.#decodedToSeconds = fragment.decodeEndSeconds;
    this.#options.events.frames(fragment);
    return true;
  }

  /** Makes the buffer one for this description; true where that is another than before, and must be appended first. */
  async #takeInit(init: TrackInit | null): Promise<boolean> {
    if (!init || this.#init === init || (this.#init && sameBytes(this.#init.bytes, init.bytes))) return false;
    const kind = /^(mp4a|opus)/.test(init.codecString) ? 'audio' : 'video';
    const type = `${kind}/mp4; codecs="${init.codecString}"`;
    if (this.#buffer && MediaSource.isTypeSupported(type)) {
      await whenIdle(this.#buffer);
      this.#buffer.changeType(type);
    } else this.#buffer = this.#options.events.init(init);
    if (!this.#buffer) throw new UnplayableError('');
    this.#init = init;
    return true;
  }

  async #appendBytes(
    buffer: SourceBuffer,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      await whenIdle(buffer);
      if (signal.aborted || !isUsable(buffer)) return;
      try {
        buffer.appendBuffer(bytes);
        await whenIdle(buffer);
        return;
      } catch (thrown) {
        const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
        if (!full || attempt > 20) throw thrown;
        await this.#trim(5);
        await this.#pause.wait(500, signal);
      }
    }
  }

  async #waitForRoom(signal: AbortSignal): Promise<void> {
    const latest = performance.now() + LONGEST_SEEK_MS;
    const hasTime = () => this.#options.isSeeking() && this.#bufferedAheadMs() > ENOUGH_MS;
    while (!signal.aborted && hasTime() && performance.now() < latest)
      await this.#pause.wait(SEEK_LOOK_MS, signal);
    while (!signal.aborted && this.#bufferedAheadMs() > this.#options.aheadMs())
      await this.#pause.wait(1000, signal);
  }

  /** Footage, not time: what lies behind a hole of hours is as near as the next picture. */
  #bufferedAheadMs(): number {
    const buffer = this.#buffer;
    if (!buffer || !isUsable(buffer)) return 0;
    const playhead = (this.#options.playheadEpochMs() - this.#options.baseEpochMs) / 1000;
    return bufferedSecondsAhead(buffer.buffered, playhead) * 1000;
  }

  async #trim(keepSeconds = KEEP_BEHIND_SECONDS): Promise<void> {
    const buffer = this.#buffer;
    if (!buffer || !isUsable(buffer) || buffer.buffered.length === 0) return;
    await whenIdle(buffer);
    const before = (this.#options.playheadEpochMs() - this.#options.baseEpochMs) / 1000 - keepSeconds;
    if (before - buffer.buffered.start(0) < keepSeconds / 3) return;
    buffer.remove(0, before);
    await whenIdle(buffer);
  }

  bufferedEndEpochMs(): number | null {
    const ranges = this.#buffer && isUsable(this.#buffer) ? this.#buffer.buffered : null;
    if (!ranges || ranges.length === 0) return null;
    return this.#options.baseEpochMs + ranges.end(ranges.length - 1) * 1000;
  }
}
