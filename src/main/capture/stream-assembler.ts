/**
 * Frames of one camera stream with RTP timestamps → description and fragments for a CaptureSink: decode times, durations,
 * wall-clock times, new descriptions where the parameter sets or the camera's clock change. No network, no RTP packets.
 */
import { AppError } from '../../shared/errors.ts';
import type { CaptureSink, StreamDescription } from '../media/fragment.ts';
import type { SoundConfig } from '../media/mp4/init-segment.ts';
import { FragmentMuxer } from '../media/mp4/muxer.ts';
import type { VideoCodec } from '../media/rtsp/nal-payload.ts';
import { readReorderDepth } from '../media/rtsp/reorder-depth.ts';
import { type SenderReport, Unwrapper } from '../media/rtsp/rtp.ts';
import type { AccessUnit } from '../media/rtsp/video-depacketizer.ts';
import { CaptureClock } from './capture-clock.ts';
import { DecodeOrder } from './decode-order.ts';
import type { ParameterSets } from './parameter-sets.ts';
import { SoundSync } from './sound-sync.ts';

export interface SoundFormat {
  config: SoundConfig;
  sampleRate: number;
  /** RTP ticks per second, where they are not samples. */
  clockRate?: number;
}

export interface SoundFrame {
  /** One AAC frame without header, or one Opus packet; good only during the call. */
  data: Buffer;
  /** In samples, unwrapped. */
  timestamp: number;
  samples: number;
}

export interface StreamAssemblerOptions {
  codec: VideoCodec;
  parameterSets: ParameterSets;
  sound: SoundFormat | null;
  sink: Pick<CaptureSink, 'stream' | 'fragment'>;
  /** Called for every described frame. */
  onFrame(info: { atMs: number; bytes: number; keyframe: boolean }): void;
}

const VIDEO_CLOCK = 90_000;
const TICKS_PER_MS = VIDEO_CLOCK / 1000;
/**
 * The first frames after a connect often come late, and then at once: the first one is stamped when the anchor has not got better for
 * SETTLE_MS, or after MAX_SETTLE_MS.
 */
const SETTLE_MS = 300;
const MAX_SETTLE_MS = 1500;
const MAX_HELD = 256;
const DEFAULT_FRAME_TICKS = VIDEO_CLOCK / 25;
/** A longer pause than this at a step is our own clock's. */
const MAX_STEP_PAUSE_MS = 5000;
const MEASURED_FRAMES = 25;
const MAX_FRAME_TICKS = VIDEO_CLOCK * 2;

/** One description's worth of state. */
interface Run {
  muxer: FragmentMuxer;
  order: DecodeOrder;
  /** Decode time of the description's time 0, in the camera's ticks. */
  zeroTicks: number | null;
  /** Wall-clock time of the description's time 0. */
  startEpochMs: number;
  lastDecodeTime: number;
  /** Sound: samples to add to a timestamp; null until the first frame, and after a step. */
  soundShift: number | null;
  lastSoundTime: number;
}

export class StreamAssembler {
  private readonly options: StreamAssemblerOptions;
  private readonly videoClock = new CaptureClock();
  private readonly soundClock = new CaptureClock();
  private readonly soundSync: SoundSync;
  private readonly unwrapper = new Unwrapper(32);
  private held: Array<() => void> | null = [];
  private firstArrival: number | null = null;
  private run: Run | null = null;
  private renewAtKey = false;
  private frameTicks = DEFAULT_FRAME_TICKS;
  private recent: number[] = [];
  private lastArrival = 0;

  constructor(options: StreamAssemblerOptions) {
    this.options = options;
    this.soundSync = new SoundSync(
      { video: this.videoClock, audio: this.soundClock },
      { video: VIDEO_CLOCK, audio: options.sound?.sampleRate ?? VIDEO_CLOCK },
      options.sound?.clockRate,
    );
  }

  get description(): StreamDescription | null {
    return this.run?.muxer.description ?? null;
  }

  /** `arrivalEpochMs`: when the unit was complete. Throws AppError when its parameter sets make no sense. */
  video(unit: AccessUnit, arrivalEpochMs: number): void {
    const presentation = this.unwrapper.next(unit.timestamp);
    if (this.videoClock.observe(presentation / TICKS_PER_MS, arrivalEpochMs) === 'stepped')
      this.followStep(presentation, arrivalEpochMs - this.lastArrival);
    this.lastArrival = arrivalEpochMs;
    this.soundSync.picture(presentation);
    this.measureFrame(presentation);
    this.firstArrival ??= arrivalEpochMs;
    if (this.held) {
      const kept = { ...unit, nalus: unit.nalus.map((nalu) => Buffer.from(nalu)) };
      this.hold(this.held, () => this.putVideo(kept, presentation), arrivalEpochMs);
    } else this.putVideo(unit, presentation);
  }

  sound(frame: SoundFrame, arrivalEpochMs: number): void {
    const { sound } = this.options;
    if (!sound) return;
    const endMs = ((frame.timestamp + frame.samples) * 1000) / sound.sampleRate;
    const stepped = this.soundClock.observe(endMs, arrivalEpochMs) === 'stepped';
    if (stepped && this.run) this.run.soundShift = null;
    if (this.firstArrival === null) return;
    if (this.held) {
      const kept = { ...frame, data: Buffer.from(frame.data) };
      this.hold(this.held, () => this.putSound(kept, sound), arrivalEpochMs);
    } else this.putSound(frame, sound);
  }

  /** What the camera says of its clock: by that its sound is put beside its pictures, better than by when each arrived. */
  senderReport(track: 'video' | 'audio', report: SenderReport): void {
    this.soundSync.report(track, report);
  }

