/** Adds, changes and removes recording folders. A folder that holds recordings leaves only when they have gone to the others. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FolderContents } from '../../shared/contract-health.ts';
import type { RecordingFolder } from '../../shared/domain-storage.ts';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { Logger } from '../platform/log.ts';
import { removeEmptiedCameras } from './camera-file.ts';
import { describeDiskFailure, folderWords } from './disk-failure.ts';
import type { VolumeIndex } from './first-folder.ts';
import { measureSpeed, refuseFolder } from './folder-check.ts';
import { giveUpFootage, listContents } from './give-up.ts';
import { bytesInWords } from './lock-plan.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';
import { MARK_FILE, readMark, type VolumeMark, writeMark } from './volume-mark.ts';
import type { Volume } from './volume-plan.ts';
import type { Volumes } from './volumes.ts';

/** What is kept of folders; the store implements it. */
export interface FolderStore extends VolumeIndex {
  addVolume(volume: Omit<Volume, 'id'>): { id: number };
  removeVolume(id: number): void;
}

export interface RecordingFoldersDeps {
  dataDir: string;
  volumes: Volumes;
  store: FolderStore;
  index: SegmentIndex;
  ledger: Ledger;
  /** Footage was given up. */
  onGivenUp?(): void;
  log: Logger;
}

export class RecordingFolders {
  private readonly deps: RecordingFoldersDeps;
  /** One change at a time. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(deps: RecordingFoldersDeps) {
    this.deps = deps;
  }

  /** Takes a folder into use. Returns its number and how fast it was written; throws AppError `invalid-input` for one that cannot be taken. */
  add(folder: RecordingFolder): Promise<{ id: number; bytesPerSecond: number }> {
    return this.inTurn(async () => {
      const { dataDir, volumes, store, log } = this.deps;
      const path = resolve(folder.path);
      await refuseFolder(path, [dataDir, ...volumes.all().map(({ volume }) => volume.path)]);
      const bytesPerSecond = await measureSpeed(path);
      const { uuid } = await this.markOf(path);
      const { id } = store.addVolume({ ...settingsOf(folder), uuid, path });
      log.info({ folder: path, role: folder.role, bytesPerSecond }, 'a recording folder was added');
      await volumes.take(id);
      return { id, bytesPerSecond };
    });
  }

  /** Takes effect at the next segment. Throws AppError `conflict` where no folder for new recordings would be left. */
  change(id: number, change: FolderSettings): Promise<void> {
    return this.inTurn(() => this.put(this.find(id), settingsOf(change)));
  }

  /** As `add` or `change`: for a file that says how it is to be. A folder whose drive is away is changed all the same. */
  async ensure(folder: RecordingFolder): Promise<void> {
    const path = resolve(folder.path);
    const known = this.deps.volumes.all().find(({ volume }) => volume.path === path);
    if (known) await this.change(known.volume.id, folder);
    else await this.add(folder);
  }

  /**
   * Takes a folder out of use: at once where it holds nothing; otherwise, with `move`, when all that it holds has gone to other folders.
   * DATA/recordings stays known, unused. Throws AppError `conflict` for one that holds recordings, and for the last one for new recordings.
   */
  remove(id: number, { move }: { move: boolean }): Promise<void> {
    return this.inTurn(async () => {
      const { index } = this.deps;
      const volume = this.find(id);
      if (index.holdsSegments(id) && !move)
        throw new AppError(
          'conflict',
          `“${volume.path}” holds ${bytesInWords(index.usedBytes({ volumeIds: [id] }))} of recordings, which would be lost. Let them be moved to the other folders first.`,
        );
      await this.put(volume, { ...settingsOf(volume), role: 'leaving' });
      await this.forget(id);
    });
  }

  /** How much of which days lies in a folder. */
  contents(id: number): Promise<FolderContents> {
    return listContents(this.deps.index, this.find(id).id);
  }

