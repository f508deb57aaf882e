/**
 * Turns pieces of footage into H.264 for players that cannot decode what was recorded: behind everything else that the machine does, two at
 * once, each for as long as somebody reads it. What was converted last is kept.
 */
import { runFfmpeg } from '../media/ffmpeg.ts';
import { FlvReader } from '../media/flv.ts';
import { FragmentMuxer, isParameterSet } from '../media/mp4/muxer.ts';
import type { Logger } from '../platform/log.ts';
import { NICENESS } from '../platform/priority.ts';
import { Turns } from '../platform/turns.ts';
import { Conversion } from './conversion.ts';
import type { FootageSource } from './footage.ts';
import { LEAD_SECONDS, type Piece, type PieceFrames, readPiece } from './piece.ts';

export interface ConverterDeps {
  footage: Pick<FootageSource, 'open'>;
  ffmpegPath: string;
  log: Logger;
}

const MAX_KEPT_BYTES = 64 * 1024 * 1024;
/** Wider pictures are made so wide: a small machine decodes those, and still encodes them faster than they are played. */
const MAX_WIDTH = 1280;
const TIMEOUT_MS = 120_000;

export class Converter {
  private readonly deps: ConverterDeps;
  private readonly turns = new Turns({
    ...{ atOnce: 2, waiting: 40, refusal: 'Too many recordings are being converted at once.' },
  });
  /** By piece, the oldest first; those that are under way too. */
  private readonly conversions = new Map<string, Conversion>();
  private keptBytes = 0;

  constructor(deps: ConverterDeps) {
    this.deps = deps;
  }

  /** `signal` says that the piece is no longer read; its pictures have decode times from the start of the segment. */
  open(piece: Piece, signal: AbortSignal): Conversion {
    const key = `${piece.segment.path} ${piece.from}`;
    const known = this.conversions.get(key);
    const conversion = known && !known.signal.aborted ? known : new Conversion();
    this.conversions.delete(key); // newest last
    this.conversions.set(key, conversion);
    conversion.join(signal);
    if (conversion !== known) void this.run(piece, key, conversion);
    return conversion;
  }

  private async run(piece: Piece, key: string, conversion: Conversion): Promise<void> {
    try {
      await this.turns.run(() => this.convert(piece, conversion), conversion.signal);
      conversion.end();
      this.keptBytes += conversion.sizeBytes;
      this.dropOldest();
    } catch (failure) {
      if (!conversion.signal.aborted)
        this.deps.log.warn({ error: failure, path: piece.segment.path }, 'footage could not be converted');
      if (this.conversions.get(key) === conversion) this.conversions.delete(key);
      conversion.end({ failure });
    }
  }

  private async convert(piece: Piece, conversion: Conversion): Promise<void> {
    const frames = await readPiece(this.deps.footage, piece);
    const reader = readInto(conversion, piece, frames);
    await runFfmpeg(this.deps.ffmpegPath, buildConversionArguments(), {
      ...{ stdin: frames.bytes, onOutput: (chunk) => reader.push(chunk), signal: conversion.signal },
      ...{ timeoutMs: TIMEOUT_MS, niceness: NICENESS.footage },
    });
  }

  private dropOldest(): void {
    for (const [key, { isWhole, sizeBytes }] of this.conversions) {
      if (this.keptBytes <= MAX_KEPT_BYTES) return;
      if (!isWhole) continue;
      this.conversions.delete(key);
      this.keptBytes -= sizeBytes;
    }
  }
}

/** Puts the encoder's pictures where their originals were shown; it tells whole milliseconds. */
function readInto(conversion: Conversion, piece: Piece, { shownAt, end }: PieceFrames): FlvReader {
  const { videoTimescale } = piece.segment;
  let muxer: FragmentMuxer | null = null;
  let at = 0;
  return new FlvReader(({ timeMs, keyframe, nalus }) => {
    const told = (timeMs / 1000 - LEAD_SECONDS) * videoTimescale;
    const isNearer = (index: number) =>
      Math.abs((shownAt[index] ?? Number.POSITIVE_INFINITY) - told) < Math.abs(shownAt[index - 1]! - told);
    while (isNearer(at + 1)) at++;
    const shown = shownAt[at] ?? told;
    muxer ??= new FragmentMuxer(
      {
        ...{ codec: 'h264', timescale: videoTimescale },
        parameterSets: nalus.filter((nalu) => isParameterSet('h264', nalu)).map((nalu) => Buffer.from(nalu)),
      },
      null,
    );
    conversion.description ??= muxer.description;
    conversion.add(
      muxer.video({
        ...{ nalus, keyframe, decodeTime: piece.time + shown, compositionOffset: 0 },
        duration: Math.max(1, (shownAt[at + 1] ?? end) - shown),
        captureEpochMs: piece.startEpochMs + (shown * 1000) / videoTimescale,
      }),
    );
  });
}

/** FLV, because it holds no picture back and keeps their times. */
export function buildConversionArguments(): string[] {
  return [
    ...['-hide_banner', '-nostats', '-v', 'error', '-threads', '2', '-probesize', '32768', '-f', 'mp4'],
    ...['-i', 'pipe:0', '-map', '0:v:0', '-copyts', '-fps_mode', 'passthrough', '-enc_time_base', '1:90000'],
    ...['-vf', `scale=trunc(min(${MAX_WIDTH}\\,iw)/2)*2:-2:flags=fast_bilinear,format=yuv420p`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '23', '-g', '50'],
    ...['-threads', '2', '-flush_packets', '1', '-flvflags', 'no_duration_filesize', '-f', 'flv', 'pipe:1'],
  ];
}
