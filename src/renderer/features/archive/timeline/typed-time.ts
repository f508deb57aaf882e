/** Times as people type them ('14:03', 'yesterday 17:40', '-5 min', ISO) to epoch ms. Pure; local zone of the viewer. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../shared/units.ts';
import { addDays, startOfDay } from './ticks.ts';

const UNIT_MS: Record<string, number> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * The moment meant, or null. A bare clock time means the day of `shownEpochMs` (what the user is looking at);
 * `nowEpochMs` is for 'now', 'today', 'yesterday' and offsets with 'ago'. '+30 s' and '-5 min' move from what is shown.
 */
export function parseTypedTime(typed: string, nowEpochMs: number, shownEpochMs: number): number | null {
  const text = typed.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (text === '') return null;
  if (text === 'now' || text === 'live') return nowEpochMs;
  return (
    parseOffset(text, nowEpochMs, shownEpochMs) ??
    parseIso(typed.trim()) ??
    parseDayAndClock(text, nowEpochMs, shownEpochMs)
  );
}

function parseOffset(text: string, nowEpochMs: number, shownEpochMs: number): number | null {
  const match =
    /^([+-])? ?(\d+(?:[.,]\d+)?) ?(s|sec|secs|seconds?|m|min|mins|minutes?|h|hrs?|hours?|d|days?)( ago)?$/.exec(
      text,
    );
  if (!match) return null;
  const [, sign, amount, unit, ago] = match;
  if (!sign && !ago) return null;
  const ms = Number(amount!.replace(',', '.')) * UNIT_MS[unit![0]!]!;
  return ago ? nowEpochMs - ms : shownEpochMs + (sign === '-' ? -ms : ms);
}

/** ISO 8601 with a time; without a zone it is local time. */
function parseIso(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/i.test(text)) return null;
  const time = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(time) ? null : time;
}

function parseDayAndClock(text: string, nowEpochMs: number, shownEpochMs: number): number | null {
  const clockMatch = /(?:^| )(?:at )?(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)? ?(am|pm)?$/.exec(
    text,
  );
  const hourMatch = clockMatch ? null : /(?:^| )(?:at )?(\d{1,2}) ?(am|pm)$/.exec(text);
  const match = clockMatch ?? hourMatch;
  const dayText = (match ? text.slice(0, match.index) : text).trim().replace(/,$/, '');
  const day = dayText === '' ? startOfDay(shownEpochMs) : parseDay(dayText, nowEpochMs);
  if (day === null) return null;
  if (!match) return dayText === '' ? null : day;
  const suffix = clockMatch ? clockMatch[5] : hourMatch![2];
  const clock = parseClock(
    Number(match[1]),
    Number(clockMatch?.[2] ?? 0),
    Number(clockMatch?.[3] ?? 0),
    Number((clockMatch?.[4] ?? '0').padEnd(3, '0')),
    suffix,
  );
  if (!clock) return null;
  const date = new Date(day);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate(), ...clock).getTime();
}

function parseClock(
  hours: number,
  minutes: number,
  seconds: number,
  milliseconds: number,
  suffix: string | undefined,
): [number, number, number, number] | null {
  if (minutes > 59 || seconds > 59) return null;
  if (!suffix) return hours <= 24 ? [hours, minutes, seconds, milliseconds] : null;
  if (hours < 1 || hours > 12) return null;
  return [(hours % 12) + (suffix === 'pm' ? 12 : 0), minutes, seconds, milliseconds];
}

function parseDay(text: string, nowEpochMs: number): number | null {
  const today = startOfDay(nowEpochMs);
  if (text === 'today') return today;
  if (text === 'yesterday') return addDays(today, -1);
  const weekday = WEEKDAYS.findIndex(
    (name) => text.length >= 3 && name.startsWith(text.replace(/^last /, '')),
  );
  if (weekday >= 0) {
    const back = (new Date(today).getDay() - weekday + 7) % 7 || 7;
    return addDays(today, -back);
  }
  return parseIsoDay(text) ?? parseNamedDay(text, nowEpochMs) ?? parseDottedDay(text, nowEpochMs);
}

function parseIsoDay(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match ? dayOf(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : null;
}

/** '20 nov', '20 november 2026', 'nov 20'. */
function parseNamedDay(text: string, nowEpochMs: number): number | null {
  const match =
    /^(\d{1,2})\.? ([a-z]{3,9})\.?(?: (\d{4}))?$/.exec(text) ??
    /^([a-z]{3,9})\.? (\d{1,2}),?(?: (\d{4}))?$/.exec(text);
  if (!match) return null;
  const [dayText, monthText] = /^\d/.test(match[1]!) ? [match[1]!, match[2]!] : [match[2]!, match[1]!];
  const month = MONTHS.indexOf(monthText.slice(0, 3));
  return month < 0 ? null : pastDay(match[3], month, Number(dayText), nowEpochMs);
}

/** '20.11.' and '20.11.2026'. */
function parseDottedDay(text: string, nowEpochMs: number): number | null {
  const match = /^(\d{1,2})\.(\d{1,2})\.(\d{4})?$/.exec(text);
  return match ? pastDay(match[3], Number(match[2]) - 1, Number(match[1]), nowEpochMs) : null;
}

/** Without a year the latest such day that is not in the future: nobody looks for footage of tomorrow. */
function pastDay(year: string | undefined, month: number, day: number, nowEpochMs: number): number | null {
  if (year) return dayOf(Number(year), month, day);
  const thisYear = new Date(nowEpochMs).getFullYear();
  const candidate = dayOf(thisYear, month, day);
  return candidate !== null && candidate > nowEpochMs ? dayOf(thisYear - 1, month, day) : candidate;
}

function dayOf(year: number, month: number, day: number): number | null {
  const date = new Date(year, month, day);
  return date.getMonth() === month && date.getDate() === day ? date.getTime() : null;
}
