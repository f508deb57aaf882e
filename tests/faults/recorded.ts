/** What is on the disk after a fault: every stored frame with its number, by the files alone, and what index and ledger say. */
import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readFragmentBlocks, readInitSegment } from '../../src/main/media/mp4/own-fragment.ts';
import { describeInit } from '../../src/main/media/mp4/segment-scan.ts';
import { parseSegmentPath } from '../../src/main/media/segment.ts';
import { walkSegmentPaths } from '../../src/main/recorder/recovery.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import type { Gap } from '../../src/shared/domain-storage.ts';
import { captureInstants } from '../fixtures/clock-cameras.ts';

/** Of every camera here. */
export const FRAME_MS = 40;

export interface StoredFrame {
  /** How many frame times after 1970, or after the start of a `file:` source, the camera captured it: the frame's number. */
  number: number;
  /** Where the recording puts it: the engine's clock, ms since 1970. */
  recordedEpochMs: number;
}

export interface StoredSegment {
  path: string;
  startEpochMs: number;
  endEpochMs: number;
  frames: StoredFrame[];
  /** Seconds of sound in it. */
  soundSeconds: number;
}

export interface Recorded {
  /** In the order of their start. */
  segments: StoredSegment[];
  gaps: Gap[];
  /** Paths that the index names and the disk lacks, or the other way round, or whose times or sizes differ. */
  disagreements: string[];
}

/** Reads all that is recorded of a camera's main stream. The engine must have ended. */
export async function readRecorded(dataDir: string, cameraId: string): Promise<Recorded> {
  const root = join(dataDir, 'recordings');
  const segments: StoredSegment[] = [];
  for await (const path of walkSegmentPaths(root, cameraId))
    if (parseSegmentPath(path)?.stream === 'main') segments.push(await readSegment(root, path));
  segments.sort((a, b) => a.startEpochMs - b.startEpochMs);
  const sql = openDatabase(join(dataDir, 'threshold.db'));
  try {
    const everything = { cameraId, fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER };
    const index = new SegmentStore(sql).listSegments({ ...everything, stream: 'main' });
    const gaps = new GapStore(sql).listGaps(cameraId, 0, Number.MAX_SAFE_INTEGER);
    return { segments, gaps, disagreements: compareWithIndex(segments, index) };
  } finally {
    sql.close();
  }
}

/** What ffmpeg says while it decodes every byte of a recording; empty where all is well. */
export async function decodeComplaints(
  dataDir: string,
  segments: readonly StoredSegment[],
): Promise<string[]> {
  const complaints: string[] = [];
  for (const { path } of segments) {
    const file = join(dataDir, 'recordings', path);
    const args = ['-nostdin', '-v', 'warning', '-i', file, '-fps_mode', 'passthrough', '-f', 'null', '-'];
    const said = await promisify(execFile)(process.env.FFMPEG_BIN ?? 'ffmpeg', args).then(
      ({ stderr }) => stderr,
      (error: { stderr?: string; message: string }) => error.stderr || error.message,
    );
    for (const line of said.split('\n')) if (line.trim()) complaints.push(`${path}: ${line.trim()}`);
  }
  return complaints;
}

async function readSegment(root: string, path: string): Promise<StoredSegment> {
  const { startEpochMs } = parseSegmentPath(path)!;
  const file = await open(join(root, path), 'r');
  try {
    const init = await readInitSegment(file);
    if (!init) throw new Error(`${path} has no whole header`);
    const { videoTimescale, audioTimescale } = describeInit(init);
    const segment: StoredSegment = {
      path,
      startEpochMs,
      endEpochMs: startEpochMs,
      frames: [],
      soundSeconds: 0,
    };
    for await (const { bytes, fragments } of readFragmentBlocks(file, { from: init.length }))
      for (const { track, dataStart, end, decodeTime, duration } of fragments) {
        if (track === 'audio') {
          segment.soundSeconds += duration / (audioTimescale ?? 1);
          continue;
        }
        const [instant] = captureInstants(bytes.subarray(dataStart, end));
        if (instant === undefined) throw new Error(`${path}: a frame without its number`);
        const recordedEpochMs = startEpochMs + (decodeTime * 1000) / videoTimescale;
        segment.frames.push({ number: Math.round(instant / FRAME_MS), recordedEpochMs });
        segment.endEpochMs = startEpochMs + ((decodeTime + duration) * 1000) / videoTimescale;
      }
    return segment;
  } finally {
    await file.close();
  }
}

function compareWithIndex(
  segments: readonly StoredSegment[],
  index: ReadonlyArray<{ path: string; startEpochMs: number; durationMs: number; closed: boolean }>,
): string[] {
  const found = new Map(segments.map((segment) => [segment.path, segment]));
  const disagreements = index.flatMap((row) => {
    const segment = found.get(row.path);
    found.delete(row.path);
    if (!segment) return [`${row.path} is in the index, not on the disk`];
    const endsApartMs = Math.abs(row.startEpochMs + row.durationMs - segment.endEpochMs);
    if (endsApartMs > 1) return [`${row.path} ends ${endsApartMs.toFixed(0)} ms apart in index and file`];
    return row.closed ? [] : [`${row.path} is not closed in the index`];
  });
  return [...disagreements, ...[...found.keys()].map((path) => `${path} is on the disk, not in the index`)];
}
