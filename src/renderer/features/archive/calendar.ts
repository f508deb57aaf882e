/** A month as weeks of days, in the order of the user's locale. Pure. */

import { dateLocales } from '../../client/language.ts';
import { addDays, startOfDay } from '../../client/time-format.ts';

export interface CalendarDay {
  startEpochMs: number;
  dayOfMonth: number;
  inMonth: boolean;
}

/** First day of the week: 1 Monday … 7 Sunday, by the locale. */
export function firstWeekday(
  locale: string = new Intl.DateTimeFormat(dateLocales()).resolvedOptions().locale,
): number {
  const info = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return info.getWeekInfo?.().firstDay ?? info.weekInfo?.firstDay ?? 1;
}

/** Six weeks, so that the popover keeps its size from month to month. */
export function monthDays(anyEpochMs: number, weekStart: number): CalendarDay[] {
  const date = new Date(anyEpochMs);
  const month = date.getMonth();
  const first = new Date(date.getFullYear(), month, 1).getTime();
  const back = (new Date(first).getDay() - (weekStart % 7) + 7) % 7;
  const start = addDays(first, -back);
  return Array.from({ length: 42 }, (_, index) => {
    const startEpochMs = addDays(start, index);
    const day = new Date(startEpochMs);
    return { startEpochMs, dayOfMonth: day.getDate(), inMonth: day.getMonth() === month };
  });
}

/** The same day of another month, or its last day. */
export function addMonths(epochMs: number, months: number): number {
  const date = new Date(epochMs);
  const last = new Date(date.getFullYear(), date.getMonth() + months + 1, 0).getDate();
  return new Date(date.getFullYear(), date.getMonth() + months, Math.min(date.getDate(), last)).getTime();
}

/** The same time of day on another day. */
export function sameTimeOn(dayEpochMs: number, timeOfEpochMs: number): number {
  const day = new Date(dayEpochMs);
  const time = new Date(timeOfEpochMs);
  return new Date(
    day.getFullYear(),
    day.getMonth(),
    day.getDate(),
    time.getHours(),
    time.getMinutes(),
    time.getSeconds(),
    time.getMilliseconds(),
  ).getTime();
}

export function isSameDay(a: number, b: number): boolean {
  return startOfDay(a) === startOfDay(b);
}
