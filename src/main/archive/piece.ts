/** Pieces of a segment that can be decoded on their own: from a key frame up to another one a little later. */
import { readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { epochMsOf, type FootageSource, readSegmentInit } from './footage.ts';
import { buildTrackInit } from './media.ts';

export interface Piece {
  segment: SegmentRecord;
  /** Of its key frame, on the video track's timescale, from the start of the segment. */
  time: number;
  startEpochMs: number;
  /** Bytes of the file. */
  from: number;
  to: number;
  /** False while frames are still being added. */
  whole: boolean;
}

/** What a decoder is given of a piece. Times on the video track's timescale, from the piece's key frame. */
export interface PieceFrames {
  /** A file of the video alone; its time 0 lies `LEAD_SECONDS` before the piece's key frame, so that none is negative. */
  bytes: Buffer;
  /** When each picture is shown, ascending. */
  shownAt: number[];
  /** When the last one is no longer shown. */
  end: number;
}

export const LEAD_SECONDS = 1;
/** Pieces are at least so long: starting a decoder for less is not worth it. */
const LEAST_MS = 2000;
/** Players ask in whole milliseconds. */
const GRACE_MS = 1.5;

/** Ascending and without holes; the same ones however much of the segment has been written. */
export function planPieces(segment: SegmentRecord): Piece[] {
  const leastTicks = (LEAST_MS * segment.videoTimescale) / 1000;
  const starts: SegmentRecord['keyframes'] = [];
  for (const keyframe of segment.keyframes) {
    const last = starts.at(-1);
    if (!last || keyframe.time - last.time >= leastTicks) starts.push(keyframe);
  }
  return starts.map(({ time, offset }, index) => {
    const next = starts[index + 1];
    return {
      ...{ segment, time, startEpochMs: epochMsOf(segment, time) },
      ...{ from: offset, to: next?.offset ?? segment.sizeBytes },
      whole: next !== undefined || segment.closed,
    };
  });
}

/** The piece that shows a time, and the one behind it. One that would begin before `baseEpochMs` is passed over. */
export function pieceAt(
  segment: SegmentRecord,
  epochMs: number,
  baseEpochMs: number,
): { piece: Piece | null; next: Piece | null } {
  const pieces = planPieces(segment).filter(({ startEpochMs }) => startEpochMs >= baseEpochMs - 0.5);
  const found = pieces.findLastIndex(({ startEpochMs }) => startEpochMs <= epochMs + GRACE_MS);
  const index = Math.max(0, found);
  return { piece: pieces[index] ?? null, next: pieces[index + 1] ?? null };
}

/** Throws AppError when the file is gone or damaged. */
export async function readPiece(source: Pick<FootageSource, 'open'>, piece: Piece): Promise<PieceFrames> {
  const { segment, time, from, to } = piece;
  const lead = LEAD_SECONDS * segment.videoTimescale;
  const file = await source.open(segment);
  try {
    const parts = [buildTrackInit(await readSegmentInit(file), 'video')];
    const shownAt: number[] = [];
    let end = 0;
    for await (const { bytes, fragments } of readFragmentBlocks(file, { from, to })) {
      for (const fragment of fragments) {
        if (fragment.track !== 'video') continue;
        const decodeTime = fragment.decodeTime - time;
        bytes.writeBigUInt64BE(BigInt(decodeTime + lead), fragment.tfdtOffset); // the block is ours, fresh from the disk
        parts.push(bytes.subarray(fragment.start, fragment.end));
        const shown = decodeTime + fragment.compositionOffset;
        shownAt.push(shown);
        end = Math.max(end, shown + fragment.duration);
      }
    }
    return { bytes: Buffer.concat(parts), shownAt: shownAt.sort((a, b) => a - b), end };
  } finally {
    await file.close();
  }
}
