/**
 * The recording folders: where a segment's file lies, where the next one goes, and whether each folder is there. Everything that reads
 * or writes footage asks here; nothing else knows a folder's path. A folder whose mark is missing is not there, whatever stands in its place.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import {
  type DiskFailure,
  describeDiskFailure,
  FolderAbsentError,
  type FolderWords,
  folderWords,
  ONLY_FOLDER,
} from './disk-failure.ts';
import { firstVolume, prepareFirstFolder, type VolumeIndex } from './first-folder.ts';
import { absentBecause, lookAt, whyMissing, withinAnswerTime } from './volume-look.ts';
import {
  type KnownVolume,
  planRecordVolume,
  UNKNOWN,
  type Volume,
  type VolumeCondition,
  whyNone,
} from './volume-plan.ts';

export interface VolumesDeps {
  /** Folder 0, DATA/recordings. */
  root: string;
  /** Absent: there is folder 0 alone, and no marks. */
  store?: VolumeIndex;
  /** The folder in which a segment lies now; null when it is gone. Absent: none is ever moved. */
  volumeOf?(path: string): number | null;
  clock: Clock;
  log: Logger;
}

/** Where a segment is written. */
export interface Place {
  volumeId: number;
  /** The folder, absolute. */
  root: string;
}

/** A drive that comes back is noticed within this. */
const CHECK_EVERY_MS = 2000;
/** After a failed write a folder is left alone for so long while there is another. */
const FAILING_MS = 10_000;

export class Volumes {
  private readonly deps: VolumesDeps;
  private list: Volume[] = [];
  private readonly conditions = new Map<number, VolumeCondition>();
  private readonly failingUntilMs = new Map<number, number>();
  /** Folders in which a write has failed, to be repaired once they work again. */
  private readonly damaged = new Set<number>();
  /** Checks that the disk has not answered yet. */
  private readonly asked = new Map<number, Promise<void>>();
  private readonly returned = new Set<(volume: Volume) => void>();
  private firstProblem: unknown = null;
  private cancelTick: (() => void) | null = null;
  private stopped = false;

  constructor(deps: VolumesDeps) {
    this.deps = deps;
  }

  /** Makes folder 0 where this is the first start, and looks at all of them. Never throws: what is wrong is their condition. */
  async start(): Promise<void> {
    await this.prepareFirst();
    await this.reload();
    this.tick();
  }

  stop(): void {
    this.stopped = true;
    this.cancelTick?.();
  }

  /** The list of folders has changed. */
  async reload(): Promise<void> {
    const { store, root } = this.deps;
    const stored = store?.listVolumes().map((volume) => ({ ...volume, path: volume.path ?? root })) ?? [];
    const hasFirst = stored.some(({ id }) => id === 0);
    this.list = hasFirst ? stored : [firstVolume(root), ...stored];
    await this.checkAll();
  }

  /** A folder has been added: it is taken up like one that has come back. */
  async take(volumeId: number): Promise<void> {
    this.damaged.add(volumeId);
    await this.reload();
  }

  /** Calls `listener` with each folder that was not there, or could not be written, and can again; returns the undo. */
  onReturn(listener: (volume: Volume) => void): () => void {
    this.returned.add(listener);
    return () => this.returned.delete(listener);
  }

  all(): KnownVolume[] {
    const now = this.deps.clock.monotonicMs();
    return this.list.map((volume) => ({
      volume,
      condition: this.conditions.get(volume.id) ?? UNKNOWN,
      failing: (this.failingUntilMs.get(volume.id) ?? 0) > now,
    }));
  }

  /** Folders that are there, the first one first. */
  present(): Volume[] {
    return this.all()
      .filter(({ condition }) => condition.state !== 'absent')
      .map(({ volume }) => volume);
  }

  isPresent(volumeId: number): boolean {
    return this.present().some(({ id }) => id === volumeId);
  }

  /** Folders that are there and can be written. */
  writable(): Volume[] {
    return this.all()
      .filter(({ condition: { state } }) => state !== 'absent' && state !== 'read-only')
      .map(({ volume }) => volume);
  }

  /** Folders that are not there. */
  absent(): Volume[] {
    return this.all()
      .filter(({ condition }) => condition.state === 'absent')
      .map(({ volume }) => volume);
  }

  /** Absolute paths of all recording folders. */
  folders(): string[] {
    return this.list.map(({ path }) => path);
  }

  find(volumeId: number): Volume | null {
    return this.list.find(({ id }) => id === volumeId) ?? null;
  }

  /** Absolute path of a segment's file. Throws AppError `unavailable` for a folder that is configured no more. */
  pathOf({ volumeId, path }: Pick<SegmentRecord, 'volumeId' | 'path'>): string {
    const volume = this.find(volumeId);
    if (!volume)
      throw new AppError('unavailable', 'This recording is in a folder that has been taken out of use.');
    return join(volume.path, path);
  }

