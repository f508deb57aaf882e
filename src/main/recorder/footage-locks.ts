/** Locked footage: who asked for what to be kept, how much that is, and how much it may be. In the database and beside the footage. */
import { randomUUID } from 'node:crypto';
import type { FootageLock } from '../../shared/domain-storage.ts';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { Logger } from '../platform/log.ts';
import { HeldTime } from './held-time.ts';
import { readLockFiles, writeLockFile } from './lock-file.ts';
import {
  bytesInWords,
  expiryInThePast,
  type Hold,
  isExpired,
  overlapsAny,
  refuseImpossible,
} from './lock-plan.ts';
import type { LockedBytesDeps } from './locked-bytes.ts';
import type { SegmentFileFacts } from './segment-index.ts';

/** What is kept of locks; the store implements it. */
export interface LockIndex {
  listLocks(): FootageLock[];
  /** Adds a lock or replaces the one of that id. */
  putLock(lock: FootageLock): void;
  removeLock(id: string): void;
}

export interface FootageLocksDeps extends LockedBytesDeps {
  /** The folders beside whose footage locks are noted: the recording folders that can be written. */
  roots(): readonly string[];
  /** Where they are read from: DATA/recordings; null while it is not there. */
  readFrom(): string | null;
  /** Absent: locks stand beside the footage alone. */
  store: LockIndex | undefined;
  /** How many bytes locks may hold now. */
  capBytes(): number;
  /** Some were made, changed or removed. */
  onChange?(): void;
  log: Logger;
}

export type NewLock = Pick<
  FootageLock,
  'cameraId' | 'startEpochMs' | 'endEpochMs' | 'reason' | 'createdBy' | 'expiresEpochMs'
>;

export class FootageLocks {
  private readonly deps: FootageLocksDeps;
  private readonly locks = new Map<string, FootageLock>();
  /** What is being read and must stay meanwhile, by reader. In memory only: who still reads after a restart says so again. */
  private readonly reading = new Map<string, readonly Hold[]>();
  /** By locks, and by locks and readers. */
  private readonly locked: HeldTime;
  private readonly held: HeldTime;
  private changes: Promise<unknown> = Promise.resolve();

  constructor(deps: FootageLocksDeps) {
    this.deps = deps;
    this.locked = new HeldTime(deps);
    this.held = new HeldTime(deps);
  }

  /**
   * Brings database and files together before anything is deleted. A lock is written to the database first and removed from it last:
   * what stands in one of them alone is what was lost from the other. Throws when the recordings folder cannot be read.
   */
  async start(): Promise<void> {
    const { readFrom, store, log } = this.deps;
    for (const lock of store?.listLocks() ?? []) this.locks.set(lock.id, lock);
    const root = readFrom();
    const { locks, unreadable } = root ? await readLockFiles(root) : { locks: [], unreadable: [] };
    for (const lock of locks) {
      if (this.locks.has(lock.id)) continue;
      this.locks.set(lock.id, lock);
      store?.putLock(lock);
      log.info({ cameraId: lock.cameraId, lockId: lock.id }, 'a lock was restored from beside the footage');
    }
    for (const { cameraId, error } of unreadable)
      log.error({ cameraId, problem: messageOf(error) }, 'locks.json cannot be read');
    this.refresh();
    const inFiles = new Set(locks.map(({ id }) => id));
    const missing = [...this.locks.values()].filter(({ id }) => !inFiles.has(id));
    for (const cameraId of new Set(missing.map((lock) => lock.cameraId))) {
      await this.write(cameraId).catch((error: unknown) =>
        log.error({ cameraId, problem: messageOf(error) }, 'locks.json cannot be written'),
      );
    }
  }

  /** Those that hold, the newest first. */
  list(cameraId?: string): FootageLock[] {
    this.refresh();
    return [...this.locks.values()]
      .filter((lock) => !isExpired(lock, this.deps.clock.epochMs()))
      .filter((lock) => cameraId === undefined || lock.cameraId === cameraId)
      .sort((a, b) => b.createdEpochMs - a.createdEpochMs);
  }

  /** Bytes of the segments that a lock keeps. */
  sizeOf(lock: Pick<FootageLock, 'cameraId' | 'startEpochMs' | 'endEpochMs'>): number {
    return this.locked.within(lock.cameraId, lock);
  }

  /** Time of a camera that must stay: merged, ascending. */
  rangesOf(cameraId: string): readonly EpochRange[] {
    return this.held.of(cameraId);
  }

  /** Whether a segment must stay. */
  holds({ cameraId, startEpochMs, durationMs }: SegmentFileFacts): boolean {
    return overlapsAny(this.rangesOf(cameraId), { startEpochMs, endEpochMs: startEpochMs + durationMs });
  }

  /** Footage has gone or come that locks may hold: what they hold is counted anew. */
  recount(): void {
    this.locked.recount();
    this.held.recount();
  }

  /** Bytes that must stay, of a camera or in all. */
  heldBytes(cameraId?: string): number {
    return this.held.bytes(cameraId);
  }

  /** Bytes that locks hold. */
  lockedBytes(cameraId?: string): number {
    return this.locked.bytes(cameraId);
  }

  /** Keeps what is about to be read. False, and nothing is kept, where that and the locks are more than locks may hold. */
  hold(reader: string, holds: readonly Hold[]): boolean {
    this.reading.delete(reader);
    this.reading.set(reader, holds);
    this.refresh();
    if (this.heldBytes() <= this.deps.capBytes()) return true;
    this.letGo(reader);
    return false;
  }

