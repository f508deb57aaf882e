/** Opens the data folder: why it cannot be used, in the user's words. Part of the composition root. */
import { AppError, messageOf } from '../shared/errors.ts';

const FULL = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'];
const READ_ONLY = ['EROFS', 'EACCES', 'EPERM'];

/** Runs a step that needs the data folder. Throws AppError `unavailable` where the disk is to blame, else what the step throws. */
export function inDataFolder<T>(dataDir: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    const problem = problemOf(cause);
    if (problem === null) throw cause;
    throw new AppError('unavailable', `The data folder “${dataDir}” cannot be used: ${problem}`, { cause });
  }
}

function problemOf(cause: unknown): string | null {
  const code = (cause as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return null;
  if (FULL.includes(code)) return 'its disk is full. Free some space and start again; nothing is lost.';
  if (READ_ONLY.includes(code) || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return 'it cannot be written.';
  if (code === 'EIO' || code.startsWith('SQLITE_IOERR'))
    return `its disk reports errors (${messageOf(cause)}).`;
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB')
    return 'its database is damaged. Put back a backup of threshold.db, or move it away: footage, cameras and locks are found again from the files.';
  return null;
}
