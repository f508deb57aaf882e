/**
 * Moves closed segments between recording folders: to an archive when they are old enough, and out of folders that leave. A segment is
 * copied aside, flushed, compared byte by byte, put in its place, switched in the index and only then deleted where it was. Ended at any
 * point, the index names one whole file, and what is left over is deleted by the next run.
 */
import { copyFile, type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, messageOf } from '../../shared/errors.ts';
import { HOUR_MS } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { CAMERA_FILE } from './camera-file.ts';
import { removeEmptyFolders } from './retention.ts';
import type { SegmentFileFacts, SegmentIndex } from './segment-index.ts';
import { type MovePlan, planMoves, type Volume } from './volume-plan.ts';
import type { Volumes } from './volumes.ts';

/** Files that no segment names; the store implements it. */
export interface Leftovers {
  noteLeftover(path: string, volumeId: number): void;
  listLeftovers(volumeId: number): string[];
  forgetLeftover(path: string, volumeId: number): void;
}

export interface MoverDeps {
  volumes: Pick<Volumes, 'all' | 'confirm' | 'find'>;
  index: Pick<SegmentIndex, 'listOldestIn' | 'moveSegment' | 'volumeOf'>;
  leftovers: Leftovers;
  /** Whether recording waits for a disk: moves wait then. */
  isBusy(): boolean;
  /** After every run. */
  afterMoves?(): Promise<void>;
  clock: Clock;
  log: Logger;
  /** Bytes per second, read and written each; default 32 MB. */
  bytesPerSecond?: number;
}

const EVERY_MS = 30_000;
const BATCH = 20;
const CHUNK_BYTES = 1024 * 1024;
const BYTES_PER_SECOND = 32_000_000;
const BUSY_WAIT_MS = 250;
/** So many in one run say that a disk is not sound: the run ends. */
const MOST_FAILURES = 3;
/** Copies that are not whole yet. */
export const ASIDE_FOLDER = '.moving';

export class Mover {
  private readonly deps: MoverDeps;
  private readonly abort = new AbortController();
  private cancelTick: (() => void) | null = null;
  private running: Promise<void> | null = null;
  /** The segment that is on its way. */
  private moving: string | null = null;
  /** Segments that could not be moved, until when they are left alone. */
  private readonly troubled = new Map<string, number>();

  constructor(deps: MoverDeps) {
    this.deps = deps;
  }

  start(): void {
    this.cancelTick = this.deps.clock.after(EVERY_MS, () => {
      void this.run().then(() => {
        if (!this.abort.signal.aborted) this.start();
      });
    });
  }

  /** Ends between two pieces of a file; the segment stays where it was. */
  async stop(): Promise<void> {
    this.cancelTick?.();
    this.abort.abort();
    await this.running;
  }

