/** Values of query parameters and of JSON bodies that several APIs read alike. Pure. */
import { z } from 'zod';
import { parseQueryTime, parseWireTime } from './wire-time.ts';

const TIME_WORDS = 'expected an ISO 8601 time like 2026-04-10T08:00:00Z';

/** A parameter that may stand in the query more than once; the last one counts. */
export function once<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (Array.isArray(value) ? value.at(-1) : value), schema);
}

/** A comma list, or the parameter several times. */
export const ListValue = z.union([z.string(), z.array(z.string())]);

export function listOf(value: string | readonly string[] | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  return [value].flat().flatMap((text) => text.split(',').map((part) => part.trim()));
}

export const QueryTimeValue = z
  .string()
  .refine((text) => parseQueryTime(text) !== null, TIME_WORDS)
  .meta({ description: 'ISO 8601; UTC where it names no zone' });

export const BodyTimeValue = z
  .string()
  .refine((text) => parseWireTime(text) !== null, TIME_WORDS)
  .meta({ description: 'ISO 8601; UTC where it names no zone' });

/** A whole number as text. */
export function wholeNumber(options: { min?: number; max?: number } = {}) {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  const words =
    options.min === undefined ? 'expected a whole number' : `expected a whole number of at least ${min}`;
  return z.string().refine((text) => {
    const value = Number(text);
    return /^[+-]?\d{1,19}$/.test(text.trim()) && value >= min && value <= max;
  }, words);
}

export const HttpUrl = z
  .string()
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'expected an http:// or https:// URL');
