/**
 * Where a time axis has its ticks and what they say: local time of the viewer, right on days that have 23 or 25 hours.
 * Pure apart from the time zone of the process.
 */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../shared/units.ts';
import { dateLocales } from '../../../client/language.ts';
import {
  formatTime,
  formatTimeSeconds,
  formatZone,
  splitTimeMillis,
  startOfDay,
} from '../../../client/time-format.ts';
import { type TimeView, visibleRange } from './scale.ts';

export type TickUnit = 'year' | 'month' | 'day' | 'clock';

export interface TickStep {
  unit: TickUnit;
  /** Years, months or days for the calendar units, milliseconds for `clock`. */
  size: number;
  /** Typical length, for choosing. */
  aboutMs: number;
}

export interface Tick {
  epochMs: number;
  /** null on minor ticks. */
  label: string | null;
  /** A new day (or month, or year) begins here: drawn stronger. */
  boundary: boolean;
}

const clock = (size: number): TickStep => ({ unit: 'clock', size, aboutMs: size });

/** From fine to coarse. */
export const TICK_STEPS: readonly TickStep[] = [
  ...[10, 50, 100, 500].map(clock),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => clock(seconds * SECOND_MS)),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => clock(minutes * MINUTE_MS)),
  ...[1, 2, 3, 6, 12].map((hours) => clock(hours * HOUR_MS)),
  { unit: 'day', size: 1, aboutMs: DAY_MS },
  { unit: 'day', size: 2, aboutMs: 2 * DAY_MS },
  { unit: 'day', size: 5, aboutMs: 5 * DAY_MS },
  { unit: 'day', size: 10, aboutMs: 10 * DAY_MS },
  { unit: 'month', size: 1, aboutMs: 30 * DAY_MS },
  { unit: 'month', size: 3, aboutMs: 91 * DAY_MS },
  { unit: 'year', size: 1, aboutMs: 365 * DAY_MS },
];

const MIN_LABEL_SPACING_PX = 84;
const MIN_TICK_SPACING_PX = 9;

/** The finest steps whose ticks stand far enough apart: one for labels, one for the small ticks between. */
export function planSteps(msPerPixel: number): { major: TickStep; minor: TickStep } {
  const coarsest = TICK_STEPS.at(-1)!;
  const major = TICK_STEPS.find((step) => step.aboutMs / msPerPixel >= MIN_LABEL_SPACING_PX) ?? coarsest;
  const minor =
    TICK_STEPS.find((step) => step.aboutMs / msPerPixel >= MIN_TICK_SPACING_PX && divides(step, major)) ??
    major;
  return { major, minor };
}

/** All ticks in view, ascending. */
export function ticksOf(view: TimeView): Tick[] {
  const { major, minor } = planSteps(view.msPerPixel);
  const range = visibleRange(view);
  // One label's width of margin, so that labels do not pop in at the edges.
  const from = range.startEpochMs - 100 * view.msPerPixel;
  const to = range.endEpochMs + 20 * view.msPerPixel;
  const ticks = new Map<number, Tick>();
  for (const epochMs of timesOfStep(minor, from, to)) {
    ticks.set(epochMs, { epochMs, label: null, boundary: false });
  }
  for (const epochMs of timesOfStep(major, from, to)) {
    ticks.set(epochMs, {
      epochMs,
      label: tickLabel(epochMs, major),
      boundary: isBoundary(epochMs, major),
    });
  }
  return [...ticks.values()].sort((a, b) => a.epochMs - b.epochMs);
}

/** Every multiple of the step on the local clock or calendar in [from, to]. */
export function timesOfStep(step: TickStep, fromEpochMs: number, toEpochMs: number): number[] {
  if (step.unit === 'clock') return clockTimes(step.size, fromEpochMs, toEpochMs);
  const times: number[] = [];
  let cursor = calendarFloor(step, fromEpochMs);
  while (cursor <= toEpochMs) {
    if (cursor >= fromEpochMs) times.push(cursor);
    cursor = calendarNext(step, cursor);
  }
  return times;
}

/** Minutes the local clock is ahead of UTC at that time. */
export function offsetMinutes(epochMs: number): number {
  return -new Date(epochMs).getTimezoneOffset();
}

