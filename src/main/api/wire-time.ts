/** Times as the APIs read and write them. Inside the engine a time is milliseconds since 1970 UTC. */

const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Reads an ISO 8601 time: `Z`, `+01:00`, `+0100`, `-0000` or no zone (UTC), up to 9 digits of a second (cut to ms).
 * Null when it is none.
 */
export function parseWireTime(text: string): number | null {
  const match = ISO_8601.exec(text.trim());
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const offsetMinutes = parseOffset(match[8] ?? 'Z');
  if (offsetMinutes === null) return null;
  const milliseconds = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000 + 1e-9);
  return date.setUTCHours(hour, minute, second, milliseconds) - offsetMinutes * 60_000;
}

/** As `parseWireTime`, for a value out of a query string, where an unescaped `+` arrives as a space. */
export function parseQueryTime(text: string): number | null {
  return parseWireTime(text.replace(/(T[^ ]*) (\d{2}(?::?\d{2})?)$/i, '$1+$2'));
}

/** `2014-02-21T04:12:38.911-0000` */
export function formatCamioTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '-0000');
}

/** `2026-04-10T08:00:00Z`, with milliseconds only where there are any: fleet and Faceter. */
export function formatPlainTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}

/** `2000-01-23T04:56:07.000+00:00` */
export function formatCamlyticsTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+00:00');
}

/** `2000-01-23 04:56:07.000`, as Camlytics webhooks carry it. */
export function formatCamlyticsHookTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('T', ' ').replace('Z', '');
}

function parseOffset(zone: string): number | null {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
