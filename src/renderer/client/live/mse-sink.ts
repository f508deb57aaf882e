/** Feeds one `video` element from live MP4 fragments through Media Source Extensions; keeps it near the newest picture. */
import { LIVE_KIND, type LiveHello } from '../../../shared/contract-live.ts';
import { mediaSourceClass } from '../media-source.ts';
import { LeftToPlay } from './left-to-play.ts';
import { LiveReserve } from './live-reserve.ts';
import type { LiveMessage } from './live-socket.ts';
import { planLiveBuffer } from './plan-live-buffer.ts';

const TICK_MS = 250;
const FIRST_FRAME_SECONDS = 0.04;
/** A longer pause is none of the frame rate's. */
const MOST_FRAME_SECONDS = 2;
/** Fragments waiting for the decoder; when more wait it cannot keep up, and the stream is begun again. */
const MOST_QUEUED = 600;

export interface MseSinkOptions {
  video: HTMLVideoElement;
  hello: LiveHello;
  withAudio: boolean;
  onPlaying: () => void;
  /** It cannot go on; the caller begins afresh. */
  onFailed: (why: unknown) => void;
}

type TrackName = 'video' | 'audio';
interface Track {
  buffer: SourceBuffer | null;
  queue: Array<{ data: Uint8Array<ArrayBuffer>; captureEpochMs: number }>;
}

/** Whether this browser can play the stream that a hello announces. */
export function canPlay(hello: LiveHello): boolean {
  const Source = mediaSourceClass();
  return Source?.isTypeSupported(mimeOf('video', hello.videoCodecString)) ?? false;
}

export class MseSink {
  readonly #options: MseSinkOptions;
  readonly #source: MediaSource;
  readonly #url: string;
  readonly #tracks: Record<TrackName, Track | null>;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #aborter = new AbortController();
  readonly #reserve = new LiveReserve(performance.now());
  #frameSeconds = FIRST_FRAME_SECONDS;
  #lastCaptureEpochMs = 0;
  readonly #left = new LeftToPlay();
  /** Capture time of media time 0, epoch ms. */
  #originEpochMs: number | null = null;
  #closed = false;

