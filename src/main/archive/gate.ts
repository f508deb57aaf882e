/** A gate in a long task: shut, it is waited at until it is opened. */
export class Gate {
  private waiting: { promise: Promise<void>; resolve(): void } | null = null;

  shut(): void {
    if (this.waiting) return;
    let resolve = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    this.waiting = { promise, resolve };
  }

  open(): void {
    this.waiting?.resolve();
    this.waiting = null;
  }

  /** Resolves at once while it is open. */
  async pass(): Promise<void> {
    while (this.waiting) await this.waiting.promise;
  }
}
