/** How much of the time asked for is in an export, and what its clips are called after. Pure. */
import { type ExportContent, type ExportJob, MAX_LISTED_GAPS } from '../../shared/contract-exports.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { ClipFacts } from './clip.ts';
import { HOLE_MS } from './clip-parts.ts';
import { rangesOf } from './export-pieces.ts';
import { joinRanges } from './footage.ts';

/** An end of a clip that is as near to the one asked for stands in names as that. */
const SAME_END_MS = 1000;

/** Of one camera. `spans`: capture times in its files; null: a video that was uploaded, which is whole. */
export function planContent(
  job: Pick<ExportJob, 'fromEpochMs' | 'toEpochMs' | 'ranges'>,
  cameraId: string,
  spans: readonly EpochRange[] | null,
): ExportContent {
  const ranges = rangesOf(job, cameraId);
  const askedMs = ranges.reduce((sum, { fromEpochMs, toEpochMs }) => sum + toEpochMs - fromEpochMs, 0);
  const ascending = [...(spans ?? [])].sort((a, b) => a.startEpochMs - b.startEpochMs);
  const gaps = spans ? ranges.flatMap((range) => holesOf(range, ascending)) : [];
  const missingMs = gaps.reduce((sum, { fromEpochMs, toEpochMs }) => sum + toEpochMs - fromEpochMs, 0);
  const listed = gaps.slice(0, MAX_LISTED_GAPS);
  return { cameraId, askedMs, recordedMs: askedMs - missingMs, gapCount: gaps.length, gaps: listed };
}

function holesOf(
  { fromEpochMs, toEpochMs }: { fromEpochMs: number; toEpochMs: number },
  spans: readonly EpochRange[],
): ExportContent['gaps'] {
  const within = spans.filter(
    ({ startEpochMs, endEpochMs }) => endEpochMs > fromEpochMs && startEpochMs < toEpochMs,
  );
  const holes: ExportContent['gaps'] = [];
  let at = fromEpochMs;
  const end = { startEpochMs: toEpochMs, endEpochMs: toEpochMs };
  for (const { startEpochMs, endEpochMs } of [...joinRanges(within, 0), end]) {
    if (startEpochMs - at >= HOLE_MS)
      holes.push({ fromEpochMs: Math.round(at), toEpochMs: Math.round(startEpochMs) });
    at = Math.max(at, endEpochMs);
  }
  return holes;
}

/** The time that a clip's name states: what is in it, and the end asked for where that is the same but for a moment. */
export function planNamedRange(
  { fromEpochMs, toEpochMs }: Pick<ClipFacts, 'fromEpochMs' | 'toEpochMs'>,
  asked: { fromEpochMs: number; toEpochMs: number },
): { fromEpochMs: number; toEpochMs: number } {
  const choose = (own: number, wanted: number) => (Math.abs(own - wanted) < SAME_END_MS ? wanted : own);
  return {
    fromEpochMs: choose(fromEpochMs, asked.fromEpochMs),
    toEpochMs: choose(toEpochMs, asked.toEpochMs),
  };
}
