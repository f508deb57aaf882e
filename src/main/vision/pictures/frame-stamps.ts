/** Reads the times of a decoder's frames, in the order of the frames, as ffmpeg's `metadata=print` tells them. */
import type { Readable } from 'node:stream';

export class FrameStamps {
  private readonly stamps: number[] = [];
  private ended = false;
  private wake: (() => void) | null = null;

  read(lines: Readable): void {
    let rest = '';
    lines.setEncoding('latin1');
    lines.on('data', (text: string) => {
      const whole = (rest + text).split('\n');
      rest = whole.pop()!;
      for (const line of whole) {
        const stamp = parseFrameStamp(line);
        if (stamp !== null) this.stamps.push(stamp);
      }
      this.signal();
    });
    lines.on('close', () => this.end());
  }

  /** No more times will come. */
  end(): void {
    this.ended = true;
    this.signal();
  }

  /** Time of the next frame in microseconds; null when ffmpeg has ended without reporting it. */
  async next(): Promise<number | null> {
    while (this.stamps.length === 0) {
      if (this.ended) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.stamps.shift()!;
  }

  private signal(): void {
    this.wake?.();
    this.wake = null;
  }
}

/** The time in a line of `metadata=print`, in units of the frame's time base; null in any other line. */
export function parseFrameStamp(line: string): number | null {
  const found = /^frame:\d+ +pts:(-?\d+) /.exec(line);
  return found ? Number(found[1]) : null;
}
