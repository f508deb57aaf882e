/**
 * HLS out of the live fragments, nothing encoded anew: segments of whole GOPs (fMP4, RFC 8216), picture and
 * sound apart, in memory, made only while
 * somebody asks for them. One `HlsStream` follows one hub.
 */
import { SECOND_MS } from '../../shared/units.ts';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import type { Clock } from '../platform/clock.ts';
import type { FanoutReader } from './fanout.ts';
import type { LiveHub } from './hub.ts';

export type HlsTrack = 'video' | 'audio';

interface Segment {
  sequence: number;
  /** Of the init segment that it needs. */
  init: number;
  /** How often the stream was interrupted or changed before it. */
  discontinuity: number;
  startEpochMs: number;
  durationSeconds: number;
  /** Of each track; no bytes of sound where there is none. */
  bytes: Record<HlsTrack, Buffer>;
}

/** A segment ends at the first key frame after this long. */
const SEGMENT_SECONDS = 1;
const LISTED = 8;
/** Players begin three segments before the end: the first answer waits for as many. */
const FIRST_LISTED = 3;
/** Kept for players that are behind. */
const KEPT = 16;
const MAX_KEPT_BYTES = 64_000_000;
/** A GOP beyond this is not kept: the stream goes on at the next one. */
const MAX_SEGMENT_BYTES = 32_000_000;
const IDLE_MS = 30 * SECOND_MS;
const FIRST_SEGMENT_MS = 15 * SECOND_MS;

export class HlsStream {
  private readonly hub: LiveHub;
  private readonly clock: Clock;
  private readonly onIdle: () => void;
  private readonly inits = new Map<number, StreamDescription>();
  private segments: Segment[] = [];
  private nextSequence = 0;
  private nextInit = 0;
  private discontinuity = 0;
  private description: StreamDescription | null = null;
  private building: { fragments: Fragment[]; bytes: number } | null = null;
  private reader: FanoutReader | null = null;
  private askedMs = 0;
  private cancelCheck: (() => void) | null = null;
  private waiting: Array<() => void> = [];

  /** `onIdle` is called once nobody has asked for a while; the stream is stopped then. */
  constructor(hub: LiveHub, clock: Clock, onIdle: () => void) {
    this.hub = hub;
    this.clock = clock;
    this.onIdle = onIdle;
  }

  start(): void {
    this.askedMs = this.clock.monotonicMs();
    this.reader = this.hub.attach({
      bufferedBytes: 0,
      start: (description) => this.begin(description),
      item: ({ fragment }, sent) => {
        this.take(fragment);
        sent();
      },
      end: () => this.stop(),
    });
    this.scheduleCheck();
  }

  stop(): void {
    this.cancelCheck?.();
    this.cancelCheck = null;
    this.reader?.detach();
    this.reader = null;
    this.segments = [];
    this.building = null;
    for (const done of this.waiting.splice(0)) done();
  }

  /** The multivariant playlist as soon as there is a segment; null when none comes. URIs are relative. */
  async playlist(): Promise<string | null> {
    await this.begun();
    const newest = this.segments.at(-1);
    const description = newest && this.inits.get(newest.init);
    if (!description) return null;
    const { video, audio } = description;
    const codecs = [video.codecString, ...(audio ? [audio.codecString] : [])].join(',');
    const bits = (8 * (newest.bytes.video.length + newest.bytes.audio.length)) / newest.durationSeconds;
    const sound =
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,URI="audio.m3u8"';
    const facts = `BANDWIDTH=${Math.ceil(bits * 1.5)},CODECS="${codecs}",RESOLUTION=${video.width}x${video.height}`;
    return [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      ...(audio ? [sound] : []),
      `#EXT-X-STREAM-INF:${facts}${audio ? ',AUDIO="sound"' : ''}`,
      'video.m3u8',
      '',
    ].join('\n');
  }

  /** The playlist of one track; null when there is nothing (yet). */
  async mediaPlaylist(track: HlsTrack): Promise<string | null> {
    await this.begun();
    return this.segments.some((segment) => segment.bytes[track].length > 0)
      ? this.buildPlaylist(track)
      : null;
  }

  init(track: HlsTrack, number: number): Buffer | null {
    this.askedMs = this.clock.monotonicMs();
    const description = this.inits.get(number);
    return (track === 'video' ? description?.videoInit : description?.audioInit) ?? null;
  }

  segment(track: HlsTrack, sequence: number): Buffer | null {
    this.askedMs = this.clock.monotonicMs();
    return this.segments.find((segment) => segment.sequence === sequence)?.bytes[track] ?? null;
  }

  private async begun(): Promise<void> {
    this.askedMs = this.clock.monotonicMs();
    if (this.segments.length < FIRST_LISTED && this.reader) await this.firstSegments();
  }

  private begin(description: StreamDescription): void {
    this.close(null);
    this.building = null;
    this.description = description;
    this.inits.set(this.nextInit++, description);
    if (this.segments.length > 0) this.discontinuity += 1;
  }

