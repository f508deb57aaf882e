/** Which gaps the ledger shows, as its address says it, and the words for their times. Pure. */
import { t } from '@lingui/core/macro';
import type { Gap } from '../../../shared/domain-storage.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { addDays, formatDay, formatMoment, formatTimeSeconds, startOfDay } from '../../client/time-format.ts';

/** `day`: any other day, chosen from the calendar. */
export type GapRangeChoice = 'today' | 'yesterday' | 'week' | 'day';

export interface GapRange extends EpochRange {
  choice: GapRangeChoice;
  /** 'today', 'on Tue 17 Nov': what follows 'No gaps'. */
  words: string;
}

/** `asked`: 'yesterday', 'week', or a moment of a day in epoch ms; everything else is today. Days are local and may be 23 or 25 h long. */
export function parseGapRange(asked: string | null, nowEpochMs: number): GapRange {
  const today = startOfDay(nowEpochMs);
  const tomorrow = addDays(today, 1);
  const yesterday = addDays(today, -1);
  if (asked === 'week')
    return {
      ...{ choice: 'week', startEpochMs: addDays(today, -6), endEpochMs: tomorrow },
      words: t`in the last 7 days`,
    };
  const moment = asked === null || asked === '' ? Number.NaN : Number(asked);
  const day = asked === 'yesterday' ? yesterday : startOfDay(moment);
  if (day === yesterday)
    return { choice: 'yesterday', startEpochMs: yesterday, endEpochMs: today, words: t`yesterday` };
  if (!(day < today)) return { choice: 'today', startEpochMs: today, endEpochMs: tomorrow, words: t`today` };
  return {
    ...{ choice: 'day', startEpochMs: day, endEpochMs: addDays(day, 1) },
    words: t`on ${formatDay(day, nowEpochMs)}`,
  };
}

/** '14:02:10 to 14:07:12'; days are named where they are not the one that is shown. */
export function gapSpanWords(
  { startEpochMs, endEpochMs }: Pick<Gap, 'startEpochMs' | 'endEpochMs'>,
  shown: Pick<GapRange, 'choice' | 'startEpochMs'>,
  nowEpochMs: number,
): string {
  const shownDay = shown.choice === 'week' ? null : shown.startEpochMs;
  const timeOf = (epochMs: number, knownDay: number | null) =>
    startOfDay(epochMs) === knownDay ? formatTimeSeconds(epochMs) : formatMoment(epochMs, nowEpochMs);
  const end = endEpochMs === null ? t`now` : timeOf(endEpochMs, startOfDay(startEpochMs));
  return t`${timeOf(startEpochMs, shownDay)} to ${end}`;
}
