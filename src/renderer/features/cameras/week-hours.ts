/** Hours of the week as they are edited: painted in spans, copied from day to day, put into words. Pure. */
import { t } from '@lingui/core/macro';
import {
  DAY_MINUTES,
  type MinuteSpan,
  spansOfDay,
  timeOfMinute,
  WEEKDAYS,
  type Weekday,
  type WeekSchedule,
} from '../../../shared/schedule.ts';

export const DAY_NAMES: Record<Weekday, string> = {
  monday: t`Monday`,
  tuesday: t`Tuesday`,
  wednesday: t`Wednesday`,
  thursday: t`Thursday`,
  friday: t`Friday`,
  saturday: t`Saturday`,
  sunday: t`Sunday`,
};

/** One step of the pointer or of an arrow key. */
export const STEP_MINUTES = 30;
export const STEPS = DAY_MINUTES / STEP_MINUTES;

/** What stands there when somebody begins to choose hours. */
export const FIRST_HOURS: WeekSchedule = Object.fromEntries(
  WEEKDAYS.slice(0, 5).map((day) => [day, [{ from: '08:00', to: '18:00' }]]),
);

/** Adds a span to a day, or takes it out of what is there. */
export function paintHours(
  schedule: WeekSchedule,
  day: Weekday,
  { fromMinute, toMinute }: MinuteSpan,
  wanted: boolean,
): WeekSchedule {
  const spans = spansOfDay(schedule, day);
  const painted = wanted
    ? [...spans, { fromMinute, toMinute }]
    : spans
        .flatMap((span) => [
          { fromMinute: span.fromMinute, toMinute: Math.min(span.toMinute, fromMinute) },
          { fromMinute: Math.max(span.fromMinute, toMinute), toMinute: span.toMinute },
        ])
        .filter((span) => span.fromMinute < span.toMinute);
  return putDay(schedule, day, painted);
}

/** Replaces a day; spans that overlap or touch become one, a day without any is not named. */
export function putDay(schedule: WeekSchedule, day: Weekday, spans: readonly MinuteSpan[]): WeekSchedule {
  const { [day]: _replaced, ...others } = schedule;
  const changed = {
    ...others,
    [day]: spans.map((span) => ({ from: timeOfMinute(span.fromMinute), to: timeOfMinute(span.toMinute) })),
  };
  const days = WEEKDAYS.flatMap((one) => {
    const merged = spansOfDay(changed, one);
    if (merged.length === 0) return [];
    return [
      [one, merged.map((span) => ({ from: timeOfMinute(span.fromMinute), to: timeOfMinute(span.toMinute) }))],
    ];
  });
  return Object.fromEntries(days) as WeekSchedule;
}

/** Gives other days the hours of one. */
export function copyDay(schedule: WeekSchedule, from: Weekday, to: readonly Weekday[]): WeekSchedule {
  return to.reduce((changed, day) => putDay(changed, day, spansOfDay(schedule, from)), schedule);
}

export function isOn(schedule: WeekSchedule, day: Weekday, minute: number): boolean {
  return spansOfDay(schedule, day).some(
    ({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute,
  );
}

/** '08:00 to 12:00, 13:00 to 18:30' or 'off'. */
export function wordsOfDay(schedule: WeekSchedule, day: Weekday): string {
  const spans = spansOfDay(schedule, day);
  if (spans.length === 0) return t`off`;
  return spans
    .map(({ fromMinute, toMinute }) =>
      fromMinute === 0 && toMinute === DAY_MINUTES
        ? t`all day`
        : t`${timeOfMinute(fromMinute)} to ${timeOfMinute(toMinute)}`,
    )
    .join(', ');
}
