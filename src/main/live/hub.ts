/**
 * The live stream of one camera: takes what capture delivers and hands it to any number of viewers (sockets, relay, transcoder),
 * each with a bounded queue of its own. Keeps the current GOP for those who join and the newest key frame for still pictures.
 */
import type { GapCause } from '../../shared/domain-storage.ts';
import type { CaptureSink, Fragment, StreamDescription } from '../media/fragment.ts';
import type { Clock } from '../platform/clock.ts';
import { type FanoutLimits, type FanoutOutput, type FanoutReader, GopFanout, LIVE_LIMITS } from './fanout.ts';
import { KeptGop } from './kept-gop.ts';

export interface LiveItem {
  fragment: Fragment;
  byteLength: number;
  startsGop: boolean;
}

export type LiveOutput = FanoutOutput<StreamDescription, LiveItem>;

/** A picture that can be decoded on its own. */
export interface Keyframe {
  description: StreamDescription;
  captureEpochMs: number;
}

export class LiveHub implements CaptureSink {
  private readonly fanout: GopFanout<StreamDescription, LiveItem>;
  private readonly gop = new KeptGop();
  /** Of the newest key frame. */
  private keyframeStream: StreamDescription | null = null;

  constructor(clock: Clock, limits: FanoutLimits = LIVE_LIMITS) {
    this.fanout = new GopFanout(clock, limits, this.gop);
  }

  /** null while the stream is interrupted. */
  get description(): StreamDescription | null {
    return this.fanout.current;
  }

  /** Outlives an interruption; null before the first key frame. */
  get newestKeyframe(): Keyframe | null {
    const { keyframeStream: description } = this;
    const { keyframeEpochMs: captureEpochMs } = this.gop;
    return description && captureEpochMs !== null ? { description, captureEpochMs } : null;
  }

  /** The newest key frame as a file that can be decoded; null before the first. */
  copyKeyframe(): Buffer | null {
    const fragment = this.gop.copyKeyframe();
    return this.keyframeStream && fragment && Buffer.concat([this.keyframeStream.videoInit, fragment.data]);
  }

  get viewerCount(): number {
    return this.fanout.readerCount;
  }

  get droppedGops(): number {
    return this.fanout.droppedGops;
  }

  stream(description: StreamDescription): void {
    this.fanout.start(description);
  }

  fragment(fragment: Fragment): void {
    const description = this.fanout.current;
    if (!description) return;
    const startsGop = fragment.track === 'video' && fragment.keyframe;
    if (startsGop) this.keyframeStream = description;
    this.fanout.push({ fragment, byteLength: fragment.data.length, startsGop });
  }

  lost(_cause: GapCause, _detail: string): void {
    this.fanout.stop();
  }

  /** The viewer gets the description and the current GOP at once, if there are any, then all that comes. */
  attach(output: LiveOutput): FanoutReader {
    return this.fanout.attach(output);
  }

  /** The camera is removed: viewers are told to go. */
  end(): void {
    this.keyframeStream = null;
    this.fanout.end();
  }
}
