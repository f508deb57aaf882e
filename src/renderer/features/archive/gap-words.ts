/** Why there is no footage, in words: short for a label, long with times for a note. Pure. */
import type { Gap, GapCause } from '../../../shared/domain-storage.ts';
import { formatSpan } from '../../client/time-format.ts';

const CAUSE_WORDS: Record<GapCause, string> = {
  'engine-stopped': 'Recorder was not running',
  'camera-unreachable': 'Camera unreachable',
  'wrong-credentials': 'Wrong user name or password',
  'camera-refused': 'Camera refused the stream',
  'stream-stalled': 'Camera sent no pictures',
  'stream-ended': 'Camera ended the stream',
  'unsupported-stream': 'Stream cannot be recorded',
  'disk-full': 'Disk full',
  'disk-failed': 'Disk failed',
  'disk-slow': 'Disk too slow',
  'clock-step': 'Clock was set',
  paused: 'Recording switched off',
  connecting: 'No picture yet',
  'no-event': 'No event',
  deleted: 'Footage deleted',
  'not-connected': 'Stored, but its drive is not connected',
  unknown: 'Cause unknown',
};

/** Time in which nothing was wanted, or nothing could be yet. */
const NO_LOSS: ReadonlySet<GapCause> = new Set([
  'paused',
  'deleted',
  'connecting',
  'no-event',
  'not-connected',
]);

export function causeWords(gap: Pick<Gap, 'cause'> | null): string {
  return gap ? CAUSE_WORDS[gap.cause] : 'Nothing recorded';
}

/** Whether footage that was wanted is missing. */
export function isLoss({ cause }: Pick<Gap, 'cause'>): boolean {
  return !NO_LOSS.has(cause);
}

/** '14:02:10 to 14:07:12, 5 min 2 s' or 'since 14:02:10'. */
export function gapTimes(
  gap: { startEpochMs: number; endEpochMs: number | null },
  formatTime: (epochMs: number) => string,
): string {
  if (gap.endEpochMs === null) return `since ${formatTime(gap.startEpochMs)}`;
  const length = formatSpan(gap.endEpochMs - gap.startEpochMs);
  return `${formatTime(gap.startEpochMs)} to ${formatTime(gap.endEpochMs)}, ${length}`;
}
