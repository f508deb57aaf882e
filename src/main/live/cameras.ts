/** The live streams of all cameras: gives capture its sinks and viewers their streams. Made and emptied by `compose.ts`. */
import type { StreamKind } from '../../shared/domain-storage.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { LiveHub } from './hub.ts';
import { Mpeg1Transcoder } from './mpeg1.ts';
import { LivePictures } from './picture.ts';

export interface LiveStream {
  /** The stream that is really given; `main` where a camera has no sub stream. */
  stream: StreamKind;
  hub: LiveHub;
  mpeg1: Mpeg1Transcoder;
}

export class LiveCameras {
  private readonly deps: { ffmpegPath: string; clock: Clock; log: Logger };
  private readonly pictures: LivePictures;
  private readonly cameras = new Map<string, Map<StreamKind, LiveStream>>();

  constructor(deps: { ffmpegPath: string; clock: Clock; log: Logger }) {
    this.deps = deps;
    this.pictures = new LivePictures(deps);
  }

  /** Where the capture of this stream delivers to; made on first use. */
  hub(cameraId: string, stream: StreamKind): LiveHub {
    const streams = this.cameras.get(cameraId) ?? new Map<StreamKind, LiveStream>();
    this.cameras.set(cameraId, streams);
    const known = streams.get(stream);
    if (known) return known.hub;
    const hub = new LiveHub(this.deps.clock);
    streams.set(stream, { stream, hub, mpeg1: new Mpeg1Transcoder({ hub, ...this.deps }) });
    return hub;
  }

  /** A stream to watch; null for a camera that has none. */
  find(cameraId: string, stream: StreamKind): LiveStream | null {
    const streams = this.cameras.get(cameraId);
    return streams?.get(stream) ?? streams?.get('main') ?? null;
  }

  /** The newest picture as JPEG, of the sub stream where that is wide enough; null before the first. */
  async latestPicture(cameraId: string, width: number): Promise<Buffer | null> {
    const main = this.find(cameraId, 'main');
    const sub = this.find(cameraId, 'sub');
    const subWidth = sub?.hub.newestKeyframe?.description.video.width ?? 0;
    const first = subWidth >= width ? sub : main;
    const chosen = [first, main, sub].find((candidate) => candidate?.hub.newestKeyframe);
    return chosen ? this.pictures.newest(chosen.hub, width) : null;
  }

  /** One stream of the camera is no more; its viewers are told. */
  removeStream(cameraId: string, stream: StreamKind): void {
    const streams = this.cameras.get(cameraId);
    streams?.get(stream)?.hub.end();
    streams?.delete(stream);
    if (streams?.size === 0) this.cameras.delete(cameraId);
  }

  /** The camera is removed; its viewers are told. */
  removeCamera(cameraId: string): void {
    this.removeStream(cameraId, 'main');
    this.removeStream(cameraId, 'sub');
  }

  /** Ends all viewers and transcoders. */
  stop(): void {
    for (const cameraId of [...this.cameras.keys()]) this.removeCamera(cameraId);
  }
}