function clockTimes(sizeMs: number, fromEpochMs: number, toEpochMs: number): number[] {
  // Zone offsets are multiples of 15 min: below that, local and UTC multiples are the same; above it, every quarter
  // of an hour is asked for its local time, so that an hour that is missing or comes twice is drawn as it was lived.
  const stride = Math.min(sizeMs, 15 * MINUTE_MS);
  const times: number[] = [];
  for (let time = Math.ceil(fromEpochMs / stride) * stride; time <= toEpochMs; time += stride) {
    if (sizeMs <= stride) {
      times.push(time);
      continue;
    }
    const sinceMidnightMs = (((time + offsetMinutes(time) * MINUTE_MS) % DAY_MS) + DAY_MS) % DAY_MS;
    if (sinceMidnightMs % sizeMs === 0) times.push(time);
  }
  return times;
}

function calendarFloor(step: TickStep, epochMs: number): number {
  const date = new Date(epochMs);
  if (step.unit === 'year') return new Date(date.getFullYear(), 0, 1).getTime();
  if (step.unit === 'month') {
    return new Date(date.getFullYear(), date.getMonth() - (date.getMonth() % step.size), 1).getTime();
  }
  const day = date.getDate() - 1;
  return new Date(date.getFullYear(), date.getMonth(), day - (day % step.size) + 1).getTime();
}

function calendarNext(step: TickStep, epochMs: number): number {
  const date = new Date(epochMs);
  if (step.unit === 'year') return new Date(date.getFullYear() + step.size, 0, 1).getTime();
  if (step.unit === 'month') return new Date(date.getFullYear(), date.getMonth() + step.size, 1).getTime();
  const firstOfNext = new Date(date.getFullYear(), date.getMonth() + 1, 1).getTime();
  const next = new Date(date.getFullYear(), date.getMonth(), date.getDate() + step.size).getTime();
  // Multiples restart each month (1, 6, 11 … 26, 1): the last short one is left out so that labels do not collide.
  if (step.size === 1) return next;
  const daysLeft = (firstOfNext - next) / DAY_MS;
  return daysLeft < step.size / 2 ? firstOfNext : next;
}

/** Whether every tick of `major` is also one of `minor`. */
function divides(minor: TickStep, major: TickStep): boolean {
  if (minor.unit === 'clock' && major.unit === 'clock') return major.size % minor.size === 0;
  return minor.aboutMs <= major.aboutMs && !(minor.unit === 'day' && minor.size > 1 && major.unit !== 'day');
}

function isBoundary(epochMs: number, step: TickStep): boolean {
  const date = new Date(epochMs);
  if (step.unit === 'clock') return epochMs === startOfDay(epochMs);
  if (step.unit === 'day') return date.getDate() === 1;
  return step.unit === 'month' && date.getMonth() === 0;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const found = formats.get(key);
  if (found) return found;
  const made = new Intl.DateTimeFormat(dateLocales(), options);
  formats.set(key, made);
  return made;
}

function tickLabel(epochMs: number, step: TickStep): string {
  const date = new Date(epochMs);
  if (step.unit === 'year') return String(date.getFullYear());
  if (step.unit === 'month') {
    if (date.getMonth() === 0) return String(date.getFullYear());
    return format('month', { month: 'short' }).format(date);
  }
  if (step.unit === 'day') {
    if (date.getDate() === 1) return format('month-year', { month: 'short', year: 'numeric' }).format(date);
    return format('day', { weekday: 'short', day: 'numeric' }).format(date);
  }
  if (epochMs === startOfDay(epochMs)) {
    return format('midnight', { weekday: 'short', day: 'numeric', month: 'short' }).format(date);
  }
  return clockLabel(epochMs, step.size);
}

function clockLabel(epochMs: number, sizeMs: number): string {
  const { before, millis } = splitTimeMillis(epochMs);
  // Among tenths of a second there is no doubt about the half of the day, and no room for it.
  if (sizeMs < SECOND_MS) return before + millis;
  const label = sizeMs < MINUTE_MS ? formatTimeSeconds(epochMs) : formatTime(epochMs);
  return isAmbiguous(epochMs) ? `${label} ${formatZone(epochMs)}` : label;
}

/** Whether the local clock shows this time twice, because it is set back on that day. */
export function isAmbiguous(epochMs: number): boolean {
  const offset = offsetMinutes(epochMs);
  for (const hours of [-1, 1]) {
    const other = offsetMinutes(epochMs + hours * HOUR_MS);
    if (other === offset) continue;
    const twin = epochMs + (offset - other) * MINUTE_MS;
    if (offsetMinutes(twin) === other && twin !== epochMs) return true;
  }
  return false;
}
