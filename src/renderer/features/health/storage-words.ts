/** How long the disk lasts, in words. */
import type { StorageView } from '../../../shared/contract-health.ts';

export function forecastWords({
  daysLeft,
  daysKept,
  bytesPerDay,
  lockedBytes,
}: Pick<StorageView, 'daysLeft' | 'daysKept' | 'bytesPerDay' | 'lockedBytes'>): string {
  if (bytesPerDay === null || daysLeft === null)
    return 'How long the disk lasts is known after some hours of recording.';
  const kept =
    daysKept !== null && daysKept >= 1
      ? ` The last ${inDays(daysKept)} fit${lockedBytes > 0 ? ' beside what is locked' : ''}.`
      : '';
  if (daysLeft <= 0) return `The limit is reached: for each new hour the oldest one is deleted.${kept}`;
  if (daysLeft < 1) return 'The limit is reached within a day. Then the oldest footage is deleted.';
  return `At today’s rate the limit is reached in ${inDays(daysLeft)}. Then the oldest footage is deleted.${kept}`;
}

function inDays(value: number): string {
  const days = Math.floor(value);
  return `${days} ${days === 1 ? 'day' : 'days'}`;
}
