/**
 * Single recorded pictures as JPEG: the frames from the key frame on go through one short-lived ffmpeg; where the key frame alone will do,
 * through one that stays.
 */
import type { StreamKind } from '../../shared/domain-storage.ts';
import { AppError } from '../../shared/errors.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import { type OwnFragment, readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import type { Turns } from '../platform/turns.ts';
import { epochMsOf, type FootageSource, keyframeAt, listFootage, readSegmentInit } from './footage.ts';
import { KeyframePictures } from './keyframe-pictures.ts';
import { buildTrackInit } from './media.ts';

export interface FrameRequest {
  cameraId: string;
  atEpochMs: number;
  /** Of the picture, in pixels; its height follows. */
  width: number;
  stream?: StreamKind;
  /** The picture may be earlier by so much, ms: a key frame that near is shown as it is, which takes a tenth of the time. Default 0. */
  withinMs?: number;
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
  init: Buffer;
  /** moof and mdat each; the first is the key frame. */
  fragments: Array<{ bytes: Buffer; tfdtOffset: number }>;
}

/** Keeps the newest pictures (up to 16 MB). */
export class FrameReader {
  private readonly deps: FrameDeps;
  private readonly keyframes: KeyframePictures;
  private readonly kept = new Map<string, Buffer>();
  private readonly underWay = new Map<string, Promise<Buffer>>();
  private keptBytes = 0;

  constructor(deps: FrameDeps) {
    this.deps = deps;
    this.keyframes = new KeyframePictures(deps.ffmpegPath);
  }

  stop(): Promise<void> {
    return this.keyframes.stop();
  }

  /** The picture at or just before a time. Throws AppError: not-found where nothing is recorded, rate-limited when too many wait. */
  async read(request: FrameRequest): Promise<Buffer> {
    const { cameraId, atEpochMs, stream = 'main', withinMs = 0 } = request;
    const width = Math.min(3840, Math.max(32, Math.round(request.width / 2) * 2));
    const range = { fromEpochMs: atEpochMs - END_GRACE_MS, toEpochMs: atEpochMs + 1 };
    const segment = listFootage(this.deps.footage, { cameraId, stream, ...range }).at(-1);
    if (!segment) throw new AppError('not-found', 'Nothing is recorded at this time.');
    const exact = Math.min(atEpochMs, endOfSegment(segment) - 1);
    const keyEpochMs = epochMsOf(segment, keyframeAt(segment, exact).time);
    const at = exact - keyEpochMs <= withinMs ? keyEpochMs : exact;
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
      const picture =
        (await this.decodeKeyframe(pictures, width)) ?? (await this.decodeLast(pictures, width));
      if (picture.length === 0) throw new AppError('not-found', 'This recording is damaged at this time.');
      this.keep(key, picture);
      return picture;
    });
  }

  /** null: it takes other frames than the key frame, or the process that stays gave nothing. */
  private async decodeKeyframe({ init, fragments }: Pictures, width: number): Promise<Buffer | null> {
    const [keyframe, ...others] = fragments;
    if (!keyframe || others.length > 0) return null;
    const { bytes: fragment, tfdtOffset } = keyframe;
    return this.keyframes.picture({ init, fragment, tfdtOffset }, width).catch(() => null);
  }

  private async decodeLast({ init, fragments }: Pictures, width: number): Promise<Buffer> {
    const stdin = Buffer.concat([init, ...fragments.map(({ bytes }) => bytes)]);
    const args = buildFrameArguments(fragments.length, width);
    return (await runFfmpeg(this.deps.ffmpegPath(), args, { stdin, timeoutMs: 10_000 })).stdout;
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
    const init = buildTrackInit(await readSegmentInit(file), 'video');
    const fragments: Pictures['fragments'] = [];
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
        ended = !isWanted(fragment) || fragments.length >= MAX_DECODED_FRAMES;
        if (ended) break;
        const { start, end, tfdtOffset } = fragment;
        fragments.push({ bytes: block.bytes.subarray(start, end), tfdtOffset: tfdtOffset - start });
      }
      if (ended) break;
    }
    return { init, fragments: fragments.length >= MAX_DECODED_FRAMES ? fragments.slice(0, 1) : fragments };
  } finally {
    await file.close();
  }
}