  constructor(options: MseSinkOptions) {
    this.#options = options;
    const Source = mediaSourceClass();
    if (!Source) throw new Error('this browser has no Media Source Extensions');
    this.#source = new Source();
    const { hello, withAudio, video } = options;
    const audio =
      withAudio && hello.audioCodecString && Source.isTypeSupported(mimeOf('audio', hello.audioCodecString));
    this.#tracks = {
      video: { buffer: null, queue: [] },
      audio: audio ? { buffer: null, queue: [] } : null,
    };
    const { signal } = this.#aborter;
    this.#source.addEventListener('sourceopen', () => this.#guard(() => this.#open()), {
      signal,
      once: true,
    });
    video.addEventListener('error', () => this.#fail(video.error), { signal });
    video.addEventListener('waiting', () => this.#reserve.ranDry(performance.now()), { signal });
    video.addEventListener('playing', () => this.#onPlaying(), { signal });
    video.disableRemotePlayback = true; // Managed Media Source asks for it
    this.#url = URL.createObjectURL(this.#source);
    video.src = this.#url;
    this.#timer = setInterval(() => this.#guard(() => this.#tick()), TICK_MS);
  }

  /** When the picture that is shown now was captured, epoch ms; null before the first. */
  displayedEpochMs(): number | null {
    return this.#originEpochMs === null ? null : this.#originEpochMs + this.#options.video.currentTime * 1000;
  }

  push(message: LiveMessage): void {
    const name: TrackName =
      message.kind === LIVE_KIND.videoInit || message.kind === LIVE_KIND.videoFragment ? 'video' : 'audio';
    const track = this.#tracks[name];
    if (!track || this.#closed) return;
    if (track.queue.length >= MOST_QUEUED) {
      this.#fail(new Error('the decoder cannot keep up'));
      return;
    }
    if (message.kind === LIVE_KIND.videoFragment) this.#measureFrame(message.captureEpochMs);
    track.queue.push({ data: message.data, captureEpochMs: message.captureEpochMs });
    this.#guard(() => this.#feed(name));
  }

  #measureFrame(captureEpochMs: number): void {
    const seconds = (captureEpochMs - this.#lastCaptureEpochMs) / 1000;
    this.#lastCaptureEpochMs = captureEpochMs;
    if (seconds > 0 && seconds < MOST_FRAME_SECONDS)
      this.#frameSeconds += (seconds - this.#frameSeconds) / 10;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#aborter.abort();
    URL.revokeObjectURL(this.#url);
  }

  #open(): void {
    const { hello } = this.#options;
    for (const name of ['video', 'audio'] as const) {
      const track = this.#tracks[name];
      const codec = name === 'video' ? hello.videoCodecString : hello.audioCodecString;
      if (!track || !codec) continue;
      track.buffer = this.#source.addSourceBuffer(mimeOf(name, codec));
      track.buffer.addEventListener('updateend', () => this.#guard(() => this.#feed(name)), {
        signal: this.#aborter.signal,
      });
      track.buffer.addEventListener('error', () => this.#fail(new Error(`${name} could not be decoded`)), {
        signal: this.#aborter.signal,
      });
      this.#feed(name);
    }
  }

  #feed(name: TrackName): void {
    const track = this.#tracks[name];
    if (!track?.buffer || track.buffer.updating || this.#source.readyState !== 'open') return;
    const next = track.queue[0];
    if (!next) return;
    if (name === 'video' && next.captureEpochMs > 0 && track.buffer.buffered.length > 0) {
      // what is buffered so far ends where this fragment begins
      const startSeconds = track.buffer.buffered.end(track.buffer.buffered.length - 1);
      this.#originEpochMs = next.captureEpochMs - startSeconds * 1000;
      this.#left.note(startSeconds - this.#options.video.currentTime);
    }
    try {
      track.buffer.appendBuffer(next.data);
      track.queue.shift();
    } catch (thrown) {
      if (!(thrown instanceof DOMException) || thrown.name !== 'QuotaExceededError') throw thrown;
      const { currentTime } = this.#options.video;
      if (track.buffer.buffered.length === 0 || track.buffer.buffered.start(0) >= currentTime - 1)
        throw thrown;
      track.buffer.remove(0, currentTime - 1); // its `updateend` tries again
    }
  }

  #tick(): void {
    const buffer = this.#tracks.video?.buffer;
    if (!buffer || this.#source.readyState !== 'open') return;
    const { video } = this.#options;
    const plan = planLiveBuffer({
      currentTimeSeconds: video.currentTime,
      playbackRate: video.playbackRate,
      ranges: Array.from({ length: buffer.buffered.length }, (_, index) => ({
        start: buffer.buffered.start(index),
        end: buffer.buffered.end(index),
      })),
      left: this.#left.beat(video.playbackRate === 1),
      wantedSeconds: this.#frameSeconds + this.#reserve.secondsAt(performance.now()),
      frameSeconds: this.#frameSeconds,
    });
    if (plan.seekToSeconds !== null) video.currentTime = plan.seekToSeconds;
    if (video.playbackRate !== plan.playbackRate) video.playbackRate = plan.playbackRate;
    if (plan.removeBeforeSeconds !== null)
      for (const track of [this.#tracks.video, this.#tracks.audio])
        if (track?.buffer && !track.buffer.updating) track.buffer.remove(0, plan.removeBeforeSeconds);
    if (video.paused && buffer.buffered.length > 0) void video.play().catch(() => this.#playMuted());
  }

  /** Browsers refuse sound before the first gesture: better a silent picture than none. */
  #playMuted(): void {
    const { video } = this.#options;
    if (this.#closed || video.muted) return;
    video.muted = true;
    void video.play().catch((thrown) => console.warn('the browser does not start the live picture', thrown));
  }

  #onPlaying(): void {
    this.#reserve.wentOn(performance.now());
    this.#options.onPlaying();
  }

  #guard(work: () => void): void {
    if (this.#closed) return;
    try {
      work();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(why: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#options.onFailed(why);
  }
}

function mimeOf(track: TrackName, codec: string): string {
  return `${track}/mp4; codecs="${codec}"`;
}
