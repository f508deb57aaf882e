/** Single recorded pictures as JPEG: the frames from the key frame on go through one short-lived ffmpeg. */
import type { StreamKind } from '../../shared/domain-storage.ts';
import { AppError } from '../../shared/errors.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import { type OwnFragment, readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import type { Turns } from '../platform/turns.ts';
import { epochMsOf, type FootageSource, keyframeAt, listFootage, readSegmentInit } from './footage.ts';
import { buildTrackInit } from './media.ts';

export interface FrameRequest {
  cameraId: string;
  atEpochMs: number;
  /** Of the picture, in pixels; its height follows. */
  width: number;
  stream?: StreamKind;
}

export interface FrameDeps {
  footage: FootageSource;
  /** Path of ffmpeg. */
  ffmpegPath(): string;
  turns: Turns;
}

/** Further from the key frame than this many frames, the key frame itself is shown. */
const MAX_DECODED_FRAMES = 60;
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** A time shortly after the end of footage still shows its last picture. */
const END_GRACE_MS = 1000;

interface Pictures {
  bytes: Buffer;
  count: number;
}

/** Keeps the newest pictures (up to 16 MB). */
export class FrameReader {
  private readonly deps: FrameDeps;
  private readonly kept = new Map<string, Buffer>();
  private readonly underWay = new Map<string, Promise<Buffer>>();
  private keptBytes = 0;

  constructor(deps: FrameDeps) {
    this.deps = deps;
  }

  /** The picture at or just before a time. Throws AppError: not-found where nothing is recorded, rate-limited when too many wait. */
  async read(request: FrameRequest): Promise<Buffer> {
    const { cameraId, atEpochMs, stream = 'main' } = request;
    const width = Math.min(3840, Math.max(32, Math.round(request.width / 2) * 2));
    const range = { fromEpochMs: atEpochMs - END_GRACE_MS, toEpochMs: atEpochMs + 1 };
    const segment = listFootage(this.deps.footage, { cameraId, stream, ...range }).at(-1);
    if (!segment) throw new AppError('not-found', 'Nothing is recorded at this time.');
    const at = Math.min(atEpochMs, endOfSegment(segment) - 1);
    const key = `${segment.path} ${at} ${width}`;
    const kept = this.kept.get(key);
    if (kept) {
      this.kept.delete(key); // newest last
      this.kept.set(key, kept);
      return kept;
    }
    const running = this.underWay.get(key) ?? this.decode(segment, at, width, key);
    this.underWay.set(key, running);
    return running.finally(() => this.underWay.delete(key));
  }

  private async decode(
    segment: SegmentRecord,
    atEpochMs: number,
    width: number,
    key: string,
  ): Promise<Buffer> {
    return this.deps.turns.run(async () => {
      const pictures = await readPictures(this.deps.footage, segment, atEpochMs);
      const { stdout } = await runFfmpeg(this.deps.ffmpegPath(), buildFrameArguments(pictures.count, width), {
        stdin: pictures.bytes,
        timeoutMs: 10_000,
      });
      if (stdout.length === 0) throw new AppError('not-found', 'This recording is damaged at this time.');
      this.keep(key, stdout);
      return stdout;
    });
  }

  private keep(key: string, picture: Buffer): void {
    this.kept.set(key, picture);
    this.keptBytes += picture.length;
    for (const [oldest, bytes] of this.kept) {
      if (this.keptBytes <= MAX_KEPT_BYTES) break;
      this.kept.delete(oldest);
      this.keptBytes -= bytes.length;
    }
  }
}

/** Shows the last of `count` frames fed to it. */
export function buildFrameArguments(count: number, width: number): string[] {
  return [
    ...[
      '-hide_banner',
      '-nostats',
      '-v',
      'error',
      '-threads',
      '1',
      '-probesize',
      '32768',
      '-f',
      'mp4',
      '-i',
      'pipe:0',
    ],
    ...[
      '-an',
      '-fps_mode',
      'passthrough',
      '-vf',
      `select=gte(n\\,${count - 1}),scale=${width}:-2`,
      '-frames:v',
      '1',
    ],
    ...['-q:v', '4', '-f', 'mjpeg', 'pipe:1'],
  ];
}

/** Init segment and the frames from the key frame up to the time, or the key frame alone when that is many. */
async function readPictures(
  footage: FootageSource,
  segment: SegmentRecord,
  atEpochMs: number,
): Promise<Pictures> {
  const keyframe = keyframeAt(segment, atEpochMs);
  const file = await footage.open(segment);
  try {
    const pieces = [buildTrackInit(await readSegmentInit(file), 'video')];
    const isWanted = (fragment: OwnFragment) =>
      fragment.decodeTime === keyframe.time || epochMsOf(segment, fragment.decodeTime) <= atEpochMs + 0.5;
    let ended = false;
    for await (const block of readFragmentBlocks(file, {
      from: keyframe.offset,
      to: segment.sizeBytes,
      blockBytes: 256 * 1024,
    })) {
      for (const fragment of block.fragments) {
        if (fragment.track !== 'video') continue;
        ended = !isWanted(fragment) || pieces.length > MAX_DECODED_FRAMES;
        if (ended) break;
        pieces.push(block.bytes.subarray(fragment.start, fragment.end));
      }
      if (ended) break;
    }
    const used = pieces.length - 1 >= MAX_DECODED_FRAMES ? pieces.slice(0, 2) : pieces;
    return { bytes: Buffer.concat(used), count: used.length - 1 };
  } finally {
    await file.close();
  }
}
