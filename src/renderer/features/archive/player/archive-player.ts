/**
 * Plays one camera's recordings in a video element by wall-clock time: seek anywhere, any speed, frame by frame, over gaps,
 * up to the live edge. One instance per element; React only mounts it. Bytes stay in the media source, never in a store.
 */
import { t } from '@lingui/core/macro';
import { DAY_MS, type EpochRange } from '../../../../shared/units.ts';
import { bufferedSecondsFrom, nextBufferedStart } from './buffered.ts';
import { FrameIndex } from './frame-index.ts';
import { HoleUploads, planUpload } from './hole-uploads.ts';
import type { TrackInit } from './mp4-boxes.ts';
import { peekAudio } from './peek-audio.ts';
import { PictureClock, StandstillWatch } from './picture-clock.ts';
import { type HolePlan, type MetHole, planHole } from './plan-hole.ts';
import type { ArchivePlayerDeps, PlayerStatus } from './player-types.ts';
import { TrackFeed } from './track-feed.ts';

/** Player time 0 lies this far before the first seek, so that earlier footage can be reached without a new source. */
const BASE_LEAD_MS = DAY_MS;
const SOURCE_LENGTH_MS = 4 * DAY_MS;
/** About one picture of an uploaded video. */
const UPLOAD_STEP_MS = 40;

export class ArchivePlayer {
  readonly #deps: ArchivePlayerDeps;
  readonly #frames = new FrameIndex();
  readonly #uploads: HoleUploads;
  #source: MediaSource | null = null;
  #sourceUrl = '';
  #baseEpochMs = 0;
  #videoFeed: TrackFeed | null = null;
  #audioFeed: TrackFeed | null = null;
  #sound = false;
  #playing = false;
  #rate = 1;
  /** Alone it goes over holes by itself; among others it waits for them, see `playback-group.ts`. */
  skipsHoles = true;
  #targetEpochMs = 0;
  #status: PlayerStatus = { kind: 'loading' };
  /** The stretch without footage that the feed has met last. */
  #hole: MetHole | null = null;
  #ticker = 0;
  readonly #pictures: PictureClock;
  readonly #standstill = new StandstillWatch();
  #decodeFailures = 0;
  #closed = false;

