/**
 * Footage for players that decode H.264 only: as it was recorded where it is that, else the recording of the sub stream, else converted.
 */
import { type Fragment, withDecodeTime } from '../media/fragment.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import type { Converter } from './converter.ts';
import { type FootageSource, listReadable, nextFootageEpochMs } from './footage.ts';
import { type MediaAnswer, type MediaRequest, openMedia } from './media.ts';
import { pieceAt } from './piece.ts';

/** A recording of the sub stream that begins a little later will do. */
const NEAR_MS = 1000;

/**
 * As `openMedia`; what is converted is a whole piece from key frame to key frame, whatever lies beyond the range, and of what is being
 * written nothing before it is such a piece. `signal` says that the answer is no longer read. Throws AppError: also `unavailable` when it
 * cannot be converted, and `rate-limited` when too much is.
 */
export async function openPlayable(
  deps: { footage: FootageSource; converter: Converter },
  request: MediaRequest,
  signal: AbortSignal,
): Promise<MediaAnswer> {
  const { footage, converter } = deps;
  const { fromEpochMs } = request;
  const first = request.track === 'video' ? listReadable(footage, request)[0] : undefined;
  if (!first || isH264(first)) return openMedia(footage, request);
  const near = { fromEpochMs: fromEpochMs - NEAR_MS, toEpochMs: fromEpochMs + NEAR_MS };
  const sub = listReadable(footage, { ...request, stream: 'sub', ...near }).at(-1);
  const isSub = sub !== undefined && isH264(sub);
  return (
    (isSub && (await openSub(footage, sub, request))) || convert(footage, converter, first, request, signal)
  );
}

/** As far as the recording of the sub stream goes from `sub` on; the main stream's may go on where that ends. Null where little is left. */
async function openSub(
  footage: FootageSource,
  sub: SegmentRecord,
  request: MediaRequest,
): Promise<MediaAnswer | null> {
  const { cameraId, fromEpochMs } = request;
  let last = sub;
  for (const segment of listReadable(footage, { ...request, stream: 'sub' }))
    if (segment.startEpochMs <= endOfSegment(last) + NEAR_MS) last = segment;
  const endEpochMs = endOfSegment(last);
  if (!last.closed || endEpochMs >= request.toEpochMs)
    return openMedia(footage, { ...request, stream: 'sub' });
  if (endEpochMs <= fromEpochMs + NEAR_MS) return null;
  const answer = await openMedia(footage, { ...request, stream: 'sub', toEpochMs: endEpochMs });
  const behind = {
    cameraId,
    stream: 'main' as const,
    fromEpochMs: endEpochMs,
    toEpochMs: endEpochMs + NEAR_MS,
  };
  const next = listReadable(footage, behind)[0]
    ? endEpochMs
    : nextFootageEpochMs(footage, cameraId, 'main', endEpochMs);
  const all = [answer.nextEpochMs, next].filter((epochMs) => epochMs !== null);
  return { ...answer, nextEpochMs: all.length > 0 ? Math.min(...all) : null };
}

async function convert(
  footage: FootageSource,
  converter: Converter,
  segment: SegmentRecord,
  request: MediaRequest,
  signal: AbortSignal,
): Promise<MediaAnswer> {
  const { piece, next } = pieceAt(segment, request.fromEpochMs, request.baseEpochMs);
  const { cameraId, stream } = request;
  const behind = () => nextFootageEpochMs(footage, cameraId, stream, segment.startEpochMs + 1);
  const answer = { shows: 'converted' as const, codecString: null };
  if (!piece) return { ...answer, nextEpochMs: behind(), body: null };
  if (!piece.whole) return { ...answer, nextEpochMs: null, body: nothing() };
  const conversion = converter.open(piece, signal);
  const pictures = conversion.read(signal);
  const first = await pictures.next();
  const shift = ((segment.startEpochMs - request.baseEpochMs) * segment.videoTimescale) / 1000;
  async function* body(): AsyncGenerator<Buffer> {
    if (first.done || !conversion.description) return;
    yield conversion.description.videoInit;
    const place = (picture: Fragment) => withDecodeTime(picture, picture.decodeTime + shift);
    yield place(first.value);
    for await (const picture of pictures) yield place(picture);
  }
  const codecString = conversion.description?.video.codecString ?? null;
  // What is being written goes on with the next piece once that is whole.
  const nextEpochMs = next?.whole ? next.startEpochMs : segment.closed ? behind() : null;
  return { ...answer, nextEpochMs, body: body(), codecString };
}

function isH264(segment: SegmentRecord): boolean {
  return segment.videoCodecString.startsWith('avc');
}

async function* nothing(): AsyncGenerator<Buffer> {}
