/** What is seen of a reader's clock, in words. Pure. */
import { t } from '@lingui/core/macro';
import type { ReaderClock } from '../../../shared/access.ts';
import { formatSpan } from '../../client/time-format.ts';

/** Smaller differences change nothing for who was let in. */
const TOLERANCE_SECONDS = 2;

/** Whether what is set does not fit what is seen. */
export function isOff({ offsetSeconds, estimate }: ReaderClock): boolean {
  return estimate !== null && Math.abs(estimate.offsetSeconds - offsetSeconds) >= TOLERANCE_SECONDS;
}

export function estimateWords(clock: ReaderClock): string {
  const { estimate } = clock;
  if (!estimate) return t`Too few people have come through after its unlocks to judge its clock.`;
  const { explained, unlocks, offsetSeconds } = estimate;
  if (offsetSeconds === 0)
    return t`Its clock agrees with the cameras: ${explained} of ${unlocks} unlocks are followed by a person.`;
  const span = formatSpan(Math.abs(offsetSeconds) * 1000);
  const words =
    offsetSeconds > 0
      ? t`Its clock looks ${span} ahead of the cameras: ${explained} of ${unlocks} unlocks are followed by a person then.`
      : t`Its clock looks ${span} behind the cameras: ${explained} of ${unlocks} unlocks are followed by a person then.`;
  return isOff(clock) ? words : `${words} ${t`This is corrected.`}`;
}
