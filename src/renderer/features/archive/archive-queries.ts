/** Questions the archive page asks the engine beyond the timeline's tiles. */

import type { TimelineUpload } from '../../../shared/contract-archive.ts';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import type { Gap } from '../../../shared/domain-storage.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/units.ts';
import { api } from '../../client/api.ts';
import { gapAt } from './timeline/spans.ts';

/** The upload that shows a camera's time, else the next one. */
export async function askUpload(cameraId: string, epochMs: number): Promise<TimelineUpload | null> {
  const { upload } = await api.upload(cameraId, Math.round(epochMs));
  return upload;
}

/** The ledger's entry for a moment without footage; null where it has none. */
export async function askGap(cameraId: string, epochMs: number, signal?: AbortSignal): Promise<Gap | null> {
  const lanes = await api.timeline(
    { cameraIds: cameraId, fromEpochMs: Math.floor(epochMs - 1000), toEpochMs: Math.ceil(epochMs + 1000) },
    signal,
  );
  return gapAt(lanes[0]?.gaps ?? [], epochMs, Date.now());
}

/** Where to start for an event: a moment before it, so that one sees it begin. */
export const EVENT_LEAD_MS = 2000;

const WINDOWS_MS = [30 * MINUTE_MS, 3 * HOUR_MS, DAY_MS, 7 * DAY_MS, 60 * DAY_MS];

/** The event of these cameras that comes next after (1) or before (-1) a time, or null. */
export async function askNeighbourEvent(
  cameraIds: readonly string[],
  epochMs: number,
  direction: 1 | -1,
): Promise<NvrEvent | null> {
  const cameras = cameraIds.join(',');
  if (direction === -1) {
    const page = await api.events({ cameraIds: cameras, toEpochMs: Math.floor(epochMs), limit: 1 });
    return page.items[0] ?? null;
  }
  let from = Math.ceil(epochMs);
  for (const windowMs of WINDOWS_MS) {
    if (from > Date.now()) return null;
    const found = await oldestIn(cameras, from, from + windowMs);
    if (found) return found;
    from += windowMs;
  }
  return null;
}

/**
 * Pages of events come newest first, so the oldest of a busy week would be on the last of many pages: the timeline's marks,
 * at a coarse resolution, say where it is, and one page there names it.
 */
async function oldestIn(cameraIds: string, fromEpochMs: number, toEpochMs: number): Promise<NvrEvent | null> {
  const resolutionMs = (toEpochMs - fromEpochMs) / 500;
  const lanes = await api.timeline({ cameraIds, fromEpochMs, toEpochMs, resolutionMs });
  const starts = lanes
    .flatMap((lane) => lane.marks.map((mark) => mark.startEpochMs))
    .filter((start) => start >= fromEpochMs);
  if (starts.length === 0) return null;
  const page = await api.events({
    cameraIds,
    fromEpochMs,
    toEpochMs: Math.ceil(Math.min(...starts)) + 1,
    limit: 500,
  });
  return page.items.at(-1) ?? null;
}

/** Where the newest footage of these cameras before a time ends; null where there is none. */
export async function askFootageEnd(cameraIds: readonly string[], epochMs: number): Promise<number | null> {
  let toEpochMs = Math.floor(epochMs);
  for (const windowMs of WINDOWS_MS) {
    const fromEpochMs = toEpochMs - windowMs;
    // Fine enough that a hole is no part of the span before it.
    const lanes = await api.timeline({
      ...{ cameraIds: cameraIds.join(','), fromEpochMs, toEpochMs, resolutionMs: windowMs / 3600 },
    });
    const ends = lanes.flatMap(({ spans }) => spans.map(([, end]) => end)).filter((end) => end < epochMs);
    if (ends.length > 0) return Math.max(...ends);
    toEpochMs = fromEpochMs;
  }
  return null;
}

/** The address of the archive page at a moment. */
export function archivePath(cameraId: string, epochMs: number): string {
  return `/archive?camera=${cameraId}&at=${Math.round(epochMs)}`;
}
