/**
 * Watches the pictures of one camera's main stream, analysed or not: whether they are frozen, black or of one colour. It counts bytes and
 * now and then has a single key frame decoded; a look that finds the decoder busy comes later.
 */
import type { GapCause } from '../../shared/domain-storage.ts';
import { messageOf } from '../../shared/errors.ts';
import type { CaptureSink, Fragment, StreamDescription } from '../media/fragment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { isBlackOrUniform, type Look, wantsLook } from './dark-picture.ts';
import { type StillStreak, stepStill } from './still-picture.ts';

export interface PictureTrouble {
  kind: 'frozen' | 'black';
  /** On the monotonic clock. */
  sinceMs: number;
}

/** Decodes single key frames; null when it is busy. */
export interface KeyframeDecoder {
  /** A grey copy of GREY_WIDTH x GREY_HEIGHT. */
  grey(videoInit: Buffer, keyframe: Buffer): Promise<Uint8Array> | null;
  /** The same for pictures that are equal in every pixel, and only for those. */
  fingerprint(videoInit: Buffer, keyframe: Buffer): Promise<string> | null;
}

export interface PictureWatchDeps {
  decoder: KeyframeDecoder;
  clock: Pick<Clock, 'monotonicMs'>;
  log: Logger;
  /** A picture must have stood still for this long to be called frozen. */
  stillMs?: number;
}

const STILL_MS = 25_000;
/** The first of the two pictures that are compared is taken after this share of the time, when sizes have agreed for a while. */
const FIRST_LOOK_SHARE = 1 / 3;
const FEWEST_KEYFRAMES = 3;

export class PictureWatch implements CaptureSink {
  private readonly deps: PictureWatchDeps;
  private description: StreamDescription | null = null;
  private delta = { bytes: 0, frames: 0 };
  private streak: StillStreak | null = null;
  private firstFingerprint: string | null = null;
  private frozenSinceMs: number | null = null;
  private look: Look | null = null;
  private blackSinceMs: number | null = null;
  private looking = false;

  constructor(deps: PictureWatchDeps) {
    this.deps = deps;
  }

  /** What is wrong with the picture; null while all is well or nothing comes. */
  get trouble(): PictureTrouble | null {
    if (this.blackSinceMs !== null) return { kind: 'black', sinceMs: this.blackSinceMs };
    return this.frozenSinceMs === null ? null : { kind: 'frozen', sinceMs: this.frozenSinceMs };
  }

  stream(description: StreamDescription): void {
    this.reset();
    this.description = description;
  }

  fragment(fragment: Fragment): void {
    if (fragment.track !== 'video' || !this.description) return;
    const bytes = fragment.data.length;
    if (!fragment.keyframe) {
      this.delta.bytes += bytes;
      this.delta.frames += 1;
      return;
    }
    const { frames } = this.delta;
    const facts = {
      atMs: this.deps.clock.monotonicMs(),
      keyBytes: bytes,
      deltaBytes: frames > 0 ? this.delta.bytes / frames : null,
    };
    this.delta = { bytes: 0, frames: 0 };
    const before = this.streak;
    this.streak = stepStill(before, facts);
    if (this.streak.keyframes === 1) {
      this.firstFingerprint = null;
      this.frozenSinceMs = null;
    }
    if (this.looking) return;
    if (wantsLook(this.look, facts)) this.lookAt(fragment, facts);
    else this.compare(fragment, facts.atMs);
  }

  lost(_cause: GapCause, _detail: string): void {
    this.reset();
  }

  private reset(): void {
    this.description = null;
    this.delta = { bytes: 0, frames: 0 };
    this.streak = null;
    this.firstFingerprint = null;
    this.frozenSinceMs = null;
    this.look = null;
    this.blackSinceMs = null;
  }

  private lookAt(fragment: Fragment, { atMs, keyBytes }: { atMs: number; keyBytes: number }): void {
    const { description } = this;
    const grey = description && this.deps.decoder.grey(description.videoInit, fragment.data);
    // One that cannot be decoded is not tried again at once.
    if (grey) this.look = { atMs, keyBytes, isBlack: this.look?.isBlack ?? false };
    this.take(grey, (cells) => {
      const isBlack = isBlackOrUniform(cells);
      this.look = { atMs, keyBytes, isBlack };
      this.blackSinceMs = isBlack ? (this.blackSinceMs ?? atMs) : null;
    });
  }

  /** Takes the first picture of a streak that lasts, and after the whole time the second: frozen only when they are the same. */
  private compare(fragment: Fragment, atMs: number): void {
    const { streak, description, firstFingerprint } = this;
    if (!streak || !description || this.frozenSinceMs !== null) return;
    const stillMs = this.deps.stillMs ?? STILL_MS;
    const dueMs = firstFingerprint === null ? stillMs * FIRST_LOOK_SHARE : stillMs;
    if (streak.keyframes < FEWEST_KEYFRAMES || atMs - streak.sinceMs < dueMs) return;
    this.take(this.deps.decoder.fingerprint(description.videoInit, fragment.data), (fingerprint) => {
      // Something has changed meanwhile.
      if (this.streak?.sinceMs !== streak.sinceMs) return;
      if (firstFingerprint === null) this.firstFingerprint = fingerprint;
      else if (firstFingerprint === fingerprint) this.frozenSinceMs = streak.sinceMs;
      else {
        this.streak = null;
        this.firstFingerprint = null;
      }
    });
  }

  private take<T>(decoding: Promise<T> | null, use: (result: T) => void): void {
    if (!decoding) return;
    const { description } = this;
    this.looking = true;
    decoding
      .then(
        (result) => {
          if (this.description === description) use(result);
        },
        (error: unknown) =>
          this.deps.log.debug({ problem: messageOf(error) }, 'a key frame could not be looked at'),
      )
      .finally(() => {
        this.looking = false;
      });
  }
}
