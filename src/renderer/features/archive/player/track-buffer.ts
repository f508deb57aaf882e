/**
 * One SourceBuffer and what is appended to it: takes the bytes of an answer as they arrive, only what is new of them, makes room, and tells
 * how much is there. Knows nothing of where the bytes come from.
 */
import { t } from '@lingui/core/macro';
import { bufferedSecondsAhead } from './buffered.ts';
import { BoxScanner, concat, type ScannedFragment, type TrackInit } from './mp4-boxes.ts';
import { emptyBuffer, isUsable, sameBytes, UnplayableError, whenIdle } from './source-buffer.ts';
import { WakeablePause } from './wakeable-pause.ts';
import { TooSlowError } from './watched-body.ts';

export interface TrackBufferOptions {
  playheadSeconds(): number;
  /** Called before the first bytes of a description are appended; waits for the SourceBuffer to be given. */
  init(init: TrackInit): SourceBuffer | null;
  /** Some are about to be appended. */
  frames(frames: Pick<ScannedFragment, 'timesSeconds' | 'keyframe'>): void;
  /** Bytes have been appended. */
  progress(): void;
}

/** An answer ended before it was whole. All that was read of it has been appended. */
export class BrokenOffError extends Error {}

const KEEP_BEHIND_SECONDS = 30;

export class TrackBuffer {
  readonly #options: TrackBufferOptions;
  #buffer: SourceBuffer | null = null;
  #init: TrackInit | null = null;
  /** Up to where samples have been appended since it was emptied, on the media clock. */
  decodedToSeconds = Number.NEGATIVE_INFINITY;

  constructor(options: TrackBufferOptions) {
    this.#options = options;
  }

  async empty(): Promise<void> {
    this.#init = null;
    this.decodedToSeconds = Number.NEGATIVE_INFINITY;
    const buffer = this.#buffer;
    if (!buffer || !isUsable(buffer)) return;
    await emptyBuffer(buffer);
  }

  /** Until the body ends. `came`: so much footage has been read of it. Throws `BrokenOffError`. */
  async append(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    signal: AbortSignal,
    came: (footageMs: number) => void,
  ): Promise<void> {
    let waiting: Uint8Array[] = [];
    let newInit: TrackInit | null = null;
    let footageMs = 0;
    const scanner = new BoxScanner(
      (init) => {
        newInit = init;
      },
      (fragment) => {
        footageMs += (fragment.decodeEndSeconds - fragment.decodeSeconds) * 1000;
        if (this.#isNew(fragment, newInit)) waiting.push(...fragment.parts);
      },
    );
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read().catch(brokenOff);
      if (done || signal.aborted) break;
      scanner.push(value);
      came(footageMs);
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
      this.#options.progress();
    }
    signal.throwIfAborted();
  }

  /**
   * Every answer begins at a key frame, so it repeats what is there already. Appending that again would tear the pictures
   * from under the playhead; appending only what is new goes on where the last answer ended.
   */
  #isNew(fragment: ScannedFragment, init: TrackInit | null): boolean {
    const sameStream = this.#init !== null && init !== null && sameBytes(this.#init.bytes, init.bytes);
    if (sameStream && fragment.decodeSeconds < this.decodedToSeconds - 0.001) return false;
    // A stream that has changed begins anew, at its key frame.
    if (!sameStream && this.#init !== null && init !== null) this.#init = null;
    this.decodedToSeconds = fragment.decodeEndSeconds;
    this.#options.frames(fragment);
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
    } else this.#buffer = this.#options.init(init);
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
        await this.trim(5);
        await wait(500, signal);
      }
    }
  }

  /** Footage, not time: what lies behind a hole of hours is as near as the next picture. */
  aheadMs(): number {
    const buffer = this.#buffer;
    if (!buffer || !isUsable(buffer)) return 0;
    return bufferedSecondsAhead(buffer.buffered, this.#options.playheadSeconds()) * 1000;
  }

  /** Lets go of what lies further behind the playhead. */
  async trim(keepSeconds = KEEP_BEHIND_SECONDS): Promise<void> {
    const buffer = this.#buffer;
    if (!buffer || !isUsable(buffer) || buffer.buffered.length === 0) return;
    await whenIdle(buffer);
    const before = this.#options.playheadSeconds() - keepSeconds;
    if (before - buffer.buffered.start(0) < keepSeconds / 3) return;
    buffer.remove(0, before);
    await whenIdle(buffer);
  }

  endSeconds(): number | null {
    const ranges = this.#buffer && isUsable(this.#buffer) ? this.#buffer.buffered : null;
    return ranges && ranges.length > 0 ? ranges.end(ranges.length - 1) : null;
  }
}

function brokenOff(thrown: unknown): never {
  if (thrown instanceof TooSlowError) throw thrown;
  throw new BrokenOffError(t`The connection broke off while this footage was on its way.`, { cause: thrown });
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new WakeablePause().wait(ms, signal);
}
