/** Looks at one recording folder: is it there, can it be written, how much is free. Knows of no other folder. */
import { access, constants, stat, statfs } from 'node:fs/promises';
import { describeDiskFailure, type FolderWords } from './disk-failure.ts';
import { readMark } from './volume-mark.ts';
import type { Volume, VolumeCondition } from './volume-plan.ts';

/** With less free than this no segment can be begun. */
const FULL_BELOW_BYTES = 1024 * 1024;
/** A folder that does not answer for so long (a network share, a dying disk) counts as not there. */
const ANSWER_MS = 5000;
const ANSWER_PIECES = 10;

/** A folder that is not there, and why. */
export function absentBecause(problem: string): VolumeCondition {
  return { state: 'absent', problem, freeBytes: 0, totalBytes: 0, device: null };
}

/** Never throws. `firstProblem`: why DATA/recordings could not be made. */
export async function lookAt(
  volume: Volume,
  words: FolderWords,
  firstProblem: unknown,
): Promise<VolumeCondition> {
  const problem = await whyMissing(volume, words, firstProblem);
  if (problem !== null) return absentBecause(problem);
  try {
    const { bavail, blocks, bsize } = await statfs(volume.path);
    const { dev: device } = await stat(volume.path);
    const space = { freeBytes: bavail * bsize, totalBytes: blocks * bsize, device };
    const refused = await access(volume.path, constants.W_OK).catch((error: unknown) => error);
    if (refused) return { ...space, state: 'read-only', problem: describeDiskFailure(refused, words).detail };
    if (space.freeBytes < FULL_BELOW_BYTES)
      return { ...space, state: 'full', problem: `${words.disk} is full.` };
    return { ...space, state: 'present', problem: null };
  } catch (error) {
    return absentBecause(describeDiskFailure(error, words).detail);
  }
}

/** Why a folder is not there; null when it is. Never throws. */
export async function whyMissing(
  { path, uuid }: Volume,
  words: FolderWords,
  firstProblem: unknown,
): Promise<string | null> {
  try {
    if (uuid === '') {
      if (firstProblem) return describeDiskFailure(firstProblem, words).detail;
      await statfs(path);
      return null;
    }
    const mark = await readMark(path);
    if (mark?.uuid === uuid) return null;
    return mark
      ? `${words.folder} is another one than before: its mark is that of a different folder.`
      : `${words.folder} is not there: the drive is not connected, or the mark in it is gone.`;
  } catch (error) {
    return describeDiskFailure(error, words).detail;
  }
}

/** Waits for a disk's answer; calls `onSilent` and goes on where it does not come in time. */
export async function withinAnswerTime(answer: Promise<void>, onSilent: () => void): Promise<void> {
  // Real time, not a `Clock`'s: it is about the disk. In pieces: while the engine itself stood still (a laptop asleep) nobody listened.
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<void>((resolve) => {
    const wait = (pieces: number): void => {
      timer = setTimeout(() => {
        if (pieces > 1) return wait(pieces - 1);
        onSilent();
        resolve();
      }, ANSWER_MS / ANSWER_PIECES);
    };
    wait(ANSWER_PIECES);
  });
  await Promise.race([answer, silent]);
  clearTimeout(timer);
}