  /** Opens a segment's file for reading. Throws AppError: `unavailable` while its drive is away, `not-found` when the file is gone. */
  async open(segment: Pick<SegmentRecord, 'volumeId' | 'path'>): Promise<FileHandle> {
    try {
      return await open(this.pathOf(segment), 'r');
    } catch (cause) {
      // Moved since it was listed?
      const volumeId = this.deps.volumeOf?.(segment.path) ?? segment.volumeId;
      if (volumeId !== segment.volumeId) return this.open({ ...segment, volumeId });
      const volume = this.find(volumeId);
      if (volume && !(await this.confirm(volume)))
        throw new AppError(
          'unavailable',
          `This recording is on the drive “${volume.path}”, which is not connected.`,
          { cause },
        );
      throw new AppError('not-found', 'This recording is no longer there.', { cause });
    }
  }

  /** Where the next segment goes; its mark has just been seen. Throws FolderAbsentError when no folder for recording is there. */
  async place(key: string): Promise<Place> {
    const away: number[] = [];
    for (let askedAll = false; ; ) {
      const chosen = planRecordVolume(
        this.all().filter(({ volume }) => !away.includes(volume.id)),
        key,
      );
      if (!chosen) {
        if (askedAll) throw new FolderAbsentError(whyNone(this.all()));
        askedAll = true; // one that has come back since the last look?
        await this.checkAll();
        continue;
      }
      const { id, path } = chosen.volume;
      if (await this.confirm(chosen.volume)) return { volumeId: id, root: path };
      away.push(id);
    }
  }

  /** A write has failed: the folder is left alone for a while if there is another. Says whether there is, and what to tell. */
  noteFailure(volumeId: number, error: unknown): DiskFailure & { hasOther: boolean } {
    const { clock } = this.deps;
    const volume = this.find(volumeId);
    const failure = describeDiskFailure(error, volume ? this.wordsOf(volume) : undefined);
    if (failure.cause !== 'unknown') {
      this.failingUntilMs.set(volumeId, clock.monotonicMs() + FAILING_MS);
      this.damaged.add(volumeId);
    }
    const hasOther = this.all().some(
      (known) => known.volume.role === 'record' && known.condition.state === 'present' && !known.failing,
    );
    return { ...failure, hasOther };
  }

  /** A file could be made: a folder that failed is repaired at the next look, not only after a while. */
  noteSuccess(volumeId: number): void {
    this.failingUntilMs.delete(volumeId);
  }

  /** Whether a folder is really there, asked just now. */
  async confirm(volume: Volume): Promise<boolean> {
    const problem = await whyMissing(volume, this.wordsOf(volume), this.firstProblem);
    if (problem === null) return true;
    this.setCondition(volume, absentBecause(problem));
    return false;
  }

  /** Looks at all folders now. Ends after `ANSWER_MS` even where a disk does not answer. */
  async checkAll(): Promise<void> {
    await Promise.all(this.list.map((volume) => this.check(volume)));
    this.tellOfReturned();
  }

  /** The only folder needs no name. */
  private wordsOf(volume: Volume): FolderWords {
    return this.list.length > 1 ? folderWords(volume.path) : ONLY_FOLDER;
  }

  private tick(): void {
    if (this.stopped) return;
    this.cancelTick = this.deps.clock.after(CHECK_EVERY_MS, () => {
      void this.lookAgain()
        .catch((error: unknown) =>
          this.deps.log.error({ problem: messageOf(error) }, 'recording folders could not be looked at'),
        )
        .finally(() => this.tick());
    });
  }

  private async lookAgain(): Promise<void> {
    if (!this.firstProblem) return this.checkAll();
    await this.prepareFirst();
    await this.reload();
  }

  /** One question at a time to each disk: one that hangs must not take all of the threads that wait for disks. */
  private async check(volume: Volume): Promise<void> {
    const running = this.asked.get(volume.id);
    const asked =
      running ??
      lookAt(volume, this.wordsOf(volume), this.firstProblem)
        .then((condition) => this.setCondition(volume, condition))
        .finally(() => this.asked.delete(volume.id));
    this.asked.set(volume.id, asked);
    await withinAnswerTime(asked, () => {
      this.setCondition(volume, absentBecause(`${this.wordsOf(volume).disk} does not answer.`));
    });
  }

  private setCondition(volume: Volume, condition: VolumeCondition): void {
    const before = this.conditions.get(volume.id);
    if (!this.find(volume.id)) return; // taken out of use while the disk was asked
    this.conditions.set(volume.id, condition);
    if (condition.state === before?.state) return;
    const facts = { folder: volume.path, state: condition.state, problem: condition.problem };
    if (condition.state !== 'present') this.deps.log.warn(facts, 'a recording folder cannot be used');
    else if (before) this.deps.log.info(facts, 'a recording folder can be used again');
    if (before?.state === 'absent') this.damaged.add(volume.id);
  }

  /** A folder that works again is told of, once. */
  private tellOfReturned(): void {
    for (const { volume, condition, failing } of this.all()) {
      if (condition.state === 'absent' || failing || !this.damaged.delete(volume.id)) continue;
      for (const listener of this.returned) listener(volume);
    }
  }

  private async prepareFirst(): Promise<void> {
    try {
      await prepareFirstFolder(this.deps.root, this.deps.store);
      this.firstProblem = null;
    } catch (error) {
      if (!this.firstProblem)
        this.deps.log.error({ problem: messageOf(error) }, 'the folder for recordings cannot be made');
      this.firstProblem = error;
    }
  }
}
