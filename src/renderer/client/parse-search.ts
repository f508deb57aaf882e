/** Words as people type them, 'front people approaching mailbox blue yesterday evening', as cameras, labels and a time. Pure. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/units.ts';
import { parseMoment } from './parse-moment.ts';
import { startOfDay } from './time-format.ts';

export interface SearchWords {
  cameraIds: string[];
  /** Labels that an event must have, all of them, as they were typed. */
  words: string[];
  /** Start in [from, to); null: any time. */
  span: TimeSpan | null;
}
export interface TimeSpan {
  fromEpochMs: number;
  toEpochMs: number;
}

export interface SearchNames {
  cameras: ReadonlyArray<{ id: string; name: string }>;
  /** Names of zones and lines, which may have several words. */
  places: readonly string[];
}

/** Labels that are two words. */
const PHRASES = ['license plate', 'entry unlocked', 'forced open', 'entry ajar', 'front desk'];
/** Say nothing of their own. */
const FILLERS = new Set(
  'a an and all any at by events find for from in near of on show that the to was were who with'.split(' '),
);
const PARTS: Record<string, [fromHour: number, toHour: number]> = {
  ...{ morning: [5, 12], afternoon: [12, 17], evening: [17, 22], noon: [11, 13] },
  night: [22, 30],
};
/** A moment stands for so much before and after it. */
const AROUND_MS = 15 * MINUTE_MS;
const MOST_TIME_WORDS = 5;

/** Names that labels may have: of the zones and lines of cameras. */
export function placesOf(
  cameras: ReadonlyArray<{ zones: ReadonlyArray<{ name: string }>; lines: ReadonlyArray<{ name: string }> }>,
): string[] {
  return cameras.flatMap(({ zones, lines }) => [...zones, ...lines].map(({ name }) => name));
}

/** The longest names of cameras and places first, then times, then single words. In quotation marks words stay together. */
export function parseSearch(text: string, names: SearchNames, nowEpochMs: number): SearchWords {
  const tokens: Array<string | null> = [];
  const quoted: string[] = [];
  for (const [, phrase, word] of text.matchAll(/"([^"]+)"|([^\s,;"]+)/g)) {
    if (phrase !== undefined) quoted.push(phrase.trim());
    else tokens.push(word!);
  }
  const cameraIds = byLength(names.cameras, ({ name }) => name)
    .filter(({ name }) => takeAll(tokens, wordsOf(name)))
    .map(({ id }) => id);
  const places = byLength([...names.places, ...PHRASES], (name) => name).filter(
    (name) => wordsOf(name).length > 1 && takeAll(tokens, wordsOf(name)),
  );
  const span = takeSpan(tokens, nowEpochMs);
  const rest = tokens.filter((token) => token !== null && !FILLERS.has(token.toLowerCase())) as string[];
  return {
    cameraIds,
    words: [...new Set([...quoted, ...places, ...rest])].filter((word) => word !== ''),
    span,
  };
}

/** Whether the words stand somewhere side by side; those that do are taken away. */
function takeAll(tokens: Array<string | null>, wanted: readonly string[]): boolean {
  let isFound = false;
  for (let at = 0; wanted.length > 0 && at + wanted.length <= tokens.length; at++) {
    if (!wanted.every((word, i) => tokens[at + i]?.toLowerCase() === word)) continue;
    tokens.fill(null, at, at + wanted.length);
    isFound = true;
  }
  return isFound;
}

/** The longest run of words that is a time. */
function takeSpan(tokens: Array<string | null>, now: number): TimeSpan | null {
  for (let length = Math.min(MOST_TIME_WORDS, tokens.length); length > 0; length--)
    for (let at = 0; at + length <= tokens.length; at++) {
      const run = tokens.slice(at, at + length);
      if (run.includes(null)) continue;
      const span = parseSpan(run.join(' ').toLowerCase(), now);
      if (!span) continue;
      tokens.fill(null, at, at + length);
      return span;
    }
  return null;
}

/** 'yesterday', 'yesterday evening', 'last night', 'this morning', 'last 2 hours', 'monday 17:40', 'since 8am', 'before noon'. */
export function parseSpan(text: string, nowEpochMs: number): TimeSpan | null {
  const recent = /^(?:in the )?(?:last|past) (?:(\d+) )?(minute|min|hour|h|day|week)s?$/.exec(text);
  if (recent) {
    const unit = {
      minute: MINUTE_MS,
      min: MINUTE_MS,
      hour: HOUR_MS,
      h: HOUR_MS,
      day: DAY_MS,
      week: 7 * DAY_MS,
    }[recent[2]!]!;
    return { fromEpochMs: nowEpochMs - Number(recent[1] ?? 1) * unit, toEpochMs: nowEpochMs };
  }
  const border = /^(since|after|before|until) (.+)$/.exec(text);
  if (border) {
    const at = parseMoment(border[2]!, nowEpochMs);
    if (at === null) return null;
    return border[1] === 'since' || border[1] === 'after'
      ? { fromEpochMs: at, toEpochMs: nowEpochMs }
      : { fromEpochMs: 0, toEpochMs: at };
  }
  const part = /^(?:(.+) )?(morning|afternoon|evening|noon|night|tonight)$/.exec(text);
  if (part) return parsePart(part[1] ?? 'today', part[2]!, nowEpochMs);
  // A word alone is a time only where it is a day or a clock's: 'sun' is, '5' is not.
  const at = parseMoment(text, nowEpochMs);
  if (at === null) return null;
  const isDay = parseMoment(`${text} 12:34`, nowEpochMs) !== null;
  return isDay ? hoursOf(at, 0, 24) : { fromEpochMs: at - AROUND_MS, toEpochMs: at + AROUND_MS };
}

function parsePart(dayWords: string, part: string, now: number): TimeSpan | null {
  const [from, to] = PARTS[part === 'tonight' ? 'night' : part]!;
  const isLastNight = part === 'night' && dayWords === 'last';
  const words = dayWords === 'this' || part === 'tonight' ? 'today' : isLastNight ? 'yesterday' : dayWords;
  if (parseMoment(`${words} 12:34`, now) === null) return null;
  const day = parseMoment(words, now);
  return day === null || day !== startOfDay(day) ? null : hoursOf(day, from, to);
}

/** By the calendar, so that it holds on days of 23 and 25 hours too. */
function hoursOf(dayEpochMs: number, from: number, to: number): TimeSpan {
  const at = (hour: number) => new Date(dayEpochMs).setHours(hour, 0, 0, 0);
  return { fromEpochMs: at(from), toEpochMs: at(to) };
}

function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
}

function byLength<T>(list: readonly T[], nameOf: (entry: T) => string): T[] {
  const length = (entry: T) => wordsOf(nameOf(entry)).length * 1000 + nameOf(entry).length;
  return [...list].sort((a, b) => length(b) - length(a));
}
