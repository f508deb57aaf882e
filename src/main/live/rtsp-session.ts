/** One RTSP session: the tracks that were set up, playing or paused. Knows nothing of requests. */
import { randomBytes } from 'node:crypto';
import type { FanoutReader } from './fanout.ts';
import type { RtspDescription, RtspOutput, RtspSource } from './rtsp-source.ts';
import { RtspTrack, type TrackKind } from './rtsp-track.ts';
import type { PacketTransport } from './rtsp-transport.ts';

interface SessionTrack {
  track: RtspTrack;
  transport: PacketTransport;
}

export class RtspSession {
  readonly id = randomBytes(12).toString('hex');
  readonly mount: string;
  private readonly source: RtspSource;
  private readonly description: RtspDescription;
  private readonly onEnd: () => void;
  private readonly tracks = new Map<TrackKind, SessionTrack>();
  private reader: FanoutReader | null = null;

  /** `onEnd`: the source is gone or has become another stream; the client must ask anew. */
  constructor(mount: string, source: RtspSource, description: RtspDescription, onEnd: () => void) {
    this.mount = mount;
    this.source = source;
    this.description = description;
    this.onEnd = onEnd;
  }

  get playing(): boolean {
    return this.reader !== null;
  }

  get droppedGops(): number {
    return this.reader?.droppedGops ?? 0;
  }

  has(kind: TrackKind): boolean {
    return this.tracks.has(kind);
  }

  add(kind: TrackKind, transport: PacketTransport): void {
    this.tracks.get(kind)?.transport.close();
    this.tracks.set(kind, { track: new RtspTrack(kind, this.description), transport });
  }

  play(): void {
    if (this.reader) return;
    const session = this;
    let started = false;
    const output: RtspOutput = {
      get bufferedBytes() {
        return Math.max(0, ...[...session.tracks.values()].map(({ transport }) => transport.bufferedBytes));
      },
      start: (description) => {
        // Time stamps begin anew with a new stream, and what was described no longer holds: the client has to come again.
        if (started || !sameDescription(description, this.description)) queueMicrotask(this.onEnd);
        started = true;
      },
      item: (unit, sent) => {
        const chosen = this.tracks.get(unit.track);
        if (!chosen) return sent();
        const report = chosen.track.report(unit);
        if (report) chosen.transport.sendRtcp(report);
        chosen.transport.sendRtp(chosen.track.packetize(unit), sent);
      },
      end: () => this.onEnd(),
    };
    this.reader = this.source.attach(output);
  }

  pause(): void {
    this.reader?.detach();
    this.reader = null;
  }

  close(): void {
    this.pause();
    for (const { transport } of this.tracks.values()) transport.close();
    this.tracks.clear();
  }
}

function sameDescription(a: RtspDescription, b: RtspDescription): boolean {
  const sets = (description: RtspDescription) =>
    description.video.parameterSets.map((nalu) => nalu.toString('base64')).join();
  return a.video.codec === b.video.codec && sets(a) === sets(b) && (a.audio === null) === (b.audio === null);
}
