/**
 * The media source of a player from one opening to the next: a buffer of pictures and, where wanted, one of sound, kept filled around the
 * playhead. Time 0 of the video element is a wall-clock time of its own.
 */
import { t } from '@lingui/core/macro';
import { DAY_MS } from '../../../../shared/units.ts';
import { canPlay, mediaSourceClass } from '../../../client/media-source.ts';
import type { TrackInit } from './mp4-boxes.ts';
import { peekAudio } from './peek-audio.ts';
import type { ArchivePlayerDeps } from './player-types.ts';
import { type FeedEvents, TrackFeed } from './track-feed.ts';

export interface PlayerSourceOptions {
  video: HTMLVideoElement;
  load: ArchivePlayerDeps['load'];
  epochMs: number;
  rate(): number;
  othersSeek(): boolean;
  /** Of the pictures. */
  events: Omit<FeedEvents, 'init'> & { unsupported(codecString: string): void };
}

/** Time 0 lies this far before what is opened, so that earlier footage can be reached without a new source. */
const LEAD_MS = DAY_MS;
const LENGTH_MS = 4 * DAY_MS;
/** Times too close to the ends are not sought in it. */
const MARGIN_MS = 60_000;

export class PlayerSource {
  readonly #options: PlayerSourceOptions;
  readonly #source: MediaSource;
  readonly #url: string;
  readonly baseEpochMs: number;
  #pictures: TrackFeed | null = null;
  #sound: TrackFeed | null = null;
  /** From where it is filled; a jump may come before it is open. */
  #startEpochMs: number;
  readonly #closed = new AbortController();

  /** Takes the video element over. */
  constructor(options: PlayerSourceOptions) {
    const SourceClass = mediaSourceClass();
    if (!SourceClass) throw new Error(t`This browser cannot play recordings.`);
    this.#source = new SourceClass();
    this.#url = URL.createObjectURL(this.#source);
    this.#options = options;
    this.baseEpochMs = options.epochMs - LEAD_MS;
    this.#startEpochMs = options.epochMs;
    // A managed source is opened in no element that may play elsewhere.
    options.video.disableRemotePlayback = true;
    options.video.src = this.#url;
    options.video.addEventListener('seeked', () => this.poke(), { signal: this.#closed.signal });
  }

  /** Begins to fill it. `sound`: whether it was asked for; a running source does not take it later. */
  async open(sound: boolean): Promise<'closed' | 'with-sound' | 'silent' | 'no-footage'> {
    const { video, load } = this.#options;
    await new Promise((resolve) => this.#source.addEventListener('sourceopen', resolve, { once: true }));
    if (this.#closed.signal.aborted) return 'closed';
    this.#source.duration = LENGTH_MS / 1000;
    const found = sound ? await peekAudio(load, this.baseEpochMs, this.#startEpochMs) : 'silent';
    if (this.#closed.signal.aborted) return 'closed';
    // Both buffers must exist before the first init segment is appended.
    this.#pictures = this.#makeFeed('video', null);
    const soundType = typeof found === 'object' ? found.type : null;
    this.#sound = soundType ? this.#makeFeed('audio', this.#source.addSourceBuffer(soundType)) : null;
    this.restart(this.#startEpochMs);
    video.currentTime = (this.#startEpochMs - this.baseEpochMs) / 1000;
    return typeof found === 'object' ? 'with-sound' : found;
  }

  covers(epochMs: number): boolean {
    const { baseEpochMs } = this;
    return epochMs >= baseEpochMs + MARGIN_MS && epochMs <= baseEpochMs + LENGTH_MS - MARGIN_MS;
  }

  get hasSound(): boolean {
    return this.#sound !== null;
  }

  /** At the newest footage there is. */
  get atEnd(): boolean {
    return this.#pictures?.atEnd ?? false;
  }

  /** What is buffered is about to be dropped: it says nothing of what there is. */
  get isStale(): boolean {
    return this.#pictures?.isStale ?? false;
  }

  /** Drops what is buffered and fills from this time on. */
  restart(epochMs: number): void {
    this.#startEpochMs = epochMs;
    this.#pictures?.restart(epochMs);
    this.#sound?.restart(epochMs);
  }

  /** The playhead or the speed has changed. */
  poke(): void {
    this.#pictures?.poke();
    this.#sound?.poke();
  }

  /** `letGo`: nothing else is opened in the video element. */
  async close(letGo: boolean): Promise<void> {
    this.#closed.abort();
    const { video } = this.#options;
    // Another player may already have taken the element over.
    if (letGo && video.src === this.#url) {
      video.removeAttribute('src');
      video.load();
    }
    URL.revokeObjectURL(this.#url);
    await Promise.all([this.#pictures?.stop(), this.#sound?.stop()]);
  }

  #makeFeed(track: 'video' | 'audio', given: SourceBuffer | null): TrackFeed {
    const { video, load, rate, othersSeek, events } = this.#options;
    const silent = {
      ...{ frames: () => {}, hole: () => {}, unreachable: () => {}, failed: () => {}, progress: () => {} },
    };
    return new TrackFeed({
      load: (range, signal) => load(track, this.baseEpochMs, range, signal),
      baseEpochMs: this.baseEpochMs,
      playheadEpochMs: () => this.baseEpochMs + video.currentTime * 1000,
      isSeeking: () => video.seeking || othersSeek(),
      // A little more at speed, but never so much that the buffer's quota is reached.
      aheadMs: () => Math.min(90, 15 + 10 * Math.max(1, rate())) * 1000,
      events: {
        ...(track === 'video' ? events : silent),
        init: (init) => given ?? this.#takePictures(init),
      },
    });
  }

  #takePictures({ codecString }: TrackInit): SourceBuffer | null {
    const type = `video/mp4; codecs="${codecString}"`;
    if (canPlay(type)) return this.#source.addSourceBuffer(type);
    this.#options.events.unsupported(codecString);
    return null;
  }
}
