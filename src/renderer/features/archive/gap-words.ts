/** Why there is no footage, in words: short for a label, long with times for a note. Pure. */
import { t } from '@lingui/core/macro';
import type { Gap, GapCause } from '../../../shared/domain-storage.ts';
import { formatSpan } from '../../client/time-format.ts';

const CAUSE_WORDS: Record<GapCause, string> = {
  'engine-stopped': t`Recorder was not running`,
  'camera-unreachable': t`Camera unreachable`,
  'wrong-credentials': t`Wrong user name or password`,
  'camera-refused': t`Camera refused the stream`,
  'stream-stalled': t`Camera sent no pictures`,
  'stream-ended': t`Camera ended the stream`,
  'unsupported-stream': t`Stream cannot be recorded`,
  'disk-full': t`Disk full`,
  'disk-failed': t`Disk failed`,
  'disk-slow': t`Disk too slow`,
  'clock-step': t`Clock was set`,
  paused: t`Recording switched off`,
  connecting: t`No picture yet`,
  'no-event': t`No event`,
  deleted: t`Footage deleted`,
  'not-connected': t`Stored, but its drive is not connected`,
  unknown: t`Cause unknown`,
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
  return gap ? CAUSE_WORDS[gap.cause] : t`Nothing recorded`;
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
  if (gap.endEpochMs === null) return t`since ${formatTime(gap.startEpochMs)}`;
  const length = formatSpan(gap.endEpochMs - gap.startEpochMs);
  return t`${formatTime(gap.startEpochMs)} to ${formatTime(gap.endEpochMs)}, ${length}`;
}
