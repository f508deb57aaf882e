/**
 * Plays one camera's recordings in a video element by wall-clock time: seek anywhere, any speed, frame by frame, over gaps,
 * up to the live edge. One instance per element; React only mounts it. Bytes stay in the media source, never in a store.
 */
import { messageOf } from '../../../../shared/errors.ts';
import { isWithin } from '../../../../shared/units.ts';
import { bufferedSecondsFrom, nextBufferedStart } from './buffered.ts';
import { DecodeFailures, undecodableWords } from './decode-failures.ts';
import { ElementPlayback } from './element-playback.ts';
import { FrameIndex } from './frame-index.ts';
import { HoleGuide } from './hole-guide.ts';
import { NearJump } from './near-jump.ts';
import { PictureClock, StandstillWatch } from './picture-clock.ts';
import { PlayerSource } from './player-source.ts';
import type { ArchivePlayerDeps, PlayerStatus } from './player-types.ts';

/** About one picture of an uploaded video. */
const UPLOAD_STEP_MS = 40;

export class ArchivePlayer {
  readonly #deps: ArchivePlayerDeps;
  readonly #frames = new FrameIndex();
  readonly #jump: NearJump;
  readonly #holes: HoleGuide;
  #source: PlayerSource | null = null;
  readonly #element: ElementPlayback;
  #playing = false;
  /** Alone it goes over holes by itself; among others it waits for them, see `playback-group.ts`. */
  skipsHoles = true;
  #targetEpochMs = 0;
  #status: PlayerStatus = { kind: 'loading' };
  #ticker = 0;
  readonly #pictures: PictureClock;
  readonly #standstill = new StandstillWatch();
  readonly #decodeFailures = new DecodeFailures();
  /** The feed cannot reach the recorder, in these words. */
  #unreachable: string | null = null;
  readonly #stopped = new AbortController();