  /** Moves all that is due, now; joins the run under way. Never throws: what fails is logged and tried again. */
  run(): Promise<void> {
    this.running ??= this.moveAll().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Whether a file of this path is being made or deleted by a move. */
  isMoving(path: string): boolean {
    return this.moving === path;
  }

  private async moveAll(): Promise<void> {
    const { volumes, clock, log } = this.deps;
    try {
      const plans = planMoves(
        volumes.all().map(({ volume, condition }) => ({ volume, state: condition.state })),
        clock.epochMs(),
      );
      for (const plan of plans) await this.carryOut(plan);
      if (!this.abort.signal.aborted) await this.deps.afterMoves?.();
    } catch (error) {
      if (!this.abort.signal.aborted)
        log.error({ problem: messageOf(error) }, 'recordings could not be moved to another folder');
    }
  }

  private async carryOut(plan: MovePlan): Promise<void> {
    const { index, clock, log } = this.deps;
    const from = this.deps.volumes.find(plan.fromId);
    let failures = 0;
    for (;;) {
      for (const [path, untilMs] of this.troubled)
        if (untilMs < clock.monotonicMs()) this.troubled.delete(path);
      const listed = index.listOldestIn(plan.fromId, plan.endBeforeEpochMs, BATCH + this.troubled.size);
      const segments = listed.filter(({ path }) => !this.troubled.has(path));
      if (segments.length === 0) return;
      for (const segment of segments) {
        const to = this.targetFor(plan, segment.sizeBytes);
        if (!from || !to || this.abort.signal.aborted) return;
        this.moving = segment.path;
        try {
          await this.move(segment, from, to);
        } catch (error) {
          if (this.abort.signal.aborted) return;
          log.error(
            { from: from.path, to: to.path, problem: messageOf(error) },
            'a recording could not be moved',
          );
          this.troubled.set(segment.path, clock.monotonicMs() + HOUR_MS);
          if (++failures >= MOST_FAILURES) return;
        } finally {
          this.moving = null;
        }
      }
    }
  }

  /** The first one with room. Its reserve may be used: retention makes it free again, of the oldest in it. */
  private targetFor({ toIds }: MovePlan, sizeBytes: number): Volume | null {
    const known = this.deps.volumes.all();
    for (const id of toIds) {
      const found = known.find(({ volume, condition, failing }) => {
        return (
          volume.id === id && condition.state === 'present' && !failing && condition.freeBytes > 2 * sizeBytes
        );
      });
      if (found) return found.volume;
    }
    return null;
  }

  private async move(segment: SegmentFileFacts, from: Volume, to: Volume): Promise<void> {
    const { volumes, index, leftovers, log } = this.deps;
    const aside = join(to.path, ASIDE_FOLDER, segment.path.replaceAll('/', '_'));
    const target = join(to.path, segment.path);
    try {
      if (!(await volumes.confirm(to))) throw new AppError('unavailable', `“${to.path}” is not there.`);
      await mkdir(dirname(aside), { recursive: true });
      await this.copy(join(from.path, segment.path), aside, segment.sizeBytes);
      await mkdir(dirname(target), { recursive: true });
      await copyCameraFile(from, to, segment.cameraId);
      // Until the index is switched the copy is what has to go, should the program be ended.
      leftovers.noteLeftover(segment.path, to.id);
      await rename(aside, target);
      await syncFolder(dirname(target));
    } catch (error) {
      await rm(aside, { force: true }).catch((problem: unknown) =>
        log.warn({ folder: to.path, problem: messageOf(problem) }, 'an unfinished copy is left'),
      );
      throw error;
    }
    if (index.moveSegment(segment.path, from.id, to.id)) await removeLeftover(from, segment.path, leftovers);
    else if (index.volumeOf(segment.path) !== to.id)
      await removeLeftover(to, segment.path, leftovers); // retention was quicker: the copy has no row
    else leftovers.forgetLeftover(segment.path, to.id);
  }

  /** Copies, flushes and compares. Throws what the disks say, AppError `conflict` where the copy differs. */
  private async copy(source: string, aside: string, sizeBytes: number): Promise<void> {
    const input = await open(source, 'r');
    try {
      const output = await open(aside, 'w+');
      try {
        if ((await input.stat()).size < sizeBytes)
          throw new AppError('conflict', 'A recording is shorter than the index says.');
        await this.eachPiece(sizeBytes, async (position, length) => {
          const piece = await readPiece(input, position, length);
          await writePiece(output, piece, position);
        });
        await output.datasync();
        await this.eachPiece(sizeBytes, async (position, length) => {
          const pieces = [readPiece(input, position, length), readPiece(output, position, length)] as const;
          const [wanted, written] = await Promise.all(pieces);
          if (!wanted.equals(written))
            throw new AppError(
              'conflict',
              'A copy differs from what was copied: one of the disks is not sound.',
            );
        });
      } finally {
        await output.close();
      }
    } finally {
      await input.close();
    }
  }

  /** Keeps to the pace, and waits while recording waits for a disk. Throws when the mover is being stopped. */
  private async eachPiece(
    sizeBytes: number,
    step: (position: number, length: number) => Promise<void>,
  ): Promise<void> {
    const { isBusy, bytesPerSecond = BYTES_PER_SECOND } = this.deps;
    for (let position = 0; position < sizeBytes; position += CHUNK_BYTES) {
      while (isBusy()) await this.wait(BUSY_WAIT_MS);
      const length = Math.min(CHUNK_BYTES, sizeBytes - position);
      const startedMs = performance.now();
      await step(position, length);
      await this.wait((length / bytesPerSecond) * 1000 - (performance.now() - startedMs));
    }
  }

  /** Real time, not a `Clock`'s: it is about the disk. */
  private async wait(ms: number): Promise<void> {
    this.abort.signal.throwIfAborted();
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    this.abort.signal.throwIfAborted();
  }
}

/** Deletes what is left in a folder: copies that are not whole, and files that no segment names and that are not `inUse`. Throws what the disk says. */
export async function clearLeftovers(
  volume: Volume,
  leftovers: Leftovers,
  inUse: (path: string) => boolean,
): Promise<void> {
  await rm(join(volume.path, ASIDE_FOLDER), { recursive: true, force: true });
  for (const path of leftovers.listLeftovers(volume.id))
    if (!inUse(path)) await removeLeftover(volume, path, leftovers);
}

async function removeLeftover(from: Volume, path: string, leftovers: Leftovers): Promise<void> {
  await rm(join(from.path, path), { force: true });
  leftovers.forgetLeftover(path, from.id);
  await removeEmptyFolders(from.path, path);
}

/** Beside the footage stands whose it is, wherever it goes. */
async function copyCameraFile(from: Volume, to: Volume, cameraId: string): Promise<void> {
  const target = join(to.path, cameraId, CAMERA_FILE);
  const isThere = await stat(target).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await copyFile(join(from.path, cameraId, CAMERA_FILE), target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function readPiece(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) throw new AppError('conflict', 'A recording ended while it was being copied.');
    at += bytesRead;
  }
  return bytes;
}

async function writePiece(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; )
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
}

/** Puts the new name on the disk too, where the system lets folders be flushed. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
