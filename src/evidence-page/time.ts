/** Times as the recorder's own clock showed them, always with their zone. */

/** `Fri 20 Nov 2026, 14:03:05.120 GMT+1` */
export function formatMoment(epochMs: number, timeZone: string, options: { ms?: boolean } = {}): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
    ...{
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'shortOffset',
    },
    ...(options.ms ? { fractionalSecondDigits: 3 as const } : {}),
  });
  return parts.format(epochMs);
}

export function formatTime(epochMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  }).format(epochMs);
}

/** `1 h 3 min`, `4 min 5 s`, `12.3 s` */
export function formatLength(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
