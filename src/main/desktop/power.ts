/** Keeps the computer from sleeping while something is to be recorded, and no longer. */

export interface SleepBlocker {
  /** A number by which this block is ended. */
  start(): number;
  stop(id: number): void;
}

export class PowerKeeper {
  private readonly blocker: SleepBlocker;
  private id: number | null = null;

  constructor(blocker: SleepBlocker) {
    this.blocker = blocker;
  }

  keepAwake(wanted: boolean): void {
    if (wanted) this.id ??= this.blocker.start();
    else if (this.id !== null) {
      this.blocker.stop(this.id);
      this.id = null;
    }
  }
}
