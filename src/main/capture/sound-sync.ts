/** Where sound lies beside the pictures: by the camera's own clock where its sender reports tell it, else by when each arrived. */
import { type SenderReport, wrapTo32 } from '../media/rtsp/rtp.ts';
import type { CaptureClock } from './capture-clock.ts';

type Track = 'video' | 'audio';
type Moment = Pick<SenderReport, 'rtpTimestamp' | 'ntpEpochMs'>;

/** Sound is put right when it is off by more than this: where the camera tells, and where arrivals have to do. */
const MAX_DRIFT_MS = { reported: 40, guessed: 200 } as const;
/** Reports that move the sound by more than this are not believed: some cameras make them up. */
const MAX_REPORTED_SHIFT_MS = 1000;
/** What is said at the start is made up more often. */
const MAX_STARTED_SHIFT_MS = 400;

export class SoundSync {
  private readonly clocks: Record<Track, Pick<CaptureClock, 'offsetMs'>>;
  private readonly rates: Record<Track, number>;
  private readonly reportRates: Record<Track, number>;
  private readonly reports: Partial<Record<Track, Moment>> = {};
  private readonly starts: Partial<Record<Track, Moment>> = {};
  private lastPicture = 0;

  /** `clocks`: of each track by its arrivals; `rates`: ticks per second; `soundReportRate`: of the sound's reports, where they count otherwise. */
  constructor(clocks: SoundSync['clocks'], rates: SoundSync['rates'], soundReportRate = rates.audio) {
    this.clocks = clocks;
    this.rates = rates;
    this.reportRates = { video: rates.video, audio: soundReportRate };
  }

  /** Timestamp of the newest picture, unwrapped. */
  picture(timestamp: number): void {
    this.lastPicture = timestamp;
  }

  report(track: Track, report: Moment): void {
    this.reports[track] = report;
  }

  /** The camera says at the start which timestamps are of one moment: that does until it reports. */
  started(track: Track, rtpTimestamp: number): void {
    this.starts[track] = { rtpTimestamp, ntpEpochMs: 0 };
  }

  /** When a sample was taken (epoch ms, by our clock), and by how much a running line may differ from that. `timestamp`: unwrapped. */
  locate(timestamp: number): { epochMs: number; maxDriftMs: number } {
    const guessed = this.epochOf('audio', timestamp);
    const { video, audio } = this.reports;
    const hasReported = video !== undefined && audio !== undefined;
    const told = this.toldMs(timestamp, hasReported ? this.reports : this.starts);
    const mostMs = hasReported ? MAX_REPORTED_SHIFT_MS : MAX_STARTED_SHIFT_MS;
    return told !== null && Math.abs(told - guessed) < mostMs
      ? { epochMs: told, maxDriftMs: MAX_DRIFT_MS.reported }
      : { epochMs: guessed, maxDriftMs: MAX_DRIFT_MS.guessed };
  }

  /** The camera's one clock joins the timestamps of both tracks (RFC 3550, 6.4.1); the newest picture joins that clock to ours. */
  private toldMs(timestamp: number, { video, audio }: Partial<Record<Track, Moment>>): number | null {
    if (!video || !audio) return null;
    const aheadOfPictureMs =
      this.cameraMs('audio', audio, timestamp) - this.cameraMs('video', video, this.lastPicture);
    return this.epochOf('video', this.lastPicture) + aheadOfPictureMs;
  }

  private cameraMs(track: Track, report: Moment, timestamp: number): number {
    const rate = this.reportRates[track];
    const reported = Math.round((timestamp * rate) / this.rates[track]);
    return report.ntpEpochMs + (wrapTo32(reported - report.rtpTimestamp) * 1000) / rate;
  }

  private epochOf(track: Track, timestamp: number): number {
    return this.clocks[track].offsetMs + (timestamp * 1000) / this.rates[track];
  }
}
