import { expect, test } from 'vitest';
import type { LineCount } from '../../../shared/access.ts';
import { HOUR_MS } from '../../../shared/units.ts';
import { buildCsv, buildLineRows, hoursOf } from './count-table.ts';

const START = Date.UTC(2026, 0, 5);
const count = (line: string, hour: number, forward: number, backward = 0): LineCount => ({
  ...{ cameraId: 'camera', line, group: 'person', startEpochMs: START + hour * HOUR_MS },
  ...{ forward, backward },
});

test('quarters of an hour add up to hours, and hours to totals', () => {
  const rows = buildLineRows(
    [count('Enter', 8, 2), count('Enter', 8.75, 3, 1), count('Yard', 9, 10)],
    hoursOf(START, START + 24 * HOUR_MS),
  );
  expect(rows.map(({ line }) => line)).toEqual(['Yard', 'Enter']);
  expect(rows[1]).toMatchObject({ totalIn: 5, totalOut: 1 });
  expect(rows[1]!.hours[8]).toEqual({ in: 5, out: 1 });
  expect(rows[1]!.hours).toHaveLength(24);
});

test('a day of 25 hours has 25', () => {
  expect(hoursOf(START, START + 25 * HOUR_MS)).toHaveLength(25);
});

test('the file for spreadsheets quotes, and disarms formulas', () => {
  const hours = hoursOf(START, START + HOUR_MS);
  const rows = buildLineRows([count('=cmd()', 0, 1), count('a "b", c', 0, 2, 1)], hours);
  expect(buildCsv(rows, hours, () => 'door')).toBe(
    'hour (UTC),camera,line,kind,in,out\r\n' +
      '2026-01-05T00:00:00.000Z,door,"a ""b"", c",person,2,1\r\n' +
      "2026-01-05T00:00:00.000Z,door,'=cmd(),person,1,0\r\n",
  );
});
