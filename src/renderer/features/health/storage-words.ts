/** How long the disk lasts, in words. */
import type { StorageView } from '../../../shared/contract.ts';

export function forecastWords({
  daysLeft,
  bytesPerDay,
}: Pick<StorageView, 'daysLeft' | 'bytesPerDay'>): string {
  if (bytesPerDay === null || daysLeft === null)
    return 'How long the disk lasts is known after some hours of recording.';
  if (daysLeft <= 0) return 'The limit is reached: for each new hour the oldest one is deleted.';
  if (daysLeft < 1) return 'The limit is reached within a day. Then the oldest footage is deleted.';
  const days = Math.floor(daysLeft);
  return `At today’s rate the limit is reached in ${days} ${days === 1 ? 'day' : 'days'}. Then the oldest footage is deleted.`;
}
