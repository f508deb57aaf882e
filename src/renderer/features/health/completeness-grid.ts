/** Completeness by camera and day, arranged for the heat map. Pure. */
import type { CompletenessDay } from '../../../shared/contract-health.ts';

/** How a share is shown: everything, all but seconds, all but minutes, much missing. */
export type CompletenessLevel = 'whole' | 'nearly' | 'partly' | 'little' | 'none';

export interface CompletenessRow {
  cameraId: string;
  /** One per day of the grid, oldest first; null where nothing was wanted. */
  days: Array<number | null>;
}

/** The last `count` days up to `today` (YYYY-MM-DD), oldest first. */
export function lastDays(today: string, count: number): string[] {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.UTC(year, month - 1, day - (count - 1 - index)));
    return date.toISOString().slice(0, 10);
  });
}

export function arrangeCompleteness(
  found: readonly CompletenessDay[],
  cameraIds: readonly string[],
  days: readonly string[],
): CompletenessRow[] {
  const byKey = new Map(found.map((one) => [`${one.cameraId} ${one.day}`, one.completeness]));
  return cameraIds.map((cameraId) => ({
    cameraId,
    days: days.map((day) => byKey.get(`${cameraId} ${day}`) ?? null),
  }));
}

export function levelOf(completeness: number): CompletenessLevel {
  if (completeness >= 0.9999) return 'whole';
  if (completeness >= 0.99) return 'nearly';
  if (completeness >= 0.9) return 'partly';
  return completeness > 0 ? 'little' : 'none';
}

/** Local calendar day, YYYY-MM-DD. */
export function dayOf(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
