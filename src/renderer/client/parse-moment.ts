/** Reads times as people type them: 'yesterday 17:40', '17:40:05', 'mon 8am', '2026-11-19 17:40', '15 min ago'. Local time. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/units.ts';
import { startOfDay } from './time-format.ts';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const UNIT_MS: Record<string, number> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/**
 * Epoch ms of the moment meant, or null when the text is no time. A bare time of day means the day of `shownEpochMs`, what
 * the user looks at; where nothing is shown it is always in the past: one that is still to come today means yesterday's.
 * A day without a time means its start. '+30 s' and '-5 min' move from what is shown, or from now.
 */
export function parseMoment(text: string, nowEpochMs: number, shownEpochMs?: number): number | null {
  const zoned = /^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}.*(z|[+-]\d{2}:?\d{2})$/i.test(text.trim());
  if (zoned) return Number.isNaN(Date.parse(text.trim())) ? null : Date.parse(text.trim());
  const words = text
    .trim()
    .toLowerCase()
    .replace(/\bat\b|, |^last\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (words === '') return null;
  if (words === 'now' || words === 'live') return nowEpochMs;
  const offset = parseOffset(words);
  if (offset) return (offset.ago ? nowEpochMs : (shownEpochMs ?? nowEpochMs)) + offset.ms;

  const { day, rest } = takeDay(words, nowEpochMs);
  if (rest === '') return day;
  const timeOfDay = parseTimeOfDay(rest);
  if (timeOfDay === null) return null;
  if (day !== null) return atTimeOfDay(day, timeOfDay);
  if (shownEpochMs !== undefined) return atTimeOfDay(shownEpochMs, timeOfDay);
  const today = atTimeOfDay(nowEpochMs, timeOfDay);
  return today <= nowEpochMs ? today : atTimeOfDay(startOfDay(nowEpochMs) - DAY_MS / 2, timeOfDay);
}

/** '2 h ago', '-5 min', '+30 s'. */
function parseOffset(words: string): { ms: number; ago: boolean } | null {
  const found =
    /^([+-])? ?(\d+(?:[.,]\d+)?) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)( ago)?$/.exec(
      words,
    );
  if (!found) return null;
  const [, sign, amount, unit, ago] = found;
  if (!sign === !ago) return null; // a bare span is no moment
  const ms = Number(amount!.replace(',', '.')) * UNIT_MS[unit![0]!]!;
  return { ms: sign === '+' ? ms : -ms, ago: ago !== undefined };
}

/** The start of the day named at the front of the words, or null, and the words after it. */
function takeDay(words: string, now: number): { day: number | null; rest: string } {
  const [first = '', second = '', third = ''] = words.split(' ');
  const after = (count: number) => words.split(' ').slice(count).join(' ');
  if (first === 'today') return { day: startOfDay(now), rest: after(1) };
  if (first === 'yesterday') return { day: startOfDay(startOfDay(now) - DAY_MS / 2), rest: after(1) };
  const weekday = first.length >= 3 ? WEEKDAYS.findIndex((name) => name.startsWith(first)) : -1;
  if (weekday >= 0) {
    const back = (new Date(now).getDay() - weekday + 7) % 7 || 7;
    return { day: startOfDay(startOfDay(now) - back * DAY_MS + DAY_MS / 2), rest: after(1) };
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:t|$)/.exec(first);
  if (iso) {
    const time = first.includes('t') ? first.slice(first.indexOf('t') + 1) : '';
    return { day: dayOf(+iso[1]!, +iso[2]! - 1, +iso[3]!), rest: `${time} ${after(1)}`.trim() };
  }
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})?$/.exec(first);
  if (dotted) return { day: pastDay(dotted[3], +dotted[2]! - 1, +dotted[1]!, now), rest: after(1) };
  const [dayWord, monthWord] = /^\d/.test(first) ? [first, second] : [second, first];
  const month = MONTHS.findIndex((name) => monthWord.length >= 3 && monthWord.startsWith(name));
  if (month >= 0 && /^\d{1,2}\.?$/.test(dayWord)) {
    const year = /^\d{4}$/.test(third) ? third : undefined;
    return { day: pastDay(year, month, Number.parseInt(dayWord, 10), now), rest: after(year ? 3 : 2) };
  }
  return { day: null, rest: words };
}

/** Milliseconds after midnight, or null: '17:40', '17:40:05', '5pm', '5:40 pm', 'noon'. */
function parseTimeOfDay(text: string): number | null {
  if (text === 'noon') return 12 * HOUR_MS;
  if (text === 'midnight') return 0;
  const found = /^(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2})(?:\.(\d{1,3}))?)? ?(am|pm)?$/.exec(text);
  if (!found) return null;
  const [, hourText, minuteText, secondText, fraction, half] = found;
  if (minuteText === undefined && half === undefined) return null; // a bare number is no time
  let hour = Number(hourText);
  const minute = Number(minuteText ?? 0);
  const second = Number(secondText ?? 0);
  if (half && (hour < 1 || hour > 12)) return null;
  if (half === 'pm' && hour < 12) hour += 12;
  if (half === 'am' && hour === 12) hour = 0;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const ms = Number((fraction ?? '').padEnd(3, '0'));
  return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + ms;
}

/** By the calendar, so that it holds on days of 23 and 25 hours too. */
function atTimeOfDay(day: number, timeOfDayMs: number): number {
  const date = new Date(day);
  date.setHours(Math.floor(timeOfDayMs / HOUR_MS), (timeOfDayMs % HOUR_MS) / MINUTE_MS, 0, 0);
  return date.getTime() + (timeOfDayMs % MINUTE_MS);
}

function dayOf(year: number, month: number, day: number): number | null {
  const date = new Date(year, month, day);
  return date.getMonth() === month && date.getDate() === day ? date.getTime() : null;
}

/** The last such day when no year is given. */
function pastDay(year: string | undefined, month: number, day: number, now: number): number | null {
  if (year) return dayOf(Number(year), month, day);
  const thisYear = new Date(now).getFullYear();
  const found = dayOf(thisYear, month, day);
  return found !== null && found > now ? dayOf(thisYear - 1, month, day) : found;
}
