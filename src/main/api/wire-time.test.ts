import { expect, test } from 'vitest';
import {
  formatCamioTime,
  formatCamlyticsHookTime,
  formatCamlyticsTime,
  formatPlainTime,
  parseQueryTime,
  parseWireTime,
} from './wire-time.ts';

const noon = Date.UTC(2021, 10, 1, 12, 0, 0);

test.each<[string, number | null]>([
  ['2021-11-01T12:00:00Z', noon],
  ['2021-11-01T12:00:00.000Z', noon],
  ['2021-11-01T12:00:00.250999999z', noon + 250],
  ['2021-11-01T12:00:00.999999999Z', noon + 999],
  ['2021-11-01T12:00:00.001Z', noon + 1],
  ['2021-11-01T12:00:00.0000000001Z', null],
  ['2021-11-01T12:00:00', noon],
  ['2021-11-01T13:00:00+01:00', noon],
  ['2021-11-01T13:00:00+0100', noon],
  ['2021-11-01T12:00:00.000-0000', noon],
  ['2021-11-01T07:30:00-04:30', noon],
  ['2021-11-01', noon - 12 * 3_600_000],
  ['2021-02-29T00:00:00Z', null],
  ['2021-13-01T00:00:00Z', null],
  ['2021-11-01T24:00:00Z', null],
  ['2021-11-01T12:60:00Z', null],
  ['2021-11-01T12:00:00+25:00', null],
  ['2021-11-01 12:00:00Z', null],
  ['yesterday', null],
  ['1635768000', null],
  ['', null],
])('parses %s', (text, expected) => {
  expect(parseWireTime(text)).toBe(expected);
});

test('a plus that arrived as a space in a query is one', () => {
  expect(parseQueryTime('2021-11-01T13:00:00 01:00')).toBe(noon);
  expect(parseQueryTime('2021-11-01T13:00:00.5 0100')).toBe(noon + 500);
  expect(parseQueryTime('2021-11-01T12:00:00Z')).toBe(noon);
});

test('writes each API its own form', () => {
  expect(formatCamioTime(noon + 911)).toBe('2021-11-01T12:00:00.911-0000');
  expect(formatPlainTime(noon)).toBe('2021-11-01T12:00:00Z');
  expect(formatPlainTime(noon + 5)).toBe('2021-11-01T12:00:00.005Z');
  expect(formatCamlyticsTime(noon)).toBe('2021-11-01T12:00:00.000+00:00');
  expect(formatCamlyticsHookTime(noon)).toBe('2021-11-01 12:00:00.000');
});
