/** Segments in SQLite. Rows of segments are an index of the files; nothing here touches a file. */
import type { SegmentRecord } from '../media/segment.ts';
import { inTransaction } from './database.ts';
import { FILE_COLUMNS, SegmentQueries, type StoredFile } from './segment-queries.ts';
import { packKeyframes } from './segment-row.ts';

interface UsedBytes {
  cameraId: string;
  volumeId: number;
  bytes: number;
}

/** The index of segment files: what is asked of it, and what changes it. Synchronous; throws what SQLite throws. */
export class SegmentStore extends SegmentQueries {
  /** Bytes by camera and recording folder. */
  private used: Map<string, UsedBytes> | null = null;

  /** Adds a segment or replaces what was known of its path; its file is not left over. */
  putSegment(segment: SegmentRecord): void {
    inTransaction(this.sql, () => {
      this.removeSegment(segment.path);
      this.sql
        .prepare('DELETE FROM leftover_files WHERE path = ? AND volume_id = ?')
        .run(segment.path, segment.volumeId);
      this.sql
        .prepare(
          `INSERT INTO segments (path, camera_id, stream, start_epoch_ms, duration_ms, size_bytes, closed, video_codec, audio_codec,
            width, height, video_timescale, audio_timescale, init_bytes, keyframes, volume_id)
           VALUES (@path, @cameraId, @stream, @startEpochMs, @durationMs, @sizeBytes, @closed, @videoCodecString, @audioCodecString,
            @width, @height, @videoTimescale, @audioTimescale, @initBytes, @keyframes, @volumeId)`,
        )
        .run({ ...segment, closed: segment.closed ? 1 : 0, keyframes: packKeyframes(segment.keyframes) });
      const { cameraId, stream, startEpochMs, durationMs } = segment;
      if (durationMs > 0)
        this.spans.add({ cameraId, stream }, { startEpochMs, endEpochMs: startEpochMs + durationMs });
    });
    this.count(segment.cameraId, segment.volumeId, segment.sizeBytes);
  }

  removeSegment(path: string): void {
    const removed = inTransaction(this.sql, () => {
      const row = this.sql
        .prepare<[string], StoredFile>(`DELETE FROM segments WHERE path = ? RETURNING ${FILE_COLUMNS}`)
        .get(path);
      if (row && row.durationMs > 0) {
        const { cameraId, stream, startEpochMs, durationMs } = row;
        const before = this.newestEndEpochMs(cameraId, stream, startEpochMs);
        const after = this.nextStartEpochMs(cameraId, stream, startEpochMs);
        const endEpochMs = startEpochMs + durationMs;
        this.spans.remove({ cameraId, stream }, { startEpochMs, endEpochMs }, before, after);
      }
      return row;
    });
    if (removed) this.count(removed.cameraId, removed.volumeId, -removed.sizeBytes);
  }

  /** Of the folders `awayVolumeIds`, which are not there, the files are noted as left over. */
  removeCameraSegments(cameraId: string, awayVolumeIds: readonly number[]): void {
    inTransaction(this.sql, () => {
      this.sql
        .prepare(
          `INSERT OR IGNORE INTO leftover_files (path, volume_id) SELECT path, volume_id FROM segments
           WHERE camera_id = ? AND volume_id IN (SELECT value FROM json_each(?))`,
        )
        .run(cameraId, JSON.stringify(awayVolumeIds));
      this.sql.prepare('DELETE FROM segments WHERE camera_id = ?').run(cameraId);
      this.spans.removeCamera(cameraId);
    });
    this.used = null;
  }

  /**
   * From now on a segment lies in another folder; the file that it came from is noted as left over, in the same transaction.
   * False when the segment is gone or lies elsewhere already.
   */
  moveSegment(path: string, fromId: number, toId: number): boolean {
    return inTransaction(this.sql, () => {
      const moved = this.sql
        .prepare<[number, string, number], StoredFile>(
          `UPDATE segments SET volume_id = ? WHERE path = ? AND volume_id = ? AND closed = 1 RETURNING ${FILE_COLUMNS}`,
        )
        .get(toId, path, fromId);
      if (!moved) return false;
      this.sql.prepare('DELETE FROM leftover_files WHERE path = ? AND volume_id = ?').run(path, toId);
      this.sql
        .prepare('INSERT OR IGNORE INTO leftover_files (path, volume_id) VALUES (?, ?)')
        .run(path, fromId);
      this.count(moved.cameraId, fromId, -moved.sizeBytes);
      this.count(moved.cameraId, toId, moved.sizeBytes);
      return true;
    });
  }

  /** Replaces all rows of a day folder, as far as they lie in these recording folders, in one transaction. */
  replaceFolder(folder: string, segments: readonly SegmentRecord[], volumeIds: readonly number[]): void {
    inTransaction(this.sql, () => {
      for (const { path, volumeId } of this.listFiles(`${folder}/`))
        if (volumeIds.includes(volumeId)) this.removeSegment(path);
      for (const segment of segments) this.putSegment(segment);
    });
  }

  /** Bytes of all segments, or of a camera's, or of those in these recording folders. Summed once, then kept up. */
  usedBytes({
    cameraId,
    volumeIds,
  }: {
    cameraId?: string | undefined;
    volumeIds?: readonly number[];
  } = {}): number {
    this.used ??= new Map(
      this.sql
        .prepare<[], UsedBytes>(
          `SELECT camera_id AS cameraId, volume_id AS volumeId, sum(size_bytes) AS bytes FROM segments GROUP BY camera_id, volume_id`,
        )
        .all()
        .map((row) => [`${row.cameraId} ${row.volumeId}`, row]),
    );
    let sum = 0;
    for (const used of this.used.values()) {
      const isOf = cameraId === undefined || used.cameraId === cameraId;
      if (isOf && (volumeIds?.includes(used.volumeId) ?? true)) sum += used.bytes;
    }
    return sum;
  }

  private count(cameraId: string, volumeId: number, bytes: number): void {
    const key = `${cameraId} ${volumeId}`;
    this.used?.set(key, { cameraId, volumeId, bytes: (this.used.get(key)?.bytes ?? 0) + bytes });
  }
}
