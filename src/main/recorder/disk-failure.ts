/** Disk errors in the user's words. */
import { messageOf } from '../../shared/errors.ts';

/** What a failed write means for the ledger, in the user's words. */
export function describeDiskFailure(error: unknown): {
  cause: 'disk-full' | 'disk-failed' | 'unknown';
  detail: string;
} {
  // A fault of ours, such as a time that no file can hold: the disk is not to blame.
  if (error instanceof RangeError || error instanceof TypeError)
    return { cause: 'unknown', detail: `A picture could not be stored: ${messageOf(error)}.` };
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return { cause: 'disk-full', detail: 'The disk for recordings is full.' };
  const words: Record<string, string> = {
    ENOENT: 'The folder for recordings has vanished.',
    EROFS: 'The disk for recordings cannot be written: it is read-only.',
    EACCES: 'The folder for recordings may not be written.',
    EPERM: 'The folder for recordings may not be written.',
    EIO: 'The disk for recordings reports errors.',
    EMFILE: 'Too many files are open.',
    ENFILE: 'Too many files are open.',
  };
  return {
    cause: 'disk-failed',
    detail: words[code ?? ''] ?? `The disk for recordings does not work: ${messageOf(error)}.`,
  };
}
