/** Speed, sound and start of playback of one video element, whatever is opened in it. */

/** What browsers play; a nudge beyond it would be refused. */
const [SLOWEST, FASTEST] = [0.0625, 16];

export class ElementPlayback {
  readonly #video: HTMLVideoElement;
  #rate = 1;
  #sound = false;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  get rate(): number {
    return this.#rate;
  }

  get sound(): boolean {
    return this.#sound;
  }

  set(wanted: { rate?: number; sound?: boolean }): void {
    this.#rate = wanted.rate ?? this.#rate;
    this.#sound = wanted.sound ?? this.#sound;
    this.apply();
  }

  /** What is opened in an element begins with its defaults. */
  apply(): void {
    this.#video.defaultPlaybackRate = this.#rate;
    this.#video.playbackRate = this.#rate;
    // Far from normal speed sound is noise.
    this.#video.muted = !this.#sound || this.#rate > 2 || this.#rate < 0.5;
  }

  /** A small correction on top of the speed. */
  nudge(factor: number): void {
    const wanted = Math.min(FASTEST, Math.max(SLOWEST, this.#rate * factor));
    if (Math.abs(this.#video.playbackRate - wanted) > 0.001) this.#video.playbackRate = wanted;
  }

  /** `refused`: the browser does not let it play, not even silently. */
  play(refused: () => void): void {
    this.#video.play().catch((thrown: unknown) => {
      // AbortError: a seek or pause came in between. Sound without a gesture is refused: go on silently.
      if (thrown instanceof DOMException && thrown.name === 'NotAllowedError') {
        this.#video.muted = true;
        this.#video.play().catch(refused);
      }
    });
  }
}