  constructor(deps: ArchivePlayerDeps) {
    this.#deps = deps;
    this.#pictures = new PictureClock(deps.video);
    this.#uploads = new HoleUploads({
      ask: async (epochMs) => (await deps.askUpload?.(epochMs)) ?? null,
      onKnown: this.#tick,
    });
  }

  start(): void {
    const { video } = this.#deps;
    video.addEventListener('error', this.#onVideoError);
    for (const name of ['timeupdate', 'waiting', 'seeked', 'stalled'] as const) {
      video.addEventListener(name, this.#tick);
    }
    this.#ticker = window.setInterval(this.#tick, 120);
    this.#pictures.start();
  }

  async stop(): Promise<void> {
    this.#closed = true;
    this.#pictures.stop();
    const { video } = this.#deps;
    window.clearInterval(this.#ticker);
    video.removeEventListener('error', this.#onVideoError);
    for (const name of ['timeupdate', 'waiting', 'seeked', 'stalled'] as const) {
      video.removeEventListener(name, this.#tick);
    }
    await this.#closeSource();
  }

  /** Wall-clock time of the playhead; of the picture itself while it stands still. */
  get epochMs(): number {
    const { video } = this.#deps;
    if (!this.#source || this.#status.kind === 'unsupported' || video.readyState === 0)
      return this.#targetEpochMs;
    if (video.paused && video.readyState >= 2 && !video.seeking) {
      const shown = this.#frames.shownAt(video.currentTime);
      if (shown !== null && video.currentTime - shown < 2) return this.#baseEpochMs + shown * 1000;
    }
    return this.#baseEpochMs + video.currentTime * 1000;
  }

  /** Time of the picture that is really on screen, for what is drawn over it. */
  get pictureEpochMs(): number {
    const { shownSeconds } = this.#pictures;
    if (shownSeconds === null || this.#deps.video.paused) return this.epochMs;
    return this.#baseEpochMs + shownSeconds * 1000;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Whether a picture of the playhead's time is on screen and the next ones are there. */
  get flowing(): boolean {
    const { video } = this.#deps;
    return !video.seeking && video.readyState >= 3;
  }

  get seeking(): boolean {
    return this.#status.kind !== 'upload' && this.#deps.video.seeking;
  }

  get status(): PlayerStatus {
    return this.#status;
  }

  seek(epochMs: number): void {
    if (this.#status.kind === 'upload' && isWithin(this.#status.upload, epochMs)) {
      this.advance(epochMs);
      return;
    }
    this.#targetEpochMs = epochMs;
    this.#hole = null;
    this.#uploads.clear();
    const outside =
      epochMs < this.#baseEpochMs + 60_000 || epochMs > this.#baseEpochMs + SOURCE_LENGTH_MS - 60_000;
    if (!this.#source || outside || this.#status.kind === 'failed' || this.#status.kind === 'unsupported') {
      void this.#open(epochMs);
      return;
    }
    const seconds = (epochMs - this.#baseEpochMs) / 1000;
    if (!this.#isBuffered(seconds)) {
      this.#setStatus({ kind: 'loading' });
      this.#frames.clear();
      this.#videoFeed?.restart(epochMs);
      this.#audioFeed?.restart(epochMs);
    }
    this.#deps.video.currentTime = seconds;
    this.#videoFeed?.poke();
  }

  /** An upload that stands in for footage is shown at this time; behind its end the next footage or upload follows. */
  advance(epochMs: number): void {
    this.#targetEpochMs = epochMs;
    this.#deps.video.currentTime = (epochMs - this.#baseEpochMs) / 1000;
    if (this.#status.kind !== 'upload' || !isWithin(this.#status.upload, epochMs)) this.#tick();
  }

  play(): void {
    this.#playing = true;
    if (this.#status.kind === 'failed') this.seek(this.#targetEpochMs);
    this.#applyPlaying();
    this.#tick();
  }

  pause(): void {
    this.#playing = false;
    this.#deps.video.pause();
  }

  setRate(rate: number): void {
    this.#rate = rate;
    const { video } = this.#deps;
    video.defaultPlaybackRate = rate;
    video.playbackRate = rate;
    this.#applyMuted();
    this.#videoFeed?.poke();
    this.#audioFeed?.poke();
  }

  /** A small correction on top of the speed, to stay in step with other cameras. */
  nudge(factor: number): void {
    const wanted = Math.min(16, Math.max(0.0625, this.#rate * factor));
    if (Math.abs(this.#deps.video.playbackRate - wanted) > 0.001) this.#deps.video.playbackRate = wanted;
  }

  /** Sound needs its own buffer, which a running media source does not take: it is opened again in place. */
  setSound(on: boolean): void {
    if (on === this.#sound) return;
    this.#sound = on;
    this.#applyMuted();
    if (!on || !this.#source || this.#audioFeed) return;
    this.#targetEpochMs = this.epochMs;
    void this.#open(this.#targetEpochMs);
  }

  /** Shows the next (1) or previous (-1) picture. */
  step(direction: 1 | -1): void {
    const { video } = this.#deps;
    if (this.#playing) this.pause();
    if (this.#status.kind === 'upload') {
      this.advance(this.epochMs + direction * UPLOAD_STEP_MS);
      return;
    }
    const now = video.currentTime;
    const frame = direction === 1 ? this.#frames.next(now) : this.#frames.previous(now);
    if (frame !== null && this.#isBuffered(frame)) {
      video.currentTime = this.#frames.insideOf(frame);
      this.#targetEpochMs = this.#baseEpochMs + frame * 1000;
      this.#videoFeed?.poke();
      return;
    }
    const shown = this.#frames.shownAt(now) ?? now;
    this.seek(this.#baseEpochMs + shown * 1000 + (direction === 1 ? 40 : -2));
  }

  async #open(epochMs: number): Promise<void> {
    await this.#closeSource();
    if (this.#closed || epochMs !== this.#targetEpochMs) return;
    const { video } = this.#deps;
    this.#setStatus({ kind: 'loading' });
    this.#frames.clear();
    this.#baseEpochMs = epochMs - BASE_LEAD_MS;
    const source = new MediaSource();
    this.#source = source;
    this.#sourceUrl = URL.createObjectURL(source);
    video.src = this.#sourceUrl;
    video.defaultPlaybackRate = this.#rate;
    video.playbackRate = this.#rate;
    this.#applyMuted();
    await new Promise((resolve) => source.addEventListener('sourceopen', resolve, { once: true }));
    if (this.#source !== source) return;
    source.duration = SOURCE_LENGTH_MS / 1000;
    const audioInit = this.#sound ? await peekAudio(this.#deps.load, this.#baseEpochMs, epochMs) : null;
    if (this.#source !== source) return;
    if (this.#sound && !audioInit) this.#deps.onNoSound();
    // Both buffers must exist before the first init segment is appended.
    const videoFeed = this.#makeFeed('video', source);
    const audioFeed = audioInit ? this.#makeFeed('audio', source, source.addSourceBuffer(audioInit)) : null;
    this.#videoFeed = videoFeed;
    this.#audioFeed = audioFeed;
    videoFeed.restart(epochMs);
    audioFeed?.restart(epochMs);
    video.currentTime = BASE_LEAD_MS / 1000;
    this.#applyPlaying();
  }

  #makeFeed(track: 'video' | 'audio', source: MediaSource, given: SourceBuffer | null = null): TrackFeed {
    const isVideo = track === 'video';
    return new TrackFeed({
      load: (range, signal) => this.#deps.load(track, this.#baseEpochMs, range, signal),
      baseEpochMs: this.#baseEpochMs,
      playheadEpochMs: () => this.#baseEpochMs + this.#deps.video.currentTime * 1000,
      // A little more at speed, but never so much that the buffer's quota is reached.
      aheadMs: () => Math.min(90, 15 + 10 * Math.max(1, this.#rate)) * 1000,
      events: {
        init: (init) => given ?? this.#takeVideoInit(init, source),
        frames: (timesSeconds) => {
          if (isVideo) this.#frames.add(timesSeconds);
        },
        hole: (fromEpochMs, nextEpochMs) => {
          if (isVideo) this.#onHole(fromEpochMs, nextEpochMs);
        },
        failed: (problem) => {
          if (isVideo && problem !== '') this.#setStatus({ kind: 'failed', problem });
        },
        progress: () => {
          if (isVideo) this.#tick();
        },
      },
    });
  }

  #takeVideoInit(init: TrackInit, source: MediaSource): SourceBuffer | null {
    const type = `video/mp4; codecs="${init.codecString}"`;
    if (!MediaSource.isTypeSupported(type)) {
      this.#setStatus({ kind: 'unsupported', codecString: init.codecString });
      return null;
    }
    return source.addSourceBuffer(type);
  }

  #onHole(fromEpochMs: number, nextEpochMs: number | null): void {
    this.#hole = { fromEpochMs, nextEpochMs };
    this.#tick();
  }

  /** Looks where the playhead stands in what is buffered; goes over holes and names what is the case. */
  readonly #tick = (): void => {
    const { video } = this.#deps;
    if (!this.#source || this.#status.kind === 'unsupported' || this.#status.kind === 'failed') return;
    const now = video.currentTime;
    if (this.#isBuffered(now)) {
      this.#decodeFailures = 0;
      const stuck = this.#standstill.isStuck(video, this.#playing, this.#secondsLeft(now));
      const atEdge = this.#playing && this.#videoFeed?.atEnd && (stuck || this.#secondsLeft(now) < 0.15);
      if (atEdge) this.#setStatus({ kind: 'edge' });
      else if (video.readyState >= 2) this.#setStatus({ kind: 'ready' });
      if (video.paused && this.#playing) this.#applyPlaying();
      if (!stuck && this.#secondsLeft(now) > 0.05) return;
    }
    const goesOver = this.#playing && this.skipsHoles;
    const found = planHole({
      seconds: now,
      isBuffered: this.#isBuffered(now),
      nextSeconds: nextBufferedStart(video.buffered, now),
      goesOver,
      playing: this.#playing,
      baseEpochMs: this.#baseEpochMs,
      hole: this.#hole,
    });
    if (!found) return;
    const plan = found.kind === 'jump' && !found.told ? found : this.#withUpload(found, now, goesOver);
    if (plan?.kind === 'gap' || plan?.kind === 'upload') this.#setStatus(plan);
    if (plan?.kind !== 'jump') return;
    if (plan.told)
      this.#deps.onSkip(this.#baseEpochMs + now * 1000, this.#baseEpochMs + plan.toSeconds * 1000);
    video.currentTime = plan.toSeconds + 0.001;
  };

  /** null: whether something was uploaded for this hole is being asked for. */
  #withUpload(plan: NonNullable<HolePlan>, seconds: number, goesOver: boolean) {
    const epochMs = this.#baseEpochMs + seconds * 1000;
    const upload = this.#uploads.at(epochMs);
    if (upload === undefined) return null;
    return planUpload(plan, upload, { epochMs, baseEpochMs: this.#baseEpochMs, goesOver });
  }

  readonly #onVideoError = (): void => {
    if (this.#closed || !this.#deps.video.error) return;
    const at = this.#targetEpochMs > 0 ? this.epochMs : 0;
    // One damaged picture must not end the playback: begin again behind it, a few times.
    if (this.#decodeFailures++ < 3 && at > 0) {
      this.#targetEpochMs = at + 500;
      void this.#open(this.#targetEpochMs);
      return;
    }
    this.#setStatus({
      kind: 'failed',
      problem: t`The footage here cannot be decoded; it may be damaged. Try a little later in the recording.`,
    });
  };

  #applyPlaying(): void {
    const { video } = this.#deps;
    if (!this.#playing || !video.paused) return;
    video.play().catch((thrown: unknown) => {
      // AbortError: a seek or pause came in between. Sound without a gesture is refused: go on silently.
      if (thrown instanceof DOMException && thrown.name === 'NotAllowedError') {
        video.muted = true;
        video.play().catch(() => this.pause());
      }
    });
  }

  #applyMuted(): void {
    // Far from normal speed sound is noise.
    this.#deps.video.muted = !this.#sound || this.#rate > 2 || this.#rate < 0.5;
  }

  async #closeSource(): Promise<void> {
    const feeds = [this.#videoFeed, this.#audioFeed];
    this.#source = null;
    this.#videoFeed = null;
    this.#audioFeed = null;
    this.#hole = null;
    const { video } = this.#deps;
    // Another player may already have taken the element over.
    if (this.#closed && this.#sourceUrl !== '' && video.src === this.#sourceUrl) {
      video.removeAttribute('src');
      video.load();
    }
    if (this.#sourceUrl !== '') URL.revokeObjectURL(this.#sourceUrl);
    this.#sourceUrl = '';
    await Promise.all(feeds.map((feed) => feed?.stop()));
  }

  #isBuffered(seconds: number): boolean {
    return this.#secondsLeft(seconds) > 0;
  }

  #secondsLeft(seconds: number): number {
    return bufferedSecondsFrom(this.#deps.video.buffered, seconds);
  }

  #setStatus(status: PlayerStatus): void {
    const same = this.#status.kind === status.kind && JSON.stringify(this.#status) === JSON.stringify(status);
    this.#status = status;
    if (!same && !this.#closed) this.#deps.onStatus(status);
  }
}

function isWithin(range: EpochRange, epochMs: number): boolean {
  return range.startEpochMs <= epochMs && epochMs < range.endEpochMs;
}