  letGo(reader: string): void {
    if (this.reading.delete(reader)) this.refresh();
  }

  /** Locks a range. Throws AppError `invalid-input` for an impossible range, `conflict` when nothing is recorded in it or it goes over the cap. */
  create(wanted: NewLock): Promise<FootageLock> {
    return this.inTurn(async () => {
      const now = this.deps.clock.epochMs();
      refuseImpossible(wanted, now);
      const lock: FootageLock = { ...wanted, id: randomUUID(), createdEpochMs: now };
      await this.refuseOverCap(lock);
      await this.store(lock, null);
      this.giveWay();
      this.deps.onChange?.();
      return lock;
    });
  }

  /** Changes reason or expiry. Throws AppError `not-found`, or `invalid-input` for an expiry in the past. */
  change(id: string, changes: Partial<Pick<FootageLock, 'reason' | 'expiresEpochMs'>>): Promise<FootageLock> {
    return this.inTurn(async () => {
      const before = this.find(id);
      const lock = { ...before, ...changes };
      if (isExpired(lock, this.deps.clock.epochMs())) throw expiryInThePast();
      await this.store(lock, before);
      this.deps.onChange?.();
      return lock;
    });
  }

  /** What it held may be deleted from now on. Throws AppError `not-found`, or `unavailable` when its file cannot be written. */
  remove(id: string): Promise<void> {
    return this.inTurn(() => this.drop([this.find(id)]));
  }

  /** Lets go of what has run out. */
  expire(): Promise<void> {
    return this.inTurn(async () => {
      this.refresh();
      const over = [...this.locks.values()].filter((lock) => isExpired(lock, this.deps.clock.epochMs()));
      if (over.length === 0) return;
      await this.drop(over);
      this.deps.log.info({ locks: over.length }, 'locks have run out');
    });
  }

  /** Throws AppError `conflict` while the camera has locked footage, with what would be lost. */
  refuseDeletion(cameraId: string, cameraName: string): void {
    const count = this.list(cameraId).length;
    if (count === 0) return;
    throw new AppError(
      'conflict',
      `${cameraName} has ${count === 1 ? 'a locked range' : `${count} locked ranges`} of footage (${bytesInWords(this.lockedBytes(cameraId))}) that would be lost. ` +
        `Remove ${count === 1 ? 'the lock' : 'the locks'} first.`,
    );
  }

  private find(id: string): FootageLock {
    const lock = this.locks.get(id);
    if (!lock || isExpired(lock, this.deps.clock.epochMs()))
      throw new AppError('not-found', 'There is no such lock: it was removed or has run out.');
    return lock;
  }

  /** What somebody wants kept goes before what is only being read. */
  private giveWay(): void {
    for (const reader of [...this.reading.keys()].reverse()) {
      if (this.heldBytes() <= this.deps.capBytes()) return;
      this.letGo(reader);
      this.deps.log.info({ reader }, 'a lock took the place of what an export keeps');
    }
  }

  private async refuseOverCap(lock: FootageLock): Promise<void> {
    if (this.sizeOf(lock) === 0)
      throw new AppError('conflict', 'Nothing is recorded of this camera in that time.');
    const held = this.lockedBytes();
    const more = this.locked.more(lock.cameraId, lock);
    const cap = this.deps.capBytes();
    if (held + more > cap)
      throw new AppError(
        'conflict',
        `This range holds ${bytesInWords(more)}. Locks hold ${bytesInWords(held)} already and may hold ${bytesInWords(cap)} in all, ` +
          'so that there is room for new recordings. Lock less, remove another lock, or raise their share of the storage.',
      );
  }

  /** In the database, then beside the footage; as it was `before` when that fails. */
  private async store(lock: FootageLock, before: FootageLock | null): Promise<void> {
    const { store } = this.deps;
    store?.putLock(lock);
    this.locks.set(lock.id, lock);
    this.refresh();
    try {
      await this.write(lock.cameraId);
    } catch (cause) {
      if (before) {
        this.locks.set(before.id, before);
        store?.putLock(before);
      } else {
        this.locks.delete(lock.id);
        store?.removeLock(lock.id);
      }
      this.refresh();
      throw notWritten(cause);
    }
  }

  private async drop(locks: readonly FootageLock[]): Promise<void> {
    for (const lock of locks) this.locks.delete(lock.id);
    for (const cameraId of new Set(locks.map((lock) => lock.cameraId))) {
      try {
        await this.write(cameraId);
      } catch (cause) {
        for (const lock of locks) this.locks.set(lock.id, lock);
        throw notWritten(cause);
      }
    }
    for (const lock of locks) this.deps.store?.removeLock(lock.id);
    this.refresh();
    this.deps.onChange?.();
  }

  private async write(cameraId: string): Promise<void> {
    const own = [...this.locks.values()].filter((lock) => lock.cameraId === cameraId);
    const roots = this.deps.roots();
    if (roots.length === 0) throw new Error('no recording folder can be written');
    for (const root of roots) await writeLockFile(root, cameraId, own);
  }

  private refresh(): void {
    const now = this.deps.clock.epochMs();
    const locks = [...this.locks.values()];
    this.locked.set(locks, now);
    this.held.set([...locks, ...[...this.reading.values()].flat()], now);
  }

  /** One change after the other: each sees what the one before has left. */
  private inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.changes.then(change);
    this.changes = done.catch(() => {}); // the caller hears of it
    return done;
  }
}

function notWritten(cause: unknown): AppError {
  return new AppError(
    'unavailable',
    'The lock could not be noted beside the footage: the disk for recordings does not take it.',
    {
      cause,
    },
  );
}
