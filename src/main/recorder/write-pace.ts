/**
 * When frames are written: what arrives within a tenth of a second goes to the disk in one piece, of all streams on the same beat.
 * A write for every frame costs several times as much. Keeps real time, not a `Clock`'s: it is about the disk.
 */

/** The promise is that a killed program loses at most a quarter of a second: this, a frame, and the write itself. */
export const WRITE_BEAT_MS = 100;

export class WritePace {
  private readonly beatMs: number;
  private waiting: Array<() => void> = [];

  constructor(beatMs = WRITE_BEAT_MS) {
    this.beatMs = beatMs;
  }

  /** Runs `write` on the next beat. Without requests there are no beats. */
  request(write: () => void): void {
    this.waiting.push(write);
    if (this.waiting.length === 1) setTimeout(() => this.beat(), this.beatMs);
  }

  private beat(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const write of waiting) write();
  }
}
