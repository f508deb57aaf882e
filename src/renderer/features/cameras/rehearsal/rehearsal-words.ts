/** What is tried on, and what was found, in words. Pure. */
import { plural, t } from '@lingui/core/macro';
import type { Rehearsal, RehearsalHit, RehearsalRules } from '../../../../shared/rehearsal.ts';
import { HOUR_MS, MINUTE_MS } from '../../../../shared/units.ts';
import { formatSpan } from '../../../client/time-format.ts';

export const RANGES = [
  { value: '10', label: t`Last 10 minutes` },
  { value: '60', label: t`Last hour` },
  { value: '240', label: t`Last 4 hours` },
  { value: '720', label: t`Last 12 hours` },
] as const;

export function rangeOf(minutes: string, nowEpochMs: number): { fromEpochMs: number; toEpochMs: number } {
  const toEpochMs = Math.floor(nowEpochMs);
  return { fromEpochMs: toEpochMs - Number(minutes) * MINUTE_MS, toEpochMs };
}

/** Kinds that lines and zones make; that somebody was seen, or something moved, is not what a rule is tried for. */
const OF_RULES: ReadonlySet<RehearsalHit['type']> = new Set([
  'line-crossing',
  'tailgating',
  'zone-enter',
  'zone-leave',
  'loitering',
  'crowd',
]);

export function hitsOfRules({ hits }: Pick<Rehearsal, 'hits'>): RehearsalHit[] {
  return hits.filter(({ type }) => OF_RULES.has(type));
}

/** '3 crossings, 1 tailgating' of what was found; 'Nothing yet' or 'Nothing' when there is nothing. */
export function summaryOf(hits: readonly RehearsalHit[], isRunning: boolean): string {
  const counted = COUNTED.flatMap(([type, wordsOf]) => {
    const count = hits.filter((hit) => hit.type === type).length;
    return count === 0 ? [] : [wordsOf(count)];
  });
  if (counted.length === 0) return isRunning ? t`Nothing yet` : t`These rules would have found nothing`;
  return counted.join(', ');
}

const COUNTED: ReadonlyArray<[RehearsalHit['type'], (count: number) => string]> = [
  ['tailgating', (count) => plural(count, { one: '# tailgating', other: '# tailgatings' })],
  ['line-crossing', (count) => plural(count, { one: '# crossing', other: '# crossings' })],
  ['zone-enter', (count) => plural(count, { one: '# entry', other: '# entries' })],
  ['zone-leave', (count) => plural(count, { one: '# exit', other: '# exits' })],
  ['loitering', (count) => plural(count, { one: '# stay', other: '# stays' })],
  ['crowd', (count) => plural(count, { one: '# crowd', other: '# crowds' })],
];

/** '1:02:03' into a video. */
export function clipTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  return ms >= HOUR_MS ? `${Math.floor(ms / HOUR_MS)}:${parts.join(':')}` : parts.join(':');
}

/** How far it is: '40 % looked through', or by time where the length of a video is not known. */
export function progressWords({ progress, toMs }: Pick<Rehearsal, 'progress' | 'toMs'>): string {
  return progress === null
    ? t`${clipTime(toMs)} looked through`
    : t`${Math.floor(progress * 100)} % looked through`;
}

/** Whether unlocks decide about tailgating on recorded footage; a video has none. */
export function isJudgedByReaders({ lines, readers }: Pick<RehearsalRules, 'lines' | 'readers'>): boolean {
  return readers.length > 0 && lines.some((line) => line.tailgating !== undefined);
}

/** '5 min looked through, 8 times as fast as it happened'. */
export function speedWords({ fromMs, toMs, speed }: Rehearsal): string {
  const length = formatSpan(toMs - fromMs);
  return speed === null || speed < 1.5
    ? t`${length} looked through`
    : t`${length} looked through, ${Math.round(speed)} times as fast as it happened`;
}
