/**
 * The part of the contract between UI and engine about doors and counting.
 *
 * GET /reader-clocks                                → ReaderClock[]
 * PUT /reader-clocks/:deviceId  ReaderClockInput    → ReaderClock[]
 * GET /counts?CountsQuery                           → LineCount[]
 */
import { z } from 'zod';
import { LABEL_GROUPS } from './domain-events.ts';

/** A reader's clock against the cameras'; positive: it is ahead, and its reports seem to come from the future. */
export const ReaderClockSchema = z.object({
  deviceId: z.string(),
  /** What reports are corrected by. */
  offsetSeconds: z.number(),
  /** What is seen, on the reader's own clock; null when too little is. `explained` of `unlocks` then have a person who came through. */
  estimate: z.object({ offsetSeconds: z.number(), unlocks: z.number(), explained: z.number() }).nullable(),
});
export type ReaderClock = z.infer<typeof ReaderClockSchema>;

export const ReaderClockInputSchema = z.object({ offsetSeconds: z.number().min(-86_400).max(86_400) });

export const CountsQuerySchema = z
  .object({
    fromEpochMs: z.coerce.number().int(),
    toEpochMs: z.coerce.number().int(),
    /** Length of a step from `fromEpochMs` on. */
    stepMs: z.coerce.number().int().min(60_000).max(86_400_000).default(900_000),
    /** Comma separated; absent: all. */
    cameraIds: z.string().optional(),
  })
  .refine(({ fromEpochMs, toEpochMs }) => toEpochMs > fromEpochMs, 'expected an end later than the start')
  .refine(
    ({ fromEpochMs, toEpochMs, stepMs }) => (toEpochMs - fromEpochMs) / stepMs <= 10_000,
    'expected at most 10000 steps',
  );

/** How many of a kind crossed a line in one step. Steps without any are left out. */
export const LineCountSchema = z.object({
  cameraId: z.uuid(),
  line: z.string(),
  group: z.enum(LABEL_GROUPS),
  startEpochMs: z.number(),
  forward: z.number(),
  backward: z.number(),
});
export type LineCount = z.infer<typeof LineCountSchema>;
