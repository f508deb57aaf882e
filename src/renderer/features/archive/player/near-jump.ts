/**
 * Jumps that may land a little earlier, on the key frame before: that is shown at once, where the browser would decode all that lies
 * between. One player stays there; among several, whose key frames are not of the same moment, each goes on to the moment that was meant.
 */
import type { FrameIndex } from './frame-index.ts';

export interface Jump {
  /** On the media clock. */
  seconds: number;
  /** The picture may be earlier by so much. */
  withinSeconds: number;
  /** Goes on to `seconds` once the earlier picture is shown. */
  settles: boolean;
}

type JumpedVideo = Pick<HTMLVideoElement, 'currentTime' | 'requestVideoFrameCallback'>;

/** The others get to show a picture of theirs before decoding goes on. */
const SETTLE_AFTER_MS = 150;
const SETTLE_LATEST_MS = 1000;

export class NearJump {
  readonly #video: JumpedVideo;
  readonly #frames: FrameIndex;
  /** The one whose pictures are waited for. */
  #pending: Jump | null = null;
  /** The one that shows a picture before it goes on. */
  #settling: Jump | null = null;

  constructor(video: JumpedVideo, frames: FrameIndex) {
    this.#video = video;
    this.#frames = frames;
  }

  /** An earlier picture than the one meant is shown, or about to be. */
  get isSettling(): boolean {
    return this.#settling !== null;
  }

  go(jump: Jump): void {
    this.cancel();
    if (this.#land(jump)) return;
    this.#video.currentTime = jump.seconds;
    if (jump.withinSeconds > 0) this.#pending = jump;
  }

  /** Pictures have come. */
  take(frames: Parameters<FrameIndex['add']>[0]): void {
    this.#frames.add(frames);
    if (this.#pending) this.#land(this.#pending);
    this.#pending = null;
  }

  cancel(): void {
    this.#pending = null;
    this.#settling = null;
  }

  #land(jump: Jump): boolean {
    const keyframe = this.#frames.keyframeAt(jump.seconds);
    if (keyframe === null || jump.seconds - keyframe > jump.withinSeconds) return false;
    this.#video.currentTime = this.#frames.insideOf(keyframe);
    if (jump.settles && jump.seconds > keyframe) this.#settle(jump);
    return true;
  }

  #settle(jump: Jump): void {
    this.#settling = jump;
    const settle = () => {
      if (this.#settling !== jump) return;
      this.#settling = null;
      this.#video.currentTime = jump.seconds;
    };
    // Not every browser tells when a picture is shown, and none where it was shown before.
    setTimeout(settle, SETTLE_LATEST_MS);
    if ('requestVideoFrameCallback' in this.#video)
      this.#video.requestVideoFrameCallback(() => setTimeout(settle, SETTLE_AFTER_MS));
  }
}
