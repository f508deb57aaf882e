/** Watches a video element: which picture is really on screen, and whether it has come to a standstill. */

/** The media time of the picture on screen, where the browser tells it. */
export class PictureClock {
  readonly #video: HTMLVideoElement;
  #stopped = false;
  /** null until the first picture, and where the browser does not tell. */
  shownSeconds: number | null = null;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  start(): void {
    if (this.#stopped || !('requestVideoFrameCallback' in this.#video)) return;
    this.#video.requestVideoFrameCallback((_now, { mediaTime }) => {
      this.shownSeconds = mediaTime;
      this.start();
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  /** What was shown is of what is no longer played. */
  forget(): void {
    this.shownSeconds = null;
  }

  /** Whether a picture was decoded, since the start or since that was forgotten. */
  get hasShown(): boolean {
    const { readyState } = this.#video;
    return 'requestVideoFrameCallback' in this.#video ? this.shownSeconds !== null : readyState >= 2;
  }
}

/** Decoders keep back the last pictures of a range until more follows: standing still so long this near its end is the end. */
const STUCK_MS = 450;
const STUCK_NEAR_SECONDS = 1.5;

export class StandstillWatch {
  #seconds = 0;
  #sinceMs = 0;

  /** Whether playback should go on and does not, this near the end of what is buffered. */
  isStuck(video: HTMLVideoElement, playing: boolean, secondsLeft: number): boolean {
    const now = performance.now();
    if (this.#seconds !== video.currentTime || !playing || video.seeking || video.readyState > 2) {
      this.#seconds = video.currentTime;
      this.#sinceMs = now;
    }
    return now - this.#sinceMs > STUCK_MS && secondsLeft < STUCK_NEAR_SECONDS;
  }
}
