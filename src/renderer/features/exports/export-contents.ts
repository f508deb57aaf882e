/** What is missing of the time that was asked for, in words. */
import { plural, t } from '@lingui/core/macro';
import type { ExportContent, ExportJob } from '../../../shared/contract-exports.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/units.ts';
import { formatMoment, formatSpan, formatTimeSeconds, startOfDay } from '../../client/time-format.ts';

/** Less than this in all is nobody's loss. */
const TOLD_MS = 1000;

/** One sentence per camera that not all is there of; none for what is whole, and for what is not done. */
export function missingWords({
  cameras,
  contents,
  fromEpochMs,
}: Pick<ExportJob, 'cameras' | 'contents' | 'fromEpochMs'>): string[] {
  return (contents ?? [])
    .filter(({ askedMs, recordedMs }) => askedMs - recordedMs >= TOLD_MS)
    .map((content) => {
      const name = cameras.find(({ id }) => id === content.cameraId)?.name ?? '';
      const words = wordsOf(content, fromEpochMs);
      return cameras.length > 1 ? t`${name}: ${words}` : words;
    });
}

function wordsOf({ askedMs, recordedMs, gapCount, gaps }: ExportContent, jobFromEpochMs: number): string {
  const [asked, recorded] = [formatSpan(askedMs), formatSpan(recordedMs)];
  if (recordedMs === 0) return t`nothing of ${asked} is in it`;
  const missingMs = askedMs - recordedMs;
  const missing = formatSpan(missingMs);
  // '5 h of 5 h' would say nothing.
  const isLittle = missingMs < MINUTE_MS && askedMs >= HOUR_MS;
  const share = isLittle ? t`${missing} of ${asked} are missing` : t`${recorded} of ${asked} are in it`;
  const [first] = gaps;
  if (!first) return share;
  const from = momentWords(first.fromEpochMs, jobFromEpochMs);
  const to = momentWords(first.toEpochMs, first.fromEpochMs);
  const left = plural(gapCount, {
    one: `a gap is left out, ${from} to ${to}`,
    other: `# gaps are left out, the first ${from} to ${to}`,
  });
  return `${share}; ${left}`;
}

/** With the day where that is another one than of what was said before. */
function momentWords(epochMs: number, saidEpochMs: number): string {
  const isSameDay = startOfDay(epochMs) === startOfDay(saidEpochMs);
  return isSameDay ? formatTimeSeconds(epochMs) : formatMoment(epochMs);
}
