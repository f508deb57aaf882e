/** Gives up the footage on a drive that is away for good: what is on it, and how the index and the ledger let go of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FolderContents } from '../../shared/contract-health.ts';
import { noteLost } from './lost-footage.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';
import type { Volume } from './volume-plan.ts';

/** Some milliseconds of work; then others get their turn. */
const BATCH = 100;

/** How much of which days lies in a folder, per camera, by the index alone. */
export async function listContents(
  index: Pick<SegmentIndex, 'usedBytes' | 'listCameraIds' | 'listDaysIn'>,
  volumeId: number,
): Promise<FolderContents> {
  const cameras: FolderContents['cameras'] = [];
  for (const cameraId of index.listCameraIds()) {
    const days = index
      .listDaysIn(volumeId, cameraId)
      .map(({ day, durationMs }) => ({ day, seconds: Math.round(durationMs / 1000) }));
    if (days.length > 0) cameras.push({ cameraId, days });
    await nextTurn();
  }
  return { bytes: index.usedBytes({ volumeIds: [volumeId] }), cameras };
}

/**
 * Takes a folder's rows out of the index; the ledger says what was lost, and why. Ended at any point, it can be done again. False, and the rest
 * is left, as soon as the folder `isBack`.
 */
export async function giveUpFootage(
  { index, ledger }: { index: Pick<SegmentIndex, 'listIn' | 'removeSegment'>; ledger: Ledger },
  { id, path }: Pick<Volume, 'id' | 'path'>,
  isBack: () => boolean,
): Promise<boolean> {
  const why = { cause: 'disk-failed', detail: `It was on the drive “${path}”, which was given up.` } as const;
  for (;;) {
    if (isBack()) return false;
    const segments = index.listIn(id, BATCH);
    if (segments.length === 0) return true;
    for (const segment of segments) {
      // What was never written to its end has no length, and is no loss that could be told.
      if (segment.durationMs > 0) noteLost(ledger, segment, why);
      index.removeSegment(segment.path);
    }
    await nextTurn();
  }
}