  constructor(deps: ArchivePlayerDeps) {
    this.#deps = deps;
    this.#element = new ElementPlayback(deps.video);
    this.#jump = new NearJump(deps.video, this.#frames);
    this.#pictures = new PictureClock(deps.video);
    this.#holes = new HoleGuide({
      ask: async (epochMs) => (await deps.askUpload?.(epochMs)) ?? null,
      onKnown: this.#tick,
    });
  }

  start(): void {
    const { video } = this.#deps;
    const { signal } = this.#stopped;
    video.addEventListener('error', this.#onVideoError, { signal });
    for (const name of ['timeupdate', 'waiting', 'seeked', 'stalled'] as const)
      video.addEventListener(name, this.#tick, { signal });
    this.#ticker = window.setInterval(this.#tick, 120);
    this.#pictures.start();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#pictures.stop();
    window.clearInterval(this.#ticker);
    await this.#closeSource();
  }

  /** Wall-clock time 0 of the video element; 0 while nothing is open. */
  get #baseEpochMs(): number {
    return this.#source?.baseEpochMs ?? 0;
  }

  /** Wall-clock time of the playhead; of the picture itself while it stands still. */
  get epochMs(): number {
    const { video } = this.#deps;
    const hasNone = !this.#source || this.#status.kind === 'unsupported' || video.readyState === 0;
    if (hasNone || this.#jump.isSettling) return this.#targetEpochMs;
    if (video.paused && video.readyState >= 2 && !video.seeking) {
      const shown = this.#frames.shownAt(video.currentTime);
      if (shown !== null && video.currentTime - shown < 2) return this.#baseEpochMs + shown * 1000;
    }
    return this.#baseEpochMs + video.currentTime * 1000;
  }

  /** Time of the picture that is really on screen, for what is drawn over it. */
  get pictureEpochMs(): number {
    const { shownSeconds } = this.#pictures;
    if (!this.#source || shownSeconds === null || this.#deps.video.paused) return this.epochMs;
    return this.#baseEpochMs + shownSeconds * 1000;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Looking for a picture. An element that was sought to where there is none says so for ever. */
  get seeking(): boolean {
    const hasNone = /^(upload|gap|unsupported|failed)$/.test(this.#status.kind);
    return !hasNone && (this.#deps.video.seeking || this.#jump.isSettling);
  }

  get status(): PlayerStatus {
    return this.#status;
  }

  /** `withinMs`: the picture may be earlier by so much, if it is there sooner; `settles`: until the right one is there. */
  seek(epochMs: number, { withinMs = 0, settles = false } = {}): void {
    if (this.#status.kind === 'upload' && isWithin(this.#status.upload, epochMs)) {
      this.advance(epochMs);
      return;
    }
    this.#targetEpochMs = epochMs;
    this.#holes.clear();
    const source = this.#source;
    const { kind } = this.#status;
    if (kind === 'failed') this.#decodeFailures.reset();
    if (!source?.covers(epochMs) || kind === 'failed' || kind === 'unsupported') {
      this.#open(epochMs);
      return;
    }
    const seconds = (epochMs - source.baseEpochMs) / 1000;
    if (source.isStale || this.#secondsLeft(seconds) === 0) {
      this.#setStatus({ kind: 'loading' });
      this.#frames.clear();
      source.restart(epochMs);
    }
    // Sound begins where it was asked for.
    this.#jump.go({ seconds, settles, withinSeconds: source.hasSound ? 0 : withinMs / 1000 });
    source.poke();
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
    this.#element.set({ rate });
    this.#source?.poke();
  }

  /** A small correction on top of the speed, to stay in step with other cameras. */
  nudge(factor: number): void {
    this.#element.nudge(factor);
  }

  /** Sound needs its own buffer, which a running media source does not take: it is opened again in place. */
  setSound(on: boolean): void {
    if (on === this.#element.sound) return;
    this.#element.set({ sound: on });
    if (!on || !this.#source || this.#source.hasSound) return;
    this.#targetEpochMs = this.epochMs;
    this.#open(this.#targetEpochMs);
  }

  /** Shows the next (1) or previous (-1) picture. */
  step(direction: 1 | -1): void {
    const { video } = this.#deps;
    if (this.#playing) this.pause();
    if (this.#status.kind === 'upload') {
      this.advance(this.epochMs + direction * UPLOAD_STEP_MS);
      return;
    }
    const now = (this.epochMs - this.#baseEpochMs) / 1000;
    this.#jump.cancel();
    const frame = direction === 1 ? this.#frames.next(now) : this.#frames.previous(now);
    if (frame !== null && this.#secondsLeft(frame) > 0) {
      video.currentTime = this.#frames.insideOf(frame);
      this.#targetEpochMs = this.#baseEpochMs + frame * 1000;
      this.#source?.poke();
      return;
    }
    const shown = this.#frames.shownAt(now) ?? now;
    this.seek(this.#baseEpochMs + shown * 1000 + (direction === 1 ? 40 : -2));
  }

  #open(epochMs: number): void {
    this.#openAt(epochMs).catch((thrown) => this.#setStatus({ kind: 'failed', problem: messageOf(thrown) }));
  }

  async #openAt(epochMs: number): Promise<void> {
    this.#jump.cancel();
    await this.#closeSource();
    if (this.#stopped.signal.aborted || epochMs !== this.#targetEpochMs) return;
    const { video, load } = this.#deps;
    this.#setStatus({ kind: 'loading' });
    this.#frames.clear();
    const source = new PlayerSource({
      ...{ video, load, epochMs, rate: () => this.#element.rate },
      othersSeek: () => this.#deps.othersSeek?.() ?? false,
      events: {
        frames: (frames) => this.#jump.take(frames),
        hole: (fromEpochMs, nextEpochMs) => {
          this.#holes.met({ fromEpochMs, nextEpochMs });
          this.#tick();
        },
        unreachable: (problem) => {
          this.#unreachable = problem;
          this.#tick();
        },
        failed: (problem) => {
          if (problem !== '') this.#setStatus({ kind: 'failed', problem });
        },
        progress: this.#tick,
        unsupported: (codecString) => this.#setStatus({ kind: 'unsupported', codecString }),
      },
    });
    this.#source = source;
    this.#element.apply();
    const opened = await source.open(this.#element.sound);
    if (opened === 'closed') return;
    if (this.#element.sound && opened !== 'with-sound') {
      this.#element.set({ sound: false });
      this.#deps.onNoSound(opened);
    }
    this.#applyPlaying();
  }

  /** Looks where the playhead stands in what is buffered; goes over holes and names what is the case. */
  readonly #tick = (): void => {
    const { video } = this.#deps;
    const { kind } = this.#status;
    if (!this.#source || this.#source.isStale || kind === 'unsupported' || kind === 'failed') return;
    if (this.#pictures.hasShown) this.#decodeFailures.reset();
    const now = video.currentTime;
    const left = this.#secondsLeft(now);
    const stuck = left > 0 && this.#standstill.isStuck(video, this.#playing, left);
    const lacks = stuck || left <= 0.05;
    const lost = lacks ? this.#unreachable : null;
    if (left > 0) {
      const atEdge = this.#playing && this.#source.atEnd && (stuck || left < 0.15);
      if (atEdge && lost === null) this.#setStatus({ kind: 'edge' });
      else if (video.readyState >= 2 && lost === null) this.#setStatus({ kind: 'ready' });
      if (video.paused && this.#playing) this.#applyPlaying();
      if (!lacks) return;
    }
    const plan = this.#holes.plan({
      seconds: now,
      isBuffered: left > 0,
      nextSeconds: nextBufferedStart(video.buffered, now),
      goesOver: this.#playing && this.skipsHoles,
      playing: this.#playing,
      baseEpochMs: this.#baseEpochMs,
    });
    if (!plan && lost !== null) this.#setStatus({ kind: 'unreachable', problem: lost });
    else if (!plan && kind === 'unreachable') this.#setStatus({ kind: 'loading' });
    if (plan?.kind === 'gap' || plan?.kind === 'upload') this.#setStatus(plan);
    if (plan?.kind !== 'jump') return;
    if (plan.told)
      this.#deps.onSkip(this.#baseEpochMs + now * 1000, this.#baseEpochMs + plan.toSeconds * 1000);
    video.currentTime = plan.toSeconds + 0.001;
  };

  readonly #onVideoError = (): void => {
    if (this.#stopped.signal.aborted || !this.#deps.video.error) return;
    const at = this.epochMs;
    const next = at > 0 ? this.#decodeFailures.next(at) : null;
    this.#targetEpochMs = next ?? at;
    this.#pictures.forget();
    if (next === null) this.#setStatus({ kind: 'failed', problem: undecodableWords() });
    void (next === null ? this.#closeSource() : this.#openAt(next));
  };

  #applyPlaying(): void {
    if (this.#playing && this.#deps.video.paused) this.#element.play(() => this.pause());
  }

  async #closeSource(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    this.#holes.clear();
    this.#unreachable = null;
    await source?.close(this.#stopped.signal.aborted);
  }

  /** Of what is buffered from there on without a hole. */
  #secondsLeft(seconds: number): number {
    return bufferedSecondsFrom(this.#deps.video.buffered, seconds);
  }

  #setStatus(status: PlayerStatus): void {
    const same = this.#status.kind === status.kind && JSON.stringify(this.#status) === JSON.stringify(status);
    this.#status = status;
    if (!same && !this.#stopped.signal.aborted) this.#deps.onStatus(status);
  }
}
