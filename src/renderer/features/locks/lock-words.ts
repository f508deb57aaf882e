/** What a lock keeps, until when, and by whose wish, in words. Pure. */
import { t } from '@lingui/core/macro';
import type { FootageLock } from '../../../shared/domain-storage.ts';
import { DAY_MS } from '../../../shared/units.ts';
import { formatDayInSentence, formatMoment, formatTimeSeconds } from '../../client/time-format.ts';

/** How long a lock may be asked to hold; null: until it is removed. */
export const KEEP_CHOICES = [
  { value: 'always', label: t`Until it is removed`, days: null },
  { value: '30', label: t`30 days`, days: 30 },
  { value: '90', label: t`90 days`, days: 90 },
  { value: '365', label: t`A year`, days: 365 },
] as const;

export function expiryOf(choice: string, nowEpochMs: number): number | null {
  const days = KEEP_CHOICES.find(({ value }) => value === choice)?.days ?? null;
  return days === null ? null : nowEpochMs + days * DAY_MS;
}

/** 'Today 14:02:00 to 14:05:10'. */
export function rangeWords({
  startEpochMs,
  endEpochMs,
}: Pick<FootageLock, 'startEpochMs' | 'endEpochMs'>): string {
  const sameDay = new Date(startEpochMs).toDateString() === new Date(endEpochMs).toDateString();
  const end = sameDay ? formatTimeSeconds(endEpochMs) : formatMoment(endEpochMs);
  return t`${formatMoment(startEpochMs)} to ${end}`;
}

/** 'Locked by owner@example.test until Tue 17 Nov'. */
export function keptWords({
  createdBy,
  expiresEpochMs,
}: Pick<FootageLock, 'createdBy' | 'expiresEpochMs'>): string {
  if (expiresEpochMs === null)
    return createdBy === '' ? t`Locked until it is removed` : t`Locked by ${createdBy} until it is removed`;
  const until = formatDayInSentence(expiresEpochMs);
  return createdBy === '' ? t`Locked until ${until}` : t`Locked by ${createdBy} until ${until}`;
}
