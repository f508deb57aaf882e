/** Weekly hours in local time: when a camera is to be recorded. Pure; the zone is that of the machine it runs on. */
import { z } from 'zod';

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `24:00` is the end of a day. */
const TimeOfDaySchema = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time of day like 08:30, at most 24:00');
const SpanSchema = z
  .strictObject({ from: TimeOfDaySchema, to: TimeOfDaySchema })
  .refine(({ from, to }) => from < to, 'expected a span that ends after it begins, on the same day');
const DaySchema = z.array(SpanSchema).max(48).optional();

/** Spans of each weekday; a day that is not named has none. */
export const WeekScheduleSchema = z.strictObject({
  monday: DaySchema,
  tuesday: DaySchema,
  wednesday: DaySchema,
  thursday: DaySchema,
  friday: DaySchema,
  saturday: DaySchema,
  sunday: DaySchema,
});
export type WeekSchedule = z.infer<typeof WeekScheduleSchema>;

/** Minutes of a local day, from 0 to 1440; `to` is not included. */
export interface MinuteSpan {
  fromMinute: number;
  toMinute: number;
}

export const DAY_MINUTES = 1440;

/** The spans of a weekday in order; those that overlap or touch are one. */
export function spansOfDay(schedule: WeekSchedule, day: Weekday): MinuteSpan[] {
  const spans = (schedule[day] ?? [])
    .map(({ from, to }) => ({ fromMinute: minuteOf(from), toMinute: minuteOf(to) }))
    .sort((a, b) => a.fromMinute - b.fromMinute);
  const joined: MinuteSpan[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && span.fromMinute <= last.toMinute) last.toMinute = Math.max(last.toMinute, span.toMinute);
    else joined.push(span);
  }
  return joined;
}

/** Whether a moment lies within the hours; without a schedule every moment does. */
export function isWithinHours(schedule: WeekSchedule | null | undefined, epochMs: number): boolean {
  if (!schedule) return true;
  const at = new Date(epochMs);
  const minute = at.getHours() * 60 + at.getMinutes();
  return spansOfDay(schedule, weekdayOf(at)).some(
    ({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute,
  );
}

/** Openings and closings of a local day in turn, epoch ms; without a schedule from midnight to midnight. `month` 1 to 12. */
export function hoursOfDay(
  schedule: WeekSchedule | null | undefined,
  { year, month, day }: { year: number; month: number; day: number },
): number[] {
  const at = (minute: number) =>
    minute === DAY_MINUTES
      ? new Date(year, month - 1, day + 1).getTime()
      : new Date(year, month - 1, day, 0, minute).getTime();
  const spans = schedule
    ? spansOfDay(schedule, weekdayOf(new Date(year, month - 1, day)))
    : [{ fromMinute: 0, toMinute: DAY_MINUTES }];
  return spans.flatMap(({ fromMinute, toMinute }) => [at(fromMinute), at(toMinute)]);
}

/** `08:30`; 1440 is `24:00`. */
export function timeOfMinute(minute: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return hours * 60 + minutes;
}

function weekdayOf(date: Date): Weekday {
  return WEEKDAYS[(date.getDay() + 6) % 7]!;
}
