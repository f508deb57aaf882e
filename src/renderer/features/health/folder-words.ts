/** A recording folder in words: what it is for, how it is, what is in it. */
import { plural, t } from '@lingui/core/macro';
import type { VolumeView } from '../../../shared/contract-health.ts';
import { addDays, formatBytes, formatDayInSentence } from '../../client/time-format.ts';
import type { Hue } from '../../ui/Badge.tsx';

type Folder = Pick<
  VolumeView,
  'id' | 'role' | 'afterDays' | 'state' | 'problem' | 'usedBytes' | 'freeBytes' | 'totalBytes' | 'sameDiskAs'
>;

export function roleWords({ role, afterDays, usedBytes }: Folder): string {
  if (role === 'record') return t`New footage`;
  if (role === 'archive')
    return plural(afterDays ?? 0, { one: 'Archive after # day', other: 'Archive after # days' });
  return usedBytes > 0 ? t`Being emptied: its footage goes to the other folders` : t`Not used`;
}

export function stateWords({ state, role }: Folder): { hue: Hue; words: string } {
  if (state === 'absent') return { hue: 'alarm', words: t`Not there` };
  if (state === 'read-only') return { hue: 'degraded', words: t`Read-only` };
  if (state === 'full') return { hue: role === 'record' ? 'degraded' : 'neutral', words: t`Full` };
  return { hue: role === 'leaving' ? 'neutral' : 'well', words: t`In order` };
}

/** The quiet line below: footage in it, and the space of its disk. */
export function spaceWords({ state, usedBytes, freeBytes, totalBytes, sameDiskAs }: Folder): string {
  const footage = t`${formatBytes(usedBytes)} of footage`;
  if (state === 'absent') return footage;
  return sameDiskAs === null
    ? t`${footage}, ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`
    : t`${footage}, on the same disk as ${sameDiskAs}`;
}

/** More stretches than this are told as one, with the number of days. */
const MOST_STRETCHES = 3;

/** Which days these are (`YYYY-MM-DD`, ascending): 'Tue 3 Nov to Sun 8 Nov', 'Tue 10 Nov'. */
export function dayWords(days: readonly string[], nowEpochMs?: number): string[] {
  const stretches: Array<{ first: number; last: number }> = [];
  for (const at of days.map(midnightOf)) {
    const last = stretches.at(-1);
    if (last && addDays(last.last, 1) === at) last.last = at;
    else stretches.push({ first: at, last: at });
  }
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (!first || !last) return [];
  const words = (from: number, to: number) =>
    from === to
      ? formatDayInSentence(from, nowEpochMs)
      : t`${formatDayInSentence(from, nowEpochMs)} to ${formatDayInSentence(to, nowEpochMs)}`;
  if (stretches.length > MOST_STRETCHES)
    return [
      plural(days.length, {
        one: `# day, ${words(first.first, last.last)}`,
        other: `# days, ${words(first.first, last.last)}`,
      }),
    ];
  return stretches.map((stretch) => words(stretch.first, stretch.last));
}

function midnightOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).getTime();
}

/** Below this a few cameras may come faster than the disk writes. */
const SLOW_BYTES_PER_SECOND = 20_000_000;

/** How fast a new folder was written, with what follows from it. */
export function speedWords(bytesPerSecond: number): string {
  const speed = formatBytes(bytesPerSecond);
  return bytesPerSecond < SLOW_BYTES_PER_SECOND
    ? t`Written at ${speed} per second. That is slow for several cameras.`
    : t`Written at ${speed} per second.`;
}
