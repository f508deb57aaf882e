/** The last analysed pictures, so that what the rules find a little later can still be shown. */
import type { Picture } from './picture.ts';

export class KeptPictures {
  private readonly keepMs: number;
  private readonly mostBytes: number;
  private readonly release: (picture: Picture) => void;
  private pictures: Picture[] = [];

  /** `release` is told of pictures that are forgotten: their buffers may be used again. */
  constructor(options: { keepMs: number; mostBytes: number; release?: (picture: Picture) => void }) {
    this.keepMs = options.keepMs;
    this.mostBytes = options.mostBytes;
    this.release = options.release ?? (() => {});
  }

  /** Takes the picture over. */
  add(picture: Picture): void {
    this.pictures.push(picture);
  }

  /** Forgets what is further than `keepMs` from the newest one, and the oldest of more than `mostBytes`. */
  forget(): void {
    const newest = this.pictures.at(-1);
    if (!newest) return;
    let bytes = 0;
    const kept: Picture[] = [];
    for (const picture of this.pictures.toReversed()) {
      bytes += picture.data.byteLength;
      const isFar = Math.abs(newest.atMs - picture.atMs) > this.keepMs;
      if (picture !== newest && (isFar || bytes > this.mostBytes)) this.release(picture);
      else kept.unshift(picture);
    }
    this.pictures = kept;
  }

  clear(): void {
    this.pictures = [];
  }

  /** The picture nearest to a time; null where none is within `keepMs`. */
  nearest(atMs: number): Picture | null {
    const distance = (picture: Picture) => Math.abs(picture.atMs - atMs);
    const nearest = this.pictures.reduce<Picture | null>(
      (best, each) => (!best || distance(each) < distance(best) ? each : best),
      null,
    );
    return nearest && distance(nearest) <= this.keepMs ? nearest : null;
  }
}
