/** Makes the index anew from the segment files alone. */
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gap } from '../../shared/domain.ts';
import { messageOf } from '../../shared/errors.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import { readCameraFile } from './camera-file.ts';
import { readSegmentRecord, walkSegmentPaths } from './recovery.ts';

export interface ReindexTarget {
  replaceSegments(segments: Iterable<SegmentRecord>): void;
  listGaps(cameraId: string, fromEpochMs: number, toEpochMs: number): Gap[];
  putGap(cameraId: string, gap: Gap): void;
}

export interface ReindexReport {
  segments: number;
  bytes: number;
  /** Files that hold nothing that plays; left where they are. */
  unusable: number;
  /** Bytes cut off behind the last whole fragment. */
  cutBytes: number;
  unknownGaps: number;
  cameras: Array<{ cameraId: string; name: string | null; segments: number }>;
}

/** Holes between segments up to this long are the ordinary jitter of a border. */
const BORDER_MS = 1500;

/** Reads every segment file below `root` and replaces the index. Throws when the folder cannot be read. */
export async function reindexRecordings(
  root: string,
  target: ReindexTarget,
  onProgress: (
    progress:
      | { event: 'progress'; segments: number; bytes: number }
      | { event: 'problem'; path: string; message: string },
  ) => void,
): Promise<ReindexReport> {
  const report: ReindexReport = {
    segments: 0,
    bytes: 0,
    unusable: 0,
    cutBytes: 0,
    unknownGaps: 0,
    cameras: [],
  };
  const records: SegmentRecord[] = [];
  for await (const path of walkSegmentPaths(root)) {
    try {
      const read = await readSegmentRecord(root, path);
      if (!read.record) {
        report.unusable++;
        onProgress({
          event: 'problem',
          path,
          message: read.result?.usable === false ? read.result.reason : 'not a segment',
        });
        continue;
      }
      if (read.damagedBytes > 0) await truncate(join(root, path), read.record.sizeBytes);
      records.push(read.record);
      report.segments++;
      report.bytes += read.record.sizeBytes;
      report.cutBytes += read.damagedBytes;
      if (report.segments % 100 === 0)
        onProgress({ event: 'progress', segments: report.segments, bytes: report.bytes });
    } catch (error) {
      report.unusable++;
      onProgress({ event: 'problem', path, message: messageOf(error) });
    }
  }
  target.replaceSegments(records);
  for (const cameraId of new Set(records.map((record) => record.cameraId))) {
    const own = records.filter((record) => record.cameraId === cameraId);
    report.cameras.push({
      cameraId,
      name: (await readCameraFile(root, cameraId)).name,
      segments: own.length,
    });
    report.unknownGaps += noteUnknownGaps(
      target,
      cameraId,
      own.filter((record) => record.stream === 'main'),
    );
  }
  return report;
}

/** Holes that the ledger has no cause for; what it knows stays. */
function noteUnknownGaps(target: ReindexTarget, cameraId: string, segments: SegmentRecord[]): number {
  let noted = 0;
  segments.forEach((segment, index) => {
    const before = segments[index - 1];
    const startEpochMs = before ? endOfSegment(before) : segment.startEpochMs;
    const endEpochMs = segment.startEpochMs;
    if (
      endEpochMs - startEpochMs <= BORDER_MS ||
      target.listGaps(cameraId, startEpochMs, endEpochMs).length > 0
    )
      return;
    target.putGap(cameraId, {
      startEpochMs,
      endEpochMs,
      cause: 'unknown',
      detail: 'Nothing is known of this time: the index was made anew.',
    });
    noted++;
  });
  return noted;
}
