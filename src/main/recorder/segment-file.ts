/** One segment being written: appended to as fragments arrive, whole at every moment up to its last flushed fragment. */
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StreamKind } from '../../shared/domain-storage.ts';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import { buildSegmentPath, type SegmentRecord } from '../media/segment.ts';
import type { Place } from './volumes.ts';

export interface NewSegment {
  place: Place;
  /** Whether the index knows another segment under a path, as one in another folder. */
  isTaken?(path: string): boolean;
  cameraId: string;
  stream: StreamKind;
  startEpochMs: number;
  description: StreamDescription;
  /** Decode time of its first video frame on the description's time line, which becomes 0. */
  videoBase: number;
}

/** A frame that waits to be written. */
interface Waiting {
  fragment: Fragment;
  decodeTime: number;
  bytes: [Buffer, Buffer];
}

export class SegmentFile {
  readonly description: StreamDescription;
  readonly record: SegmentRecord;
  /** Decode time at which the segment begins, per track of the description. */
  readonly videoBase: number;
  readonly audioBase: number;
  private readonly file: FileHandle;
  private readonly inode: number;
  private readonly fullPath: string;
  private waiting: Waiting[] = [];
  private endTime = 0;

  private constructor(file: FileHandle, inode: number, segment: NewSegment, record: SegmentRecord) {
    const { description, videoBase } = segment;
    this.file = file;
    this.inode = inode;
    this.description = description;
    this.record = record;
    this.videoBase = videoBase;
    this.audioBase = Math.round(
      (videoBase * (description.audio?.timescale ?? 0)) / description.video.timescale,
    );
    this.fullPath = join(segment.place.root, record.path);
  }

  /** Makes the file with its init segment; where one of that name is there already, the start moves on by a millisecond. */
  static async create(segment: NewSegment): Promise<SegmentFile> {
    const { description, cameraId, stream, place, isTaken } = segment;
    for (let startEpochMs = Math.round(segment.startEpochMs); ; startEpochMs++) {
      const path = buildSegmentPath(cameraId, stream, startEpochMs);
      if (isTaken?.(path)) continue;
      const fullPath = join(place.root, path);
      await mkdir(dirname(fullPath), { recursive: true });
      const file = await openNew(fullPath);
      if (!file) continue;
      try {
        await writeWhole(file, [description.initSegment], 0);
        const record: SegmentRecord = {
          ...{ cameraId, stream, startEpochMs, path, durationMs: 0, closed: false, keyframes: [] },
          volumeId: place.volumeId,
          sizeBytes: description.initSegment.length,
          videoCodecString: description.video.codecString,
          audioCodecString: description.audio?.codecString ?? null,
          width: description.video.width,
          height: description.video.height,
          videoTimescale: description.video.timescale,
          audioTimescale: description.audio?.timescale ?? null,
          initBytes: description.initSegment.length,
        };
        return new SegmentFile(file, (await file.stat()).ino, segment, record);
      } catch (error) {
        await file.close().catch(() => {});
        await rm(fullPath, { force: true }).catch(() => {});
        throw error;
      }
    }
  }

  /** Whether a sound fragment belongs to what was before this segment. */
  isBefore(audio: Fragment): boolean {
    return audio.decodeTime < this.audioBase;
  }

  /** Takes a fragment to be written at the next flush. */
  add(fragment: Fragment): void {
    const decodeTime = fragment.decodeTime - (fragment.track === 'video' ? this.videoBase : this.audioBase);
    // Only the head is copied, to carry another time; the frame itself is written from the shared buffer.
    const head = Buffer.from(fragment.data.subarray(0, fragment.tfdtOffset + 8));
    head.writeBigUInt64BE(BigInt(Math.max(0, decodeTime)), fragment.tfdtOffset);
    this.waiting.push({
      fragment,
      decodeTime,
      bytes: [head, fragment.data.subarray(fragment.tfdtOffset + 8)],
    });
  }

  /** Writes what waits. Throws what the disk says; the file then still ends after its last whole flush. */
  async flush(): Promise<void> {
    const { waiting, record } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    const bytes: Buffer[] = [];
    for (const item of waiting) bytes.push(...item.bytes);
    await writeWhole(this.file, bytes, record.sizeBytes);
    for (const { fragment, decodeTime } of waiting) {
      if (fragment.track === 'video') {
        if (fragment.keyframe) record.keyframes.push({ offset: record.sizeBytes, time: decodeTime });
        this.endTime = decodeTime + fragment.duration;
        record.durationMs = Math.round((this.endTime * 1000) / record.videoTimescale);
      }
      record.sizeBytes += fragment.data.length;
    }
  }

  /** Puts on the disk what has been flushed. Throws when the disk fails or the file is no longer in its place. */
  async sync(): Promise<void> {
    await this.file.datasync();
    const there = await stat(this.fullPath);
    if (process.platform !== 'win32' && there.ino !== this.inode)
      throw new Error('the file was replaced by another');
  }

  /** Video decode time, on the description's time line, up to which frames have been flushed or wait. */
  get videoEnd(): number {
    const last = this.waiting.findLast((item) => item.fragment.track === 'video');
    return this.videoBase + (last ? last.decodeTime + last.fragment.duration : this.endTime);
  }

  /** Capture time of a video decode time, if the camera's clock ran evenly. */
  epochMsAt(videoDecodeTime: number): number {
    return (
      this.record.startEpochMs + ((videoDecodeTime - this.videoBase) * 1000) / this.record.videoTimescale
    );
  }

  /**
   * Ends the file after its last whole flush; without a frame in it, it is removed. Never throws: what is stored is stored. False when the
   * disk did not take the end.
   */
  async close(): Promise<boolean> {
    this.record.closed = true;
    const isEmpty = this.record.keyframes.length === 0;
    // A failing disk has been reported by the write that failed.
    const quietly = (step: Promise<unknown>) => step.then(yes, no);
    const isEnded = await quietly(this.file.truncate(this.record.sizeBytes));
    const isOnDisk = await quietly(this.file.datasync());
    await quietly(this.file.close());
    if (isEmpty) await quietly(rm(this.fullPath, { force: true }));
    return isEnded && isOnDisk;
  }
}

const yes = () => true;
const no = () => false;

async function openNew(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

/** Writes all of the buffers, however the system cuts the writing up. */
async function writeWhole(file: FileHandle, buffers: readonly Buffer[], position: number): Promise<void> {
  let rest = buffers;
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest.length > 1000 ? rest.slice(0, 1000) : rest, at);
    if (bytesWritten === 0) throw new Error('the disk took no bytes');
    at += bytesWritten;
    rest = dropBytes(rest, bytesWritten);
  }
}

function dropBytes(buffers: readonly Buffer[], count: number): Buffer[] {
  let left = count;
  let index = 0;
  while (index < buffers.length && left >= (buffers[index] as Buffer).length)
    left -= (buffers[index++] as Buffer).length;
  const rest = buffers.slice(index);
  if (left > 0 && rest[0]) rest[0] = rest[0].subarray(left);
  return rest;
}
