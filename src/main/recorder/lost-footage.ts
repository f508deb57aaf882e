/** What the ledger says of footage that was stored and is gone, and of what turns up again. */
import type { Gap } from '../../shared/domain-storage.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import { carveGap, SHORTEST_GAP_MS } from './gap-keeper.ts';
import type { Ledger } from './segment-index.ts';

export type LostFootage = Pick<SegmentRecord, 'cameraId' | 'stream' | 'startEpochMs' | 'durationMs'>;

const JOIN_MS = 1500;

/** A segment is gone. Neighbours share one row of the ledger; the sub stream has no ledger. */
export function noteLost(
  ledger: Pick<Ledger, 'listGaps' | 'putGap'>,
  segment: LostFootage,
  { cause, detail }: Pick<Gap, 'cause' | 'detail'>,
): void {
  const { cameraId, stream, startEpochMs } = segment;
  if (stream !== 'main') return;
  const before = ledger.listGaps(cameraId, startEpochMs - JOIN_MS, startEpochMs + 1).at(-1);
  const joins = before?.detail === detail && before.endEpochMs !== null;
  ledger.putGap(cameraId, {
    startEpochMs: joins && before ? before.startEpochMs : startEpochMs,
    endEpochMs: endOfSegment(segment),
    ...{ cause, detail },
  });
}

/** A segment that the index did not know is there: no gap that is over covers it. Remarks, which are instants, stay. */
export function noteFound(
  ledger: Pick<Ledger, 'listGaps' | 'putGap' | 'removeGap'>,
  segment: LostFootage,
): void {
  const { cameraId, stream, startEpochMs } = segment;
  if (stream !== 'main') return;
  const range = { startEpochMs, endEpochMs: endOfSegment(segment) };
  for (const gap of ledger.listGaps(cameraId, range.startEpochMs, range.endEpochMs))
    if (gap.endEpochMs !== null && gap.endEpochMs - gap.startEpochMs >= SHORTEST_GAP_MS)
      carveGap(ledger, cameraId, gap, range);
}
