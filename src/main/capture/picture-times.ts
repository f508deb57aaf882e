/**
 * Which packets ffmpeg made a picture of: it counts time from the first picture that it can put together, so it is given none before a
 * whole one, and what it gives back is looked up among the timestamps that went in.
 */
import { buildRtp, type RtpPacket, Unwrapper } from '../media/rtsp/rtp.ts';

export interface PictureTime {
  /** Of its RTP packets. */
  timestamp: number;
  /** When the last of them came. */
  arrivalEpochMs: number;
}

/** Some seconds of pictures; more would mean that ffmpeg gives nothing. */
const MAX_PICTURES = 1024;
/** Pictures may come back in another order than they went in by less than this. */
const REORDER_S = 2;

export class PictureTimes {
  private readonly clockRate: number;
  private readonly unwrapper = new Unwrapper(32);
  private pictures: Array<PictureTime & { ticks: number }> = [];
  /** Timestamp 0 of ffmpeg, unwrapped; null before it is given anything. */
  private zeroTicks: number | null = null;
  private lastTimestamp: number | null = null;
  /** The packets of the picture that may become the first; null while that has no beginning. */
  private opening: Buffer[] | null = null;

  /** `clockRate`: ticks per second of the timestamps. */
  constructor(clockRate: number) {
    this.clockRate = clockRate;
  }

  /** Takes a packet in order; returns the packets, as bytes of their own, that ffmpeg is to be given now. `lost`: missing before it. */
  note(packet: RtpPacket, lost: number, arrivalEpochMs: number): Buffer[] {
    const begins = packet.timestamp !== this.lastTimestamp;
    const isFirst = this.lastTimestamp === null;
    this.lastTimestamp = packet.timestamp;
    if (this.zeroTicks !== null) {
      this.remember(packet.timestamp, arrivalEpochMs);
      return [buildRtp(packet)];
    }
    const whole = begins && lost === 0 ? this.opening : null;
    if (whole) {
      this.zeroTicks = this.pictures[0]!.ticks;
      this.remember(packet.timestamp, arrivalEpochMs);
      return [...whole, buildRtp(packet)];
    }
    if (begins && lost === 0 && !isFirst) this.open();
    else if (lost > 0) this.opening = null;
    this.opening?.push(buildRtp(packet));
    if (this.opening) this.remember(packet.timestamp, arrivalEpochMs);
    return [];
  }

  /**
   * The picture that ffmpeg gives with this time; null before anything went in. Of several pictures in one packet only the first has a
   * timestamp of its own: ffmpeg's time tells where the others stand, and they came when their neighbour did.
   */
  find(timeMs: number): PictureTime | null {
    if (this.zeroTicks === null) return null;
    const ticks = Math.round(this.zeroTicks + (timeMs * this.clockRate) / 1000);
    const distance = (picture: { ticks: number }) => Math.abs(picture.ticks - ticks);
    let found = this.pictures[0];
    for (const picture of this.pictures) if (!found || distance(picture) < distance(found)) found = picture;
    if (!found) return null;
    const oldest = found.ticks - REORDER_S * this.clockRate;
    while (this.pictures[0]!.ticks < oldest) this.pictures.shift();
    const isExact = distance(found) * 1000 <= this.clockRate;
    const { timestamp, arrivalEpochMs } = found;
    return { timestamp: isExact ? timestamp : (timestamp + ticks - found.ticks) >>> 0, arrivalEpochMs };
  }

  private open(): void {
    this.opening = [];
    this.pictures = [];
  }

  private remember(timestamp: number, arrivalEpochMs: number): void {
    const last = this.pictures.at(-1);
    if (last?.timestamp === timestamp) {
      last.arrivalEpochMs = arrivalEpochMs;
      return;
    }
    this.pictures.push({ ticks: this.unwrapper.next(timestamp), timestamp, arrivalEpochMs });
    if (this.pictures.length > MAX_PICTURES) this.pictures.shift();
  }
}
