/** What a stream measures up to: frames and bits per second and the distance of key frames, over the last few seconds. */

const WINDOW_MS = 5000;
const MAX_FRAMES = 2000;

export class StreamMeter {
  private frames: Array<{ atMs: number; bytes: number }> = [];
  private lastKeyMs: number | null = null;
  private keyDistanceMs: number | null = null;

  /** `atMs`: the frame's own time. */
  frame(atMs: number, bytes: number, keyframe: boolean): void {
    this.frames.push({ atMs, bytes });
    const oldest = atMs - WINDOW_MS;
    let drop = 0;
    while (this.frames[drop]!.atMs < oldest) drop++;
    drop = Math.max(drop, this.frames.length - MAX_FRAMES);
    if (drop > 64) this.frames.splice(0, drop);
    if (!keyframe) return;
    if (this.lastKeyMs !== null && atMs > this.lastKeyMs) this.keyDistanceMs = atMs - this.lastKeyMs;
    this.lastKeyMs = atMs;
  }

  measure(): { framesPerSecond: number; bitsPerSecond: number; keyframeIntervalSeconds: number | null } {
    const newest = this.frames.at(-1)?.atMs ?? 0;
    const recent = this.frames.filter((frame) => frame.atMs >= newest - WINDOW_MS);
    const spanMs = recent.length > 1 ? newest - recent[0]!.atMs : 0;
    const bytes = recent.slice(1).reduce((sum, frame) => sum + frame.bytes, 0);
    return {
      framesPerSecond: spanMs > 0 ? round(((recent.length - 1) / spanMs) * 1000, 2) : 0,
      bitsPerSecond: spanMs > 0 ? Math.round((bytes * 8000) / spanMs) : 0,
      keyframeIntervalSeconds: this.keyDistanceMs === null ? null : round(this.keyDistanceMs / 1000, 2),
    };
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
