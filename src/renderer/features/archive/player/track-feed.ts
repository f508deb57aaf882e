/**
 * Keeps one SourceBuffer filled around the playhead from the engine's archive: fetches in pieces, goes on over gaps, waits at the live
 * edge, and asks again while the engine cannot be reached. Knows nothing of the video element.
 */
import { RequestError } from '../../../client/http.ts';
import { UnplayableError } from './source-buffer.ts';
import { BrokenOffError, TrackBuffer, type TrackBufferOptions } from './track-buffer.ts';
import { WakeablePause } from './wakeable-pause.ts';
import { type MediaBytes, TooSlowError } from './watched-body.ts';

/** The engine's answer to one stretch of one track; 404: nothing is recorded there. */
export interface MediaAnswer extends Pick<Response, 'status' | 'ok' | 'headers'> {
  body: ReadableStream<MediaBytes> | null;
  /** To be told how much footage has been read of the body. */
  noteFootage?(footageMs: number): void;
}

/** Stands for media requests. Throws `RequestError`; its body ends in a `TooSlowError` where it is better asked again at once. */
export type LoadMedia = (
  range: { fromEpochMs: number; toEpochMs: number },
  signal: AbortSignal,
) => Promise<MediaAnswer>;

export interface FeedEvents extends Pick<TrackBufferOptions, 'init' | 'frames'> {
  /** Nothing is recorded from here until `nextEpochMs`; null: until now. */
  hole(fromEpochMs: number, nextEpochMs: number | null): void;
  /** The engine does not answer, in these words, and is asked again; null: it answers again. */
  unreachable(problem: string | null): void;
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
const EDGE_PAUSE_MS = 700;
/** Before the engine is asked again that answered with a problem; then it is told. */
const RETRY_PAUSES_MS = [300, 1000, 3000];
/** Before the engine is asked again that cannot be reached; the last one again and again. */
const REACH_PAUSES_MS = [300, 1000, 2000, 4000];

export class TrackFeed {
  readonly #options: FeedOptions;
  readonly #buffer: TrackBuffer;
  #aborter = new AbortController();
  #running: Promise<void> = Promise.resolve();
  readonly #pause = new WakeablePause();
  #isUnreachable = false;
  /** Up to where footage has been asked for. */
  cursorEpochMs = 0;
  /** At the newest footage there is. */
  atEnd = false;
  /** What is buffered is of the time before a restart, and about to be dropped. */
  isStale = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { playheadEpochMs, baseEpochMs, events } = options;
    this.#buffer = new TrackBuffer({
      playheadSeconds: () => (playheadEpochMs() - baseEpochMs) / 1000,
      init: (init) => events.init(init),
      frames: (frames) => events.frames(frames),
      progress: () => events.progress(),
    });
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
      await this.#buffer.empty();
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

  #ask(pieceMs: number, signal: AbortSignal): Promise<MediaAnswer> {
    const fromEpochMs = this.cursorEpochMs;
    return this.#options.load({ fromEpochMs, toEpochMs: fromEpochMs + pieceMs }, signal);
  }

  /** `first`: the answer from the cursor on, asked for already. */
  async #fill(first: Promise<MediaAnswer>, signal: AbortSignal): Promise<void> {
    let [failures, misses] = [0, 0];
    let pieceMs = FIRST_PIECE_MS;
    let asked: Promise<MediaAnswer> | null = first;
    while (!signal.aborted) {
      const before = this.#buffer.decodedToSeconds;
      try {
        await this.#waitForRoom(signal);
        if (signal.aborted) return;
        await this.#buffer.trim();
        const answer = asked ?? this.#ask(pieceMs, signal);
        asked = null;
        const went = await this.#piece(await answer, signal);
        [failures, misses] = [0, 0];
        pieceMs = Math.min(PIECE_MS, pieceMs * 3);
        if (went === 'edge') await this.#pause.wait(EDGE_PAUSE_MS, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        const brokeOff = thrown instanceof TooSlowError || thrown instanceof BrokenOffError;
        if (brokeOff && this.#buffer.decodedToSeconds > before) {
          // What has come of the piece is kept.
          failures = 0;
          this.#goOnAt(this.#buffer.decodedToSeconds);
        }
        if (thrown instanceof TooSlowError) continue;
        const status = thrown instanceof RequestError ? thrown.status : null;
        this.#noteReachable(thrown, status !== 0);
        const pauseMs =
          status === 0
            ? REACH_PAUSES_MS[Math.min(misses++, REACH_PAUSES_MS.length - 1)]
            : RETRY_PAUSES_MS[failures++];
        if (thrown instanceof UnplayableError || status === 401 || pauseMs === undefined) {
          this.#options.events.failed(wordsOf(thrown));
          return;
        }
        await this.#pause.wait(pauseMs, signal);
      }
    }
  }

  #noteReachable(thrown: unknown, isReachable: boolean): void {
    if (isReachable && !this.#isUnreachable) return;
    this.#isUnreachable = !isReachable;
    this.#options.events.unreachable(isReachable ? null : wordsOf(thrown));
  }

  #goOnAt(seconds: number): void {
    this.cursorEpochMs = Math.max(this.cursorEpochMs, this.#options.baseEpochMs + seconds * 1000);
  }

  async #piece(answer: MediaAnswer, signal: AbortSignal): Promise<'on' | 'edge'> {
    const { events } = this.#options;
    this.#noteReachable(null, true);
    const fromEpochMs = this.cursorEpochMs;
    const header = answer.headers.get('x-next-epoch-ms');
    const nextEpochMs = header ? Number(header) : null;
    if (!answer.ok || !answer.body) {
      await answer.body?.cancel();
      events.hole(fromEpochMs, nextEpochMs);
      if (nextEpochMs === null || nextEpochMs <= fromEpochMs) return this.#edge();
      this.cursorEpochMs = nextEpochMs;
      return 'on';
    }
    await this.#buffer.append(answer.body, signal, (footageMs) => answer.noteFootage?.(footageMs));
    events.progress();
    if (nextEpochMs === null) {
      // Ask again from the last picture on; the engine starts at its key frame.
      this.#goOnAt(this.#buffer.endSeconds() ?? Number.NEGATIVE_INFINITY);
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

  async #waitForRoom(signal: AbortSignal): Promise<void> {
    const latest = performance.now() + LONGEST_SEEK_MS;
    const hasTime = () => this.#options.isSeeking() && this.#buffer.aheadMs() > ENOUGH_MS;
    while (!signal.aborted && hasTime() && performance.now() < latest)
      await this.#pause.wait(SEEK_LOOK_MS, signal);
    while (!signal.aborted && this.#buffer.aheadMs() > this.#options.aheadMs())
      await this.#pause.wait(1000, signal);
  }
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
