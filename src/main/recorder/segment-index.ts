/** What the recorder needs of the index and the ledger; the store implements it. */
import type { Gap, StreamKind } from '../../shared/domain-storage.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { SegmentRecord } from '../media/segment.ts';

/** The index of segment files. Everything in it can be made anew from the files. */
export interface SegmentIndex {
  putSegment(segment: SegmentRecord): void;
  removeSegment(path: string): void;
  /** Files in the folders `awayVolumeIds` are noted as left over. */
  removeCameraSegments(cameraId: string, awayVolumeIds: readonly number[]): void;
  hasSegment(path: string): boolean;
  /** The recording folder in which a segment lies; null when it is not known. */
  volumeOf(path: string): number | null;
  /** Whether any segment lies in a recording folder, also one that is being written. */
  holdsSegments(volumeId: number): boolean;
  /** Some segments of a recording folder, also open ones, the oldest first. */
  listIn(volumeId: number, limit: number): SegmentFileFacts[];
  /** What lies in a recording folder of a camera's main stream, by local day, ascending. */
  listDaysIn(volumeId: number, cameraId: string): Array<{ day: string; durationMs: number }>;
  /** Closed segments of a recording folder that end before a time, the oldest first. */
  listOldestIn(volumeId: number, endBeforeEpochMs: number, limit: number): SegmentFileFacts[];
  /**
   * From now on a segment lies in another folder, and its file in the old one is noted as left over. False when it is gone or lies
   * elsewhere already.
   */
  moveSegment(path: string, fromId: number, toId: number): boolean;
  /** Not closed: left by a crash. */
  listOpenSegments(): SegmentRecord[];
  /** Paths that begin with `prefix`. */
  listPaths(prefix: string): string[];
  /** What is known of the files whose paths begin with `prefix`, by path. */
  listFiles(prefix: string): Array<SegmentFileFacts & { closed: boolean }>;
  /** The first path behind a text; null at the end. */
  nextPath(after: string): string | null;
  /** Cameras that have footage. */
  listCameraIds(): string[];
  /** End of the newest segment, or of the newest that starts before a time. */
  newestEndEpochMs(cameraId: string, stream: StreamKind, startBeforeEpochMs?: number): number | null;
  nextStartEpochMs(cameraId: string, stream: StreamKind, afterEpochMs: number): number | null;
  /**
   * Closed ones, oldest first; of a camera per stream, the main stream's before the sub stream's. `startFromEpochMs` needs a camera.
   * `volumeIds`: only those in these recording folders.
   */
  listOldest(options: {
    cameraId?: string;
    startFromEpochMs?: number;
    endBeforeEpochMs?: number;
    volumeIds?: readonly number[];
    limit: number;
  }): SegmentFileFacts[];
  /** Of all footage, or of a camera's, or of what lies in these recording folders. */
  usedBytes(of?: { cameraId?: string | undefined; volumeIds?: readonly number[] }): number;
  /** Of a camera's segments, of both streams, that have a moment in common with the (merged, ascending) ranges. */
  bytesWithin(cameraId: string, ranges: readonly EpochRange[]): number;
  /** Bytes and earliest start of what was begun at or after a time. */
  writtenSince(epochMs: number): { bytes: number; earliestEpochMs: number | null };
  bounds(of?: { cameraId: string; stream: StreamKind }): {
    earliestEpochMs: number | null;
    latestEpochMs: number | null;
  };
  listSpans(query: {
    cameraId: string;
    stream: StreamKind;
    fromEpochMs: number;
    toEpochMs: number;
  }): Array<{ startEpochMs: number; durationMs: number }>;
}

export type SegmentFileFacts = Pick<
  SegmentRecord,
  'cameraId' | 'stream' | 'path' | 'volumeId' | 'startEpochMs' | 'durationMs' | 'sizeBytes'
>;

/** Per camera, every interval in which nothing of its main stream was stored. */
export interface Ledger {
  openGapOf(cameraId: string): (Gap & { knownUntilEpochMs: number }) | null;
  /** Adds a gap, open or ended; replaces the one that starts at the same time. */
  putGap(cameraId: string, gap: Gap): void;
  removeGap(cameraId: string, startEpochMs: number): void;
  listGaps(cameraId: string, fromEpochMs: number, toEpochMs: number): Gap[];
  /** Notes that the engine is running, for all open gaps. */
  noteRunning(nowEpochMs: number): void;
  /** One row says that everything in [from, before) is deleted; it also takes in what the ledger knew of the time since `after`. */
  noteDeleted(cameraId: string, fromEpochMs: number, beforeEpochMs: number, afterEpochMs?: number): void;
  removeCameraGaps(cameraId: string): void;
}
