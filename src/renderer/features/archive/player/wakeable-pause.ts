/** A pause that ends early when somebody wakes it or the work it belongs to is given up. One at a time. */
export class WakeablePause {
  #wake: (() => void) | null = null;

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