  /**
   * Takes a folder whose drive is away out of use, with what it holds: that leaves the index, and the ledger says that it is lost. The mark in the
   * folder is left: found again, it can be added again. DATA/recordings stays known, unused. Throws AppError `conflict` for a folder that is there, for one
   * that comes back meanwhile, and for the last one for new recordings.
   */
  giveUp(id: number): Promise<void> {
    return this.inTurn(async () => {
      const { volumes, onGivenUp, log } = this.deps;
      const volume = this.find(id);
      const isBack = () => volumes.isPresent(id);
      const refusal = (what: string) => new AppError('conflict', `“${volume.path}” ${what}`);
      await volumes.checkAll();
      if (isBack()) throw refusal('is there. Let its recordings be moved to the other folders instead.');
      await this.put(volume, { ...settingsOf(volume), role: 'leaving' });
      const isDone = await giveUpFootage(this.deps, volume, isBack);
      onGivenUp?.();
      if (!isDone) {
        await this.put(volume, settingsOf(volume));
        throw refusal('has come back. It stays in use, and what was given up already is found in it again.');
      }
      log.warn({ folder: volume.path }, 'a recording folder was given up with what it held');
      await this.forget(id, { keepFiles: true });
    });
  }

  /** Folders that were to leave and are empty now are forgotten. */
  async forgetEmptied(): Promise<void> {
    const leaving = this.deps.volumes.all().filter(({ volume }) => volume.role === 'leaving');
    for (const { volume } of leaving) await this.inTurn(() => this.forget(volume.id));
  }

  private async put(volume: Volume, settings: Pick<Volume, 'role'> & Partial<Volume>): Promise<void> {
    const { volumes, store } = this.deps;
    const changed = { ...volume, ...settings };
    const others = volumes.all().filter((known) => known.volume.id !== volume.id);
    if (![changed, ...others.map((known) => known.volume)].some(({ role }) => role === 'record'))
      throw new AppError('conflict', 'No folder for new recordings would be left. Add another one first.');
    store.putVolume({ ...changed, path: volume.id === 0 ? null : volume.path });
    await volumes.reload();
  }

  private async forget(id: number, { keepFiles = false } = {}): Promise<void> {
    const { volumes, store, index, log } = this.deps;
    const volume = volumes.find(id);
    if (volume?.role !== 'leaving' || index.holdsSegments(id)) return;
    if (!keepFiles && volumes.isPresent(id)) await this.tidy(volume, () => removeEmptiedCameras(volume.path));
    if (id === 0) return;
    store.removeVolume(id);
    await volumes.reload();
    if (!keepFiles) await this.tidy(volume, () => rm(join(volume.path, MARK_FILE), { force: true }));
    log.info({ folder: volume.path }, 'a recording folder was taken out of use');
  }

  /** What cannot be deleted in a folder that leaves does no harm. */
  private async tidy({ path }: Volume, remove: () => Promise<void>): Promise<void> {
    await remove().catch((error: unknown) =>
      this.deps.log.warn(
        { folder: path, problem: messageOf(error) },
        'some files of a recording folder are left',
      ),
    );
  }

  /** The mark of a new folder: one of ours that is there already, from before the database was lost, is kept. */
  private async markOf(path: string): Promise<VolumeMark> {
    const { store } = this.deps;
    const installation = store.installation();
    try {
      const found = await readMark(path);
      if (found && found.installation !== installation)
        throw new AppError(
          'conflict',
          `“${path}” belongs to another installation of this program. If that one is gone, delete the file ${MARK_FILE} in it and add the folder again.`,
        );
      const isKnown = store.listVolumes().some(({ uuid }) => uuid === found?.uuid);
      if (found && !isKnown) return found;
      const mark = { uuid: randomUUID(), installation };
      await writeMark(path, mark);
      return mark;
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('invalid-input', describeDiskFailure(cause, folderWords(path)).detail, { cause });
    }
  }

  private find(id: number): Volume {
    const volume = this.deps.volumes.find(id);
    if (!volume) throw new AppError('not-found', 'There is no such recording folder.');
    return volume;
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.last.then(action);
    this.last = turn.catch(() => {}); // told to whoever asked
    return turn;
  }
}

interface FolderSettings {
  role: Volume['role'];
  afterDays?: number | null | undefined;
  minFreeBytes?: number | null | undefined;
  maxBytes?: number | null | undefined;
}

function settingsOf(settings: FolderSettings): Omit<Volume, 'id' | 'uuid' | 'path'> {
  const { role, afterDays = null, minFreeBytes = null, maxBytes = null } = settings;
  return { role, afterDays: role === 'archive' ? afterDays : null, minFreeBytes, maxBytes };
}