  /** The RTP timestamp that a track has where both begin. */
  started(track: 'video' | 'audio', rtpTimestamp: number): void {
    this.soundSync.started(track, rtpTimestamp);
  }

  /** Frames wait, in order, until the anchor has settled; after that never. */
  private hold(waiting: Array<() => void>, put: () => void, arrivalEpochMs: number): void {
    waiting.push(put);
    const heldMs = arrivalEpochMs - (this.firstArrival ?? arrivalEpochMs);
    const steadyMs = Math.min(this.videoClock.steadyMs, this.soundClock.sameGuessMs);
    const settles = heldMs < SETTLE_MS || (steadyMs < SETTLE_MS && heldMs < MAX_SETTLE_MS);
    if (heldMs >= 0 && settles && waiting.length < MAX_HELD) return;
    this.held = null;
    this.videoClock.settle();
    this.soundClock.settle();
    for (const one of waiting) one();
  }

  private putVideo(unit: AccessUnit, presentation: number): void {
    const { parameterSets, onFrame } = this.options;
    if (parameterSets.take(unit.nalus, unit.keyframe)) this.renewAtKey = true;
    if (unit.keyframe && parameterSets.complete && (!this.run || this.renewAtKey)) this.open(presentation);
    const { run } = this;
    if (!run) return;
    // Estimated from the frame rate, which need not divide the clock: a file knows whole ticks only.
    const decode = Math.round(run.order.next(presentation, this.frameTicks));
    run.zeroTicks ??= decode;
    const decodeTime = Math.max(decode - run.zeroTicks, run.lastDecodeTime + 1);
    run.lastDecodeTime = decodeTime;
    const captureEpochMs = this.videoClock.offsetMs + decode / TICKS_PER_MS;
    const fragment = run.muxer.video({
      nalus: unit.nalus,
      keyframe: unit.keyframe,
      decodeTime,
      compositionOffset: presentation - run.zeroTicks - decodeTime,
      duration: Math.round(this.frameTicks),
      captureEpochMs,
    });
    onFrame({ atMs: captureEpochMs, bytes: fragment.data.length, keyframe: unit.keyframe });
    this.options.sink.fragment(fragment);
  }

  private putSound(frame: SoundFrame, format: SoundFormat): void {
    const { run } = this;
    if (!run || run.zeroTicks === null) return;
    const { epochMs, maxDriftMs } = this.soundSync.locate(frame.timestamp);
    const byClock = Math.round(((epochMs - run.startEpochMs) * format.sampleRate) / 1000);
    // The sound's own clock sets the pace; it is put right only where it has run away from the picture's.
    const drift = run.soundShift === null ? 0 : Math.abs(frame.timestamp + run.soundShift - byClock);
    if (run.soundShift === null || drift * 1000 > maxDriftMs * format.sampleRate)
      run.soundShift = byClock - frame.timestamp;
    const decodeTime = frame.timestamp + run.soundShift;
    if (decodeTime <= run.lastSoundTime) return;
    run.lastSoundTime = decodeTime;
    this.options.sink.fragment(
      run.muxer.audio({ data: frame.data, decodeTime, duration: frame.samples, captureEpochMs: epochMs }),
    );
  }

  /** A new description at a key frame: the best anchor is taken at once. */
  private open(presentation: number): void {
    const { codec, parameterSets, sound, sink } = this.options;
    const sps = parameterSets.sps;
    if (!sps) throw new AppError('invalid-input', 'The stream has no parameter sets');
    this.videoClock.settle();
    this.soundClock.settle();
    this.renewAtKey = false;
    const muxer = new FragmentMuxer(
      { codec, parameterSets: parameterSets.list(), timescale: VIDEO_CLOCK },
      sound && { config: sound.config, timescale: sound.sampleRate },
    );
    const depth = readReorderDepth(codec, sps) ?? 0;
    this.run = {
      muxer,
      order: new DecodeOrder(depth),
      zeroTicks: null,
      startEpochMs: this.videoClock.offsetMs + (presentation - depth * this.frameTicks) / TICKS_PER_MS,
      lastDecodeTime: -1,
      soundShift: null,
      lastSoundTime: -1,
    };
    sink.stream(muxer.description);
  }

  /**
   * The camera's clock or ours jumped: the running description goes on without a seam, by as many frames as the time between the
   * arrivals says, until the next key frame opens another.
   */
  private followStep(presentation: number, sinceLastMs: number): void {
    this.renewAtKey = true;
    this.recent = [];
    if (this.held) {
      this.held = []; // their times cannot be told any more
      this.firstArrival = null;
    }
    const { run } = this;
    if (run?.zeroTicks == null) return;
    const plausible = sinceLastMs > 0 && sinceLastMs < MAX_STEP_PAUSE_MS;
    const frames = plausible ? Math.max(1, Math.round((sinceLastMs * TICKS_PER_MS) / this.frameTicks)) : 1;
    run.zeroTicks = presentation - run.lastDecodeTime - Math.round(frames * this.frameTicks);
    run.order = new DecodeOrder(0);
  }

  /** The mean frame distance of the last frames, whatever their order. */
  private measureFrame(presentation: number): void {
    this.recent.push(presentation);
    if (this.recent.length > MEASURED_FRAMES) this.recent.shift();
    if (this.recent.length < 2) return;
    let least = presentation;
    let most = presentation;
    for (const one of this.recent) {
      if (one < least) least = one;
      else if (one > most) most = one;
    }
    const mean = (most - least) / (this.recent.length - 1);
    if (mean >= 1 && mean <= MAX_FRAME_TICKS) this.frameTicks = mean;
  }
}
