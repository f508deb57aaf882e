/** Loads preview pictures one at a time: the newest wish wins, a stale request is given up, what was loaded is kept a while. */

/** At most one request in so long, so that a fast pointer does not ask for every pixel. */
const PACE_MS = 70;
const MOST_KEPT = 120;

const kept = new Map<string, HTMLImageElement>();

export class FramePreview {
  readonly #onLoaded: (url: string) => void;
  #loading: HTMLImageElement | null = null;
  #wanted: string | null = null;
  #timer = 0;
  #askedAtMs = 0;

  constructor(onLoaded: (url: string) => void) {
    this.#onLoaded = onLoaded;
  }

  ask(url: string): void {
    this.#wanted = url;
    if (kept.has(url)) {
      this.#onLoaded(url);
      return;
    }
    window.clearTimeout(this.#timer);
    const waitMs = Math.max(0, PACE_MS - (performance.now() - this.#askedAtMs));
    this.#timer = window.setTimeout(() => this.#load(url), waitMs);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    this.#abandon();
  }

  #load(url: string): void {
    this.#abandon();
    this.#askedAtMs = performance.now();
    const image = new Image();
    this.#loading = image;
    image.onload = () => {
      kept.set(url, image);
      while (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
      this.#loading = null;
      if (this.#wanted === url) this.#onLoaded(url);
    };
    image.onerror = () => {
      this.#loading = null;
    };
    image.src = url;
  }

  /** An image without an address stops loading. */
  #abandon(): void {
    if (!this.#loading) return;
    this.#loading.onload = null;
    this.#loading.onerror = null;
    this.#loading.removeAttribute('src');
    this.#loading = null;
  }
}
