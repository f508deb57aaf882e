/** Searching what was recorded for motion in a part of the picture. Its part of the UI's HTTP API, below APP_PREFIX. */
import { z } from 'zod';

// POST   /archive/motion-searches      MotionSearchInput → MotionSearch (202)   runs in the background
// GET    /archive/motion-searches/:id                    → MotionSearch         kept until it is removed, or 20 newer ones are there
// DELETE /archive/motion-searches/:id                    → 204                  stops it where it runs

/** Recorded time that one search may look at. */
export const MAX_SEARCH_MS = 31 * 86_400_000;
/** A search ends once so many times were found. */
export const MOST_HITS = 500;

/** Fractions of the picture. */
export const SearchBoxSchema = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().min(0.005).max(1),
  height: z.number().min(0.005).max(1),
});

export const MotionSearchInputSchema = z
  .object({
    cameraId: z.guid(),
    box: SearchBoxSchema,
    fromEpochMs: z.number().int().min(0),
    toEpochMs: z.number().int().min(0),
  })
  .refine(({ fromEpochMs, toEpochMs }) => toEpochMs > fromEpochMs, 'the end must be later than the start')
  .refine(
    ({ fromEpochMs, toEpochMs }) => toEpochMs - fromEpochMs <= MAX_SEARCH_MS,
    'a search can be over 31 days at most',
  );
export type MotionSearchInput = z.infer<typeof MotionSearchInputSchema>;

export const MotionHitSchema = z.object({ startEpochMs: z.number(), endEpochMs: z.number() });
export type MotionHit = z.infer<typeof MotionHitSchema>;

export const MotionSearchSchema = z.object({
  id: z.guid(),
  cameraId: z.guid(),
  box: SearchBoxSchema,
  fromEpochMs: z.number(),
  toEpochMs: z.number(),
  state: z.enum(['running', 'done', 'failed']),
  /** Why it failed, in the user's words. */
  problem: z.string().nullable(),
  /** 0..1, of the recorded time. */
  progress: z.number(),
  /** Ascending. */
  hits: z.array(MotionHitSchema),
  /** It ended early because MOST_HITS were found. */
  full: z.boolean(),
});
export type MotionSearch = z.infer<typeof MotionSearchSchema>;
