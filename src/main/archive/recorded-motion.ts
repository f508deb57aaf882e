/**
 * Motion in recorded pictures, decoded small: for footage that was not analysed when it was recorded. Key frames tell enough where they
 * come every few seconds; where they are rarer, a picture per second of all is looked at.
 */
import type { Box } from '../../shared/geometry.ts';
import type { EpochRange } from '../../shared/units.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import { readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import { endOfSegment, type SegmentKeyframe, type SegmentRecord } from '../media/segment.ts';
import { NICENESS } from '../platform/priority.ts';
import { MotionDetector } from '../vision/motion/motion.ts';
import { epochMsOf, type FootageSource, keyframeAt, readSegmentInit } from './footage.ts';
import { buildTrackInit } from './media.ts';

const WIDTH = 160;
const HEIGHT = 90;
/** Key frames closer together than this tell nothing more. */
const STEP_MS = 1900;
/** Where key frames are further apart than this, others are decoded too, at this pace. */
const RARE_MS = 4000;
const PACE_MS = 1000;
/** After a hole the picture is looked at afresh. */
const HOLE_MS = 30_000;
const TIMEOUT_MS = 120_000;

export interface SmallPicture {
  atEpochMs: number;
  boxes: Box[];
}

/** Frames for the decoder, and which of those that come out are wanted, by number and time; both ascend. */
interface Feed {
  stdin: Buffer;
  wanted: Array<{ number: number; atEpochMs: number }>;
}

/** Follows segments of one camera in ascending order. */
export class RecordedMotion {
  private readonly source: FootageSource;
  private readonly ffmpegPath: string;
  private detector = new MotionDetector();
  private lastEpochMs = Number.NEGATIVE_INFINITY;

  constructor(source: FootageSource, ffmpegPath: string) {
    this.source = source;
    this.ffmpegPath = ffmpegPath;
  }

  /** Regions that changed from picture to picture of the range; boxes in fractions of the picture. Throws AppError. */
  async step(segment: SegmentRecord, range: EpochRange, signal: AbortSignal): Promise<SmallPicture[]> {
    const { stdin, wanted } = await readFeed(this.source, segment, range);
    if (wanted.length === 0) return [];
    const { stdout } = await runFfmpeg(this.ffmpegPath, buildArguments(wanted.map(({ number }) => number)), {
      ...{ stdin, signal, timeoutMs: TIMEOUT_MS, niceness: NICENESS.footage },
    });
    const size = WIDTH * HEIGHT;
    return wanted.slice(0, Math.floor(stdout.length / size)).map(({ atEpochMs }, i) => {
      if (atEpochMs - this.lastEpochMs > HOLE_MS) this.detector = new MotionDetector();
      this.lastEpochMs = atEpochMs;
      const values = Float32Array.from(stdout.subarray(i * size, (i + 1) * size));
      return {
        atEpochMs,
        boxes: this.detector.step(atEpochMs, { width: WIDTH, height: HEIGHT, values }).boxes,
      };
    });
  }
}

/** Shows the pictures of these numbers, small and grey. */
export function buildArguments(numbers: readonly number[]): string[] {
  const select = numbers.map((number) => `eq(n\\,${number})`).join('+');
  return [
    ...['-hide_banner', '-nostats', '-v', 'error', '-threads', '1', '-probesize', '32768'],
    ...['-f', 'mp4', '-i', 'pipe:0', '-an', '-fps_mode', 'passthrough'],
    ...['-vf', `select=${select},scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`],
    ...['-f', 'rawvideo', 'pipe:1'],
  ];
}

async function readFeed(source: FootageSource, segment: SegmentRecord, range: EpochRange): Promise<Feed> {
  const keyframes = segment.keyframes.filter(({ time }) => isWithin(epochMsOf(segment, time), range));
  const lengthMs =
    Math.min(endOfSegment(segment), range.endEpochMs) - Math.max(segment.startEpochMs, range.startEpochMs);
  const isRare = lengthMs / Math.max(1, keyframes.length) > RARE_MS;
  const file = await source.open(segment);
  try {
    const init = buildTrackInit(await readSegmentInit(file), 'video');
    const { pieces, times } = await (isRare
      ? readAll(file, segment, range)
      : readKeyframes(file, segment, keyframes));
    const wanted: Feed['wanted'] = [];
    let lastEpochMs = Number.NEGATIVE_INFINITY;
    for (const [number, atEpochMs] of times.entries()) {
      if (!isWithin(atEpochMs, range) || atEpochMs - lastEpochMs < (isRare ? PACE_MS : STEP_MS)) continue;
      wanted.push({ number, atEpochMs });
      lastEpochMs = atEpochMs;
    }
    return { stdin: Buffer.concat([init, ...pieces]), wanted };
  } finally {
    await file.close();
  }
}

/** Frames, and when the pictures that come of them are shown, ascending. */
interface Frames {
  pieces: Buffer[];
  times: number[];
}

type OpenFile = Awaited<ReturnType<FootageSource['open']>>;

async function readKeyframes(
  file: OpenFile,
  segment: SegmentRecord,
  keyframes: readonly SegmentKeyframe[],
): Promise<Frames> {
  const frames: Frames = { pieces: [], times: [] };
  for (const { offset, time } of keyframes) {
    const blocks = readFragmentBlocks(file, { from: offset, to: segment.sizeBytes, blockBytes: 128 * 1024 });
    for await (const { bytes, fragments } of blocks) {
      const fragment = fragments.find(({ track }) => track === 'video');
      if (fragment) {
        frames.pieces.push(bytes.subarray(fragment.start, fragment.end));
        frames.times.push(epochMsOf(segment, time));
      }
      break;
    }
  }
  return frames;
}

/** From the key frame before the range on. */
async function readAll(file: OpenFile, segment: SegmentRecord, range: EpochRange): Promise<Frames> {
  const frames: Frames = { pieces: [], times: [] };
  const from = keyframeAt(segment, range.startEpochMs).offset;
  for await (const { bytes, fragments } of readFragmentBlocks(file, { from, to: segment.sizeBytes })) {
    for (const { track, start, end, decodeTime, compositionOffset } of fragments) {
      if (track !== 'video' || epochMsOf(segment, decodeTime) >= range.endEpochMs) continue;
      frames.pieces.push(bytes.subarray(start, end));
      frames.times.push(epochMsOf(segment, decodeTime + compositionOffset));
    }
  }
  frames.times.sort((a, b) => a - b);
  return frames;
}

function isWithin(epochMs: number, { startEpochMs, endEpochMs }: EpochRange): boolean {
  return epochMs >= startEpochMs && epochMs < endEpochMs;
}