  private take(fragment: Fragment): void {
    const startsGop = fragment.track === 'video' && fragment.keyframe;
    if (startsGop && this.building && this.secondsUntil(fragment) >= SEGMENT_SECONDS) this.close(fragment);
    if (startsGop && !this.building) this.building = { fragments: [], bytes: 0 };
    if (!this.building) return;
    this.building.fragments.push(fragment);
    this.building.bytes += fragment.data.length;
    if (this.building.bytes > MAX_SEGMENT_BYTES) {
      this.building = null;
      this.discontinuity += 1;
    }
  }

  /** Length of what is being built, up to the key frame that follows it. */
  private secondsUntil(next: Fragment): number {
    const first = this.building?.fragments[0];
    const timescale = this.description?.video.timescale ?? 1;
    return first ? (next.decodeTime - first.decodeTime) / timescale : 0;
  }

  private close(next: Fragment | null): void {
    const { building, description } = this;
    const first = building?.fragments[0];
    this.building = null;
    if (!building || !first || !description) return;
    const video = building.fragments.filter((fragment) => fragment.track === 'video');
    const last = video.at(-1)!;
    const end = next?.decodeTime ?? last.decodeTime + last.duration;
    this.segments.push({
      sequence: this.nextSequence++,
      init: this.nextInit - 1,
      discontinuity: this.discontinuity,
      startEpochMs: first.captureEpochMs,
      durationSeconds: (end - first.decodeTime) / description.video.timescale,
      bytes: { video: joinTrack(building.fragments, 'video'), audio: joinTrack(building.fragments, 'audio') },
    });
    this.forgetOld();
    if (this.segments.length >= FIRST_LISTED) for (const done of this.waiting.splice(0)) done();
  }

  private forgetOld(): void {
    let bytes = this.segments.reduce((sum, segment) => sum + sizeOf(segment), 0);
    while (this.segments.length > KEPT || (bytes > MAX_KEPT_BYTES && this.segments.length > 1)) {
      const gone = this.segments.shift()!;
      bytes -= sizeOf(gone);
    }
    const oldest = this.segments[0]!.init;
    for (const number of this.inits.keys()) if (number < oldest) this.inits.delete(number);
  }

  private buildPlaylist(track: HlsTrack): string {
    const listed = this.segments.slice(-LISTED);
    const first = listed[0]!;
    const longest = Math.max(...listed.map((segment) => segment.durationSeconds));
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(longest))}`,
      `#EXT-X-MEDIA-SEQUENCE:${first.sequence}`,
      `#EXT-X-DISCONTINUITY-SEQUENCE:${first.discontinuity}`,
      '#EXT-X-INDEPENDENT-SEGMENTS',
    ];
    let { discontinuity } = first;
    let init: number | null = null;
    for (const segment of listed) {
      if (segment.discontinuity !== discontinuity) lines.push('#EXT-X-DISCONTINUITY');
      ({ discontinuity } = segment);
      if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="${track}-init-${segment.init}.mp4"`);
      init = segment.init;
      lines.push(
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startEpochMs).toISOString()}`,
        `#EXTINF:${segment.durationSeconds.toFixed(5)},`,
        `${track}-${segment.sequence}.m4s`,
      );
    }
    return `${lines.join('\n')}\n`;
  }

  private firstSegments(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(FIRST_SEGMENT_MS, resolve);
      this.waiting.push(() => {
        cancel();
        resolve();
      });
    });
  }

  private scheduleCheck(): void {
    this.cancelCheck = this.clock.after(IDLE_MS / 2, () => {
      if (this.clock.monotonicMs() - this.askedMs < IDLE_MS) return this.scheduleCheck();
      this.stop();
      this.onIdle();
    });
  }
}

function joinTrack(fragments: readonly Fragment[], track: HlsTrack): Buffer {
  return Buffer.concat(fragments.flatMap((fragment) => (fragment.track === track ? [fragment.data] : [])));
}

function sizeOf({ bytes }: Segment): number {
  return bytes.video.length + bytes.audio.length;
}

/** The HLS streams that are being watched, by camera. */
export class HlsStreams {
  private readonly find: (cameraId: string) => LiveHub | null;
  private readonly clock: Clock;
  private readonly streams = new Map<string, { hub: LiveHub; stream: HlsStream }>();

  constructor(find: (cameraId: string) => LiveHub | null, clock: Clock) {
    this.find = find;
    this.clock = clock;
  }

  /** Begins to make segments when it is first asked for; null for a camera without a live stream. */
  watch(cameraId: string): HlsStream | null {
    const hub = this.find(cameraId);
    const known = this.streams.get(cameraId);
    if (known && known.hub === hub) return known.stream;
    known?.stream.stop();
    this.streams.delete(cameraId);
    if (!hub) return null;
    const stream = new HlsStream(hub, this.clock, () => {
      if (this.streams.get(cameraId)?.stream === stream) this.streams.delete(cameraId);
    });
    this.streams.set(cameraId, { hub, stream });
    stream.start();
    return stream;
  }

  stop(): void {
    for (const { stream } of this.streams.values()) stream.stop();
    this.streams.clear();
  }
}
