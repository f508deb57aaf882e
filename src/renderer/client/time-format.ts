/** Times, spans and sizes in the user's language. Times come in as epoch ms and are shown in this machine's zone. */
import { t } from '@lingui/core/macro';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/units.ts';
import { dateLocales, formatNumber } from './language.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();
/** '09:02' where the day has 24 hours, '9:02 AM' where it has twice 12. */
const HOUR = new Intl.DateTimeFormat(dateLocales(), { hour: 'numeric' }).resolvedOptions().hour12
  ? 'numeric'
  : '2-digit';
const CLOCK: Intl.DateTimeFormatOptions = { hour: HOUR, minute: '2-digit' };

/** 14:02 or 2:02 PM. */
export function formatTime(epochMs: number): string {
  return formatter('time', CLOCK).format(epochMs);
}

/** 14:02:31. */
export function formatTimeSeconds(epochMs: number): string {
  return formatter('seconds', { ...CLOCK, second: '2-digit' }).format(epochMs);
}

/** 14:02:31.250, for a playhead. */
export function formatTimeMillis(epochMs: number): string {
  const { before, millis, after } = splitTimeMillis(epochMs);
  return before + millis + after;
}

/** As `formatTimeMillis`, in three: '2:02:31', '.250', ' PM'. */
export function splitTimeMillis(epochMs: number): { before: string; millis: string; after: string } {
  const parts = formatter('millis', {
    ...CLOCK,
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).formatToParts(epochMs);
  const fraction = parts.findIndex(({ type }) => type === 'fractionalSecond');
  const join = (from: number, to?: number) =>
    parts
      .slice(from, to)
      .map(({ value }) => value)
      .join('');
  return {
    before: join(0, fraction - 1),
    millis: join(fraction - 1, fraction + 1),
    after: join(fraction + 1),
  };
}

/** 'Today', 'Yesterday', 'Tue 17 Nov', with the year when it is another one. */
export function formatDay(epochMs: number, nowEpochMs: number = Date.now()): string {
  const daysAgo = daysBetween(epochMs, nowEpochMs);
  if (daysAgo === 0) return t`Today`;
  if (daysAgo === 1) return t`Yesterday`;
  const otherYear = new Date(epochMs).getFullYear() !== new Date(nowEpochMs).getFullYear();
  return formatter(otherYear ? 'day-year' : 'day', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(otherYear ? { year: 'numeric' } : {}),
  }).format(epochMs);
}

/** 'Today 14:02:31'. */
export function formatMoment(epochMs: number, nowEpochMs: number = Date.now()): string {
  return `${formatDay(epochMs, nowEpochMs)} ${formatTimeSeconds(epochMs)}`;
}

/** As `formatDay`, within a sentence: 'today', 'yesterday', 'Tue 17 Nov'. */
export function formatDayInSentence(epochMs: number, nowEpochMs: number = Date.now()): string {
  const daysAgo = daysBetween(epochMs, nowEpochMs);
  if (daysAgo === 0) return t`today`;
  return daysAgo === 1 ? t`yesterday` : formatDay(epochMs, nowEpochMs);
}

/** '14:02' today, 'yesterday 14:02', 'Tue 17 Nov 14:02' before: what follows the word 'since'. */
export function formatSince(epochMs: number, nowEpochMs: number = Date.now()): string {
  const time = formatTime(epochMs);
  if (daysBetween(epochMs, nowEpochMs) === 0) return time;
  return `${formatDayInSentence(epochMs, nowEpochMs)} ${time}`;
}

/** Short name of this machine's zone at that time: 'CET', 'GMT+2'. */
export function formatZone(epochMs: number): string {
  const part = formatter('zone', { hour: '2-digit', timeZoneName: 'short' })
    .formatToParts(epochMs)
    .find(({ type }) => type === 'timeZoneName');
  return part?.value ?? 'UTC';
}

/** '4.2 s', '34 s', '2 min 5 s', '3 h 20 min', '2 d 4 h': the two largest units; tenths below ten seconds. */
export function formatSpan(ms: number): string {
  // A frame or two, as a gap after a cut may be.
  if (ms >= 5 && ms < 95) return t`${formatNumber(ms / 1000, { most: 2 })} s`;
  const tenths = Math.max(0, Math.round(ms / 100));
  if (tenths < 100) return t`${formatNumber(tenths / 10, { most: 1 })} s`;
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 60) return t`${seconds} s`;
  if (ms < HOUR_MS) return minutesAndSeconds(...split(ms, MINUTE_MS, SECOND_MS));
  if (ms < DAY_MS) return hoursAndMinutes(...split(ms, HOUR_MS, MINUTE_MS));
  return daysAndHours(...split(ms, DAY_MS, HOUR_MS));
}

/** '1.2 TB', decimal units as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${formatNumber(value, { exactly: value >= 100 || unit === 0 ? 0 : 1 })} ${units[unit]}`;
}

/** '4.2 Mbit/s'. */
export function formatBitRate(bitsPerSecond: number): string {
  return bitsPerSecond >= 1_000_000
    ? `${formatNumber(bitsPerSecond / 1_000_000, { exactly: 1 })} Mbit/s`
    : `${Math.round(bitsPerSecond / 1000)} kbit/s`;
}

/** '99.98 %'; never rounds something incomplete up to 100 %. */
export function formatShare(share: number): string {
  if (share >= 1) return '100 %';
  return `${formatNumber(Math.floor(share * 10_000) / 100, { exactly: 2 })} %`;
}

/** Local midnight of the day that `epochMs` lies in. */
export function startOfDay(epochMs: number): number {
  const date = new Date(epochMs);
  date.setHours(0, 0, 0, 0);
  return date.getTime();
}

/** Local midnight `days` calendar days on; days may be 23 or 25 hours long. */
export function addDays(epochMs: number, days: number): number {
  const date = new Date(epochMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

function minutesAndSeconds(minutes: number, seconds: number): string {
  return seconds === 0 ? t`${minutes} min` : t`${minutes} min ${seconds} s`;
}

function hoursAndMinutes(hours: number, minutes: number): string {
  return minutes === 0 ? t`${hours} h` : t`${hours} h ${minutes} min`;
}

function daysAndHours(days: number, hours: number): string {
  return hours === 0 ? t`${days} d` : t`${days} d ${hours} h`;
}

/** How many whole `big` units and, of the rest, `small` ones. */
function split(ms: number, big: number, small: number): [number, number] {
  const inSmall = Math.round(ms / small);
  const perBig = big / small;
  return [Math.floor(inSmall / perBig), inSmall % perBig];
}

/** Calendar days from one moment to a later one. */
function daysBetween(epochMs: number, laterEpochMs: number): number {
  return Math.round((startOfDay(laterEpochMs) - startOfDay(epochMs)) / DAY_MS);
}

function formatter(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let found = formatters.get(name);
  if (!found) {
    found = new Intl.DateTimeFormat(dateLocales(), options);
    formatters.set(name, found);
  }
  return found;
}
