/** What is seen of a reader's clock, in words. Pure. */
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
  if (!estimate) return 'Too few people have come through after its unlocks to judge its clock.';
  const seen = `${estimate.explained} of ${estimate.unlocks} unlocks are followed by a person`;
  if (estimate.offsetSeconds === 0) return `Its clock agrees with the cameras: ${seen}.`;
  const side = estimate.offsetSeconds > 0 ? 'ahead of' : 'behind';
  const words = `Its clock looks ${formatSpan(Math.abs(estimate.offsetSeconds) * 1000)} ${side} the cameras: ${seen} then`;
  return isOff(clock) ? `${words}.` : `${words}. This is corrected.`;
}
