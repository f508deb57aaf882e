/** Who crossed which line, by the hours of a local day. Pure. */
import type { LineCount } from '../../../shared/access.ts';
import { HOUR_MS } from '../../../shared/units.ts';

export interface LineRow {
  cameraId: string;
  line: string;
  group: LineCount['group'];
  /** Of each hour of the day, in order; a day has 23 to 25. */
  hours: Array<{ in: number; out: number }>;
  totalIn: number;
  totalOut: number;
}

/** Starts of the hours of [start, end), on the local clock's full hours. */
export function hoursOf(startEpochMs: number, endEpochMs: number): number[] {
  const hours: number[] = [];
  for (let at = startEpochMs; at < endEpochMs; at += HOUR_MS) hours.push(at);
  return hours;
}

/** A row per line and kind, busiest first. Counts are in steps that divide an hour. */
export function buildLineRows(counts: readonly LineCount[], hours: readonly number[]): LineRow[] {
  const first = hours[0] ?? 0;
  const rows = new Map<string, LineRow>();
  for (const { cameraId, line, group, startEpochMs, forward, backward } of counts) {
    const key = JSON.stringify([cameraId, line, group]);
    let row = rows.get(key);
    if (!row) {
      row = { cameraId, line, group, hours: hours.map(() => ({ in: 0, out: 0 })), totalIn: 0, totalOut: 0 };
      rows.set(key, row);
    }
    const hour = row.hours[Math.floor((startEpochMs - first) / HOUR_MS)];
    if (!hour) continue;
    hour.in += forward;
    hour.out += backward;
    row.totalIn += forward;
    row.totalOut += backward;
  }
  return [...rows.values()].sort((a, b) => b.totalIn + b.totalOut - (a.totalIn + a.totalOut));
}

/** The table as RFC 4180 CSV with a head. Texts that a spreadsheet would take for formulas are disarmed. */
export function buildCsv(
  rows: readonly LineRow[],
  hours: readonly number[],
  cameraName: (cameraId: string) => string,
): string {
  const lines = rows.flatMap((row) =>
    row.hours.flatMap((hour, index) =>
      hour.in + hour.out === 0
        ? []
        : [
            [
              new Date(hours[index]!).toISOString(),
              cameraName(row.cameraId),
              row.line,
              row.group,
              hour.in,
              hour.out,
            ],
          ],
    ),
  );
  return [['hour (UTC)', 'camera', 'line', 'kind', 'in', 'out'], ...lines]
    .map((line) => `${line.map(field).join(',')}\r\n`)
    .join('');
}

function field(value: string | number): string {
  const text = String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
