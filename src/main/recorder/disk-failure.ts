/** Disk errors in the user's words. */
import { messageOf } from '../../shared/errors.ts';

/** A recording folder that is not there, in words that name it. */
export class FolderAbsentError extends Error {
  override readonly name = 'FolderAbsentError';
}

export interface DiskFailure {
  cause: 'disk-full' | 'disk-failed' | 'unknown';
  /** In the user's words. */
  detail: string;
}

/** How a folder is spoken of; the only one needs no name. */
export interface FolderWords {
  folder: string;
  disk: string;
}

export const ONLY_FOLDER: FolderWords = {
  folder: 'The folder for recordings',
  disk: 'The disk for recordings',
};

export function folderWords(path: string): FolderWords {
  return { folder: `The recording folder “${path}”`, disk: `The disk of “${path}”` };
}

/** What a failed write means for the ledger, in the user's words. */
export function describeDiskFailure(
  error: unknown,
  { folder, disk }: FolderWords = ONLY_FOLDER,
): DiskFailure {
  // A fault of ours, such as a time that no file can hold: the disk is not to blame.
  if (error instanceof RangeError || error instanceof TypeError)
    return { cause: 'unknown', detail: `A picture could not be stored: ${messageOf(error)}.` };
  if (error instanceof FolderAbsentError) return { cause: 'disk-failed', detail: error.message };
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return { cause: 'disk-full', detail: `${disk} is full.` };
  const words: Record<string, string> = {
    ENOENT: `${folder} has vanished.`,
    EROFS: `${disk} cannot be written: it is read-only.`,
    EACCES: `${folder} may not be written.`,
    EPERM: `${folder} may not be written.`,
    EIO: `${disk} reports errors.`,
    EMFILE: 'Too many files are open.',
    ENFILE: 'Too many files are open.',
  };
  return {
    cause: 'disk-failed',
    detail: words[code ?? ''] ?? `${disk} does not work: ${messageOf(error)}.`,
  };
}
