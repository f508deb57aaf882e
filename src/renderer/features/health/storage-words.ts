/** How long the disk lasts, in words. */
import { plural, t } from '@lingui/core/macro';
import type { StorageView } from '../../../shared/contract-health.ts';

export function forecastWords({
  daysLeft,
  daysKept,
  bytesPerDay,
  lockedBytes,
}: Pick<StorageView, 'daysLeft' | 'daysKept' | 'bytesPerDay' | 'lockedBytes'>): string {
  if (bytesPerDay === null || daysLeft === null)
    return t`How long the disk lasts is known after some hours of recording.`;
  const kept = keptWords(daysKept, lockedBytes);
  if (daysLeft <= 0) return `${t`The limit is reached: for each new hour the oldest one is deleted.`}${kept}`;
  if (daysLeft < 1) return t`The limit is reached within a day. Then the oldest footage is deleted.`;
  return `${t`At today’s rate the limit is reached in ${inDays(daysLeft)}. Then the oldest footage is deleted.`}${kept}`;
}

/** A sentence with the space before it, or nothing. */
function keptWords(daysKept: number | null, lockedBytes: number): string {
  if (daysKept === null || daysKept < 1) return '';
  const days = inDays(daysKept);
  return ` ${lockedBytes > 0 ? t`The last ${days} fit beside what is locked.` : t`The last ${days} fit.`}`;
}

function inDays(value: number): string {
  const days = Math.floor(value);
  return plural(days, { one: '# day', other: '# days' });
}
