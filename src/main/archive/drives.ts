/** Removable drives: which are plugged in, what fits on them, and letting them go. Only what is found here is ever written to. */
import { stat, statfs } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { DriveView } from '../../shared/contract-exports.ts';
import { AppError } from '../../shared/errors.ts';
import { stableUuid } from '../platform/stable-uuid.ts';
import type { Target } from './export-target.ts';

/** A drive as the system tells of it. */
export interface SystemDrive {
  /** As `/dev/sdb1`, `E:`. */
  device: string;
  label: string;
  fileSystem: string;
  /** Where its files are; empty when it is not mounted. */
  mount: string;
  uuid: string;
  sizeBytes: number;
}

/** What the operating system knows and does about drives; see `drive-system.ts`. */
export interface DriveSystem {
  /** Those that can be taken out. */
  list(): Promise<SystemDrive[]>;
  /** Flushes and unmounts it, so that it can be pulled out. Throws with the system's words. */
  eject(drive: SystemDrive): Promise<void>;
}

export interface DrivesDeps {
  system: DriveSystem;
  /** Folders with data of the program: what they lie on is not for handing out. */
  ownFolders(): string[];
  /** Exports are being written to it. */
  isBusy(driveId: string): boolean;
}

/** The largest file of FAT: sizes are 32 bits there. */
const FAT_FILE_BYTES = 2 ** 32 - 1;

export class Drives {
  private readonly deps: DrivesDeps;

  constructor(deps: DrivesDeps) {
    this.deps = deps;
  }

  async list(): Promise<DriveView[]> {
    return Promise.all((await this.found()).map((drive) => this.view(drive)));
  }

  /** Its name for the user. Throws AppError `not-found` when it is not there. */
  async nameOf(driveId: string): Promise<string> {
    return nameOf(await this.find(driveId));
  }

  async isThere(driveId: string): Promise<boolean> {
    const drive = (await this.found()).find((one) => idOf(one) === driveId);
    return drive !== undefined && (await isMounted(drive));
  }

  /** Where exports go on it. Throws AppError `unavailable` when it cannot be written. */
  async target(driveId: string): Promise<Target> {
    const drive = await this.find(driveId);
    const { problem } = await this.view(drive);
    if (problem !== null) throw new AppError('unavailable', `“${nameOf(drive)}”: ${problem}`);
    const isFat = /^(vfat|msdos|fat(12|16|32)?|ms-dos.*)$/i.test(drive.fileSystem);
    return {
      root: drive.mount,
      place: `“${nameOf(drive)}”`,
      maxFileBytes: isFat ? FAT_FILE_BYTES : null,
      isRemovable: true,
    };
  }

  /** Throws AppError: not-found, conflict while it is written to, unavailable when the system does not let it go. */
  async eject(driveId: string): Promise<void> {
    const drive = await this.find(driveId);
    if (this.deps.isBusy(driveId))
      throw new AppError(
        'conflict',
        `An export to “${nameOf(drive)}” is not finished. Wait for it or cancel it.`,
      );
    await this.deps.system.eject(drive).catch((cause: unknown) => {
      throw new AppError(
        'unavailable',
        `“${nameOf(drive)}” could not be ejected: another program may be using it. Close its files, or eject it in the system's file manager.`,
        { cause },
      );
    });
  }

  private async find(driveId: string): Promise<SystemDrive> {
    const drive = (await this.found()).find((one) => idOf(one) === driveId);
    if (!drive) throw new AppError('not-found', 'This drive is not plugged in any more.');
    return drive;
  }

  private async found(): Promise<SystemDrive[]> {
    const own = this.deps.ownFolders().map((folder) => resolve(folder));
    const drives = await this.deps.system.list();
    return drives.filter(({ mount }) => mount === '' || !own.some((folder) => isWithin(folder, mount)));
  }

  private async view(drive: SystemDrive): Promise<DriveView> {
    const { fileSystem, sizeBytes } = drive;
    const known = { id: idOf(drive), name: nameOf(drive), fileSystem, sizeBytes };
    if (drive.mount === '')
      return { ...known, freeBytes: 0, problem: 'It is not mounted. Open it once in the file manager.' };
    try {
      const { bavail, bsize } = await statfs(drive.mount);
      const problem = (await isMounted(drive)) ? null : 'It is not mounted any more.';
      return { ...known, freeBytes: bavail * bsize, problem };
    } catch {
      return { ...known, freeBytes: 0, problem: 'It does not answer. Pull it out and plug it in again.' };
    }
  }
}

/** The same drive in the same place has the same id. */
function idOf({ device, uuid, mount }: SystemDrive): string {
  return stableUuid('drive', device, uuid, mount);
}

function nameOf({ label, device }: SystemDrive): string {
  return label || device;
}

/** After a drive was pulled out, the folder that it was mounted on may be left, on the system's own disk. */
async function isMounted({ mount }: SystemDrive): Promise<boolean> {
  if (mount === '') return false;
  if (process.platform === 'win32') return true;
  const [own, above] = await Promise.all([stat(mount), stat(dirname(mount))]).catch(() => []);
  return own !== undefined && above !== undefined && own.dev !== above.dev;
}

function isWithin(folder: string, mount: string): boolean {
  const path = relative(join(mount, '/'), folder);
  return path === '' || (!path.startsWith('..') && path !== folder);
}
