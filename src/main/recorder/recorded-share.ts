/** How much of a day a camera has been recorded: what index, ledger and the open file say of it. The reckoning is in `completeness.ts`. */
import type { SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import { localDay, planCompleteness } from './completeness.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';

/** What only the running recorder knows of the camera. */
export interface RunningRecording {
  open: readonly SegmentRecord[];
  /** Whether frames are reaching the disk. */
  isRecording: boolean;
  createdEpochMs: number | undefined;
}

/** Recorded share of a local day, 0..1; null when nothing was wanted. `daysBack` 0 is today. */
export function measureCompleteness(
  deps: { index: Pick<SegmentIndex, 'listSpans' | 'bounds'>; ledger: Pick<Ledger, 'listGaps'>; clock: Clock },
  cameraId: string,
  daysBack: number,
  running: RunningRecording,
): { day: string; completeness: number | null } {
  const { index, ledger, clock } = deps;
  const now = clock.epochMs();
  const day = localDay(now, daysBack);
  const { startEpochMs: fromEpochMs, endEpochMs: toEpochMs } = day;
  const spans = index.listSpans({ cameraId, stream: 'main', fromEpochMs, toEpochMs });
  const isOpen = (startEpochMs: number) =>
    running.open.some((segment) => segment.startEpochMs === startEpochMs);
  const all = [...spans.filter((span) => !isOpen(span.startEpochMs)), ...running.open];
  const gaps = ledger.listGaps(cameraId, fromEpochMs, toEpochMs);
  const { earliestEpochMs } = index.bounds({ cameraId, stream: 'main' });
  const known = [earliestEpochMs, ledger.listGaps(cameraId, 0, now)[0]?.startEpochMs, running.createdEpochMs];
  const since = Math.min(...known.filter((time) => time !== null && time !== undefined));
  // The newest frames are on their way to the disk: the last seconds are not missing yet.
  const until = running.isRecording
    ? Math.max(...all.map((span) => span.startEpochMs + span.durationMs), 0)
    : now;
  const sinceEpochMs = Number.isFinite(since) ? since : now;
  return {
    day: day.day,
    completeness: planCompleteness(day, all, gaps, sinceEpochMs, Math.min(now, until)),
  };
}
