/** Room on disks for an export: how much is needed where, and words for where there is none. */
import { statfs } from 'node:fs/promises';
import type { ExportJob } from '../../shared/contract-exports.ts';
import { AppError } from '../../shared/errors.ts';
import { bytesInWords } from '../recorder/lock-plan.ts';
import { ENCODED_GROWTH, isChanged, type Piece, wantsCopy } from './export-pieces.ts';
import type { Target } from './export-target.ts';

/** Bytes that an export needs at most at one time. */
export interface Room {
  /** Where it is written. */
  target: number;
  /** On the disk of the recorder, for a file that is encoded there and copied to a drive. */
  scratch: number;
  /** Some of it is encoded: nobody knows before how large it becomes. */
  isGuess: boolean;
}

/** Pictures of a time lapse are less like the ones before them: each costs so many times what one did. */
const LAPSE_COST = 5;
/** Left free on a disk: a page, a manifest, directories. */
const SPARE_BYTES = 8 * 1024 * 1024;
const OWN_DISK = "the recorder's own disk";

/** Pure. */
export function planRoom(
  job: Pick<ExportJob, 'form' | 'options'>,
  pieces: readonly Piece[],
  isRemovable: boolean,
): Room {
  let [target, largest] = [0, 0];
  for (const piece of pieces) {
    const encoded = piece.estimatedBytes * ENCODED_GROWTH * lapseShare(job);
    const isEncoded = 'part' in piece.source && isChanged(job);
    const hasCopy = wantsCopy(job, piece);
    target += (isEncoded ? encoded : piece.estimatedBytes) + (hasCopy ? encoded : 0);
    if (isEncoded || hasCopy) largest = Math.max(largest, encoded);
  }
  // What is read back or signed is copied from where it was encoded, and for a while there twice.
  const isTwice = !isRemovable && job.form === 'evidence';
  return {
    target: target + (isTwice ? largest : 0),
    scratch: isRemovable ? largest : 0,
    isGuess: largest > 0,
  };
}

function lapseShare({ options }: Pick<ExportJob, 'options'>): number {
  return options.timeLapse === null ? 1 : Math.min(1, LAPSE_COST / options.timeLapse);
}

/** Throws AppError `unavailable` that says where how much is missing. `scratchRoot`: on the disk of the recorder. */
export async function refuseWithoutRoom(room: Room, target: Target, scratchRoot: string): Promise<void> {
  await refuse(target.root, target.place, room.target, room.isGuess);
  if (room.scratch === 0) return;
  await refuse(scratchRoot, `${OWN_DISK}, where the pictures are encoded first`, room.scratch, true);
}

async function refuse(root: string, place: string, bytes: number, isGuess: boolean): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  const needed = bytes + SPARE_BYTES;
  if (needed <= free) return;
  const words = isGuess
    ? `up to ${bytesInWords(needed)} may be needed`
    : `about ${bytesInWords(needed)} are needed`;
  throw new AppError(
    'unavailable',
    `There is not enough room on ${place}: ${words}, ${bytesInWords(free)} are free.`,
  );
}

/** The system's error in the user's words, where a disk is full or takes no file as large; else the error itself. `drive`: null for the recorder's own disk. */
export function inWordsOfDisk(cause: unknown, drive: Pick<Target, 'place'> | null): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  const disk = drive ? `The drive ${drive.place}` : `T${OWN_DISK.slice(1)}`;
  if (code === 'EFBIG') {
    const advice = drive ? ', or use a drive that is formatted with exFAT' : '';
    const words = `${disk} cannot take files this large. Export a shorter time${advice}.`;
    return new AppError('unavailable', words, { cause });
  }
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return cause;
  return new AppError('unavailable', `${disk} is full. Free some space on it and export again.`, { cause });
}
