/**
 * The part of the contract between UI and engine that tries rules on footage: rehearsals, which change nothing, and backfills, which add
 * to the archive's events what the stored rules find in what was recorded earlier.
 *
 * POST   /cameras/:id/rehearsals  RehearsalInput   → Rehearsal (202)
 * GET    /rehearsals/:id                           → Rehearsal
 * PUT    /rehearsals/:id/rules    RehearsalRules   → Rehearsal    other rules on the pictures analysed already
 * DELETE /rehearsals/:id                           → 204
 * POST   /rehearsal-videos        the video's bytes → RehearsalVideo (201), kept until the engine stops or a day is over
 * GET    /backfills                                → Backfill[], newest first
 * POST   /backfills               BackfillInput    → Backfill (202)
 * POST   /backfills/:id/pause, /backfills/:id/resume → Backfill
 * DELETE /backfills/:id                            → 204          cancels one that runs, forgets one that has ended
 */
import { z } from 'zod';
import { AnalysisSchema, LineSchema, uniquelyNamed, ZoneSchema } from './domain-camera.ts';
import { EventDetailSchema, EventTypeSchema } from './domain-events.ts';

/** What of a camera's settings decides which events there are. */
export const RehearsalRulesSchema = z.object({
  zones: uniquelyNamed(z.array(ZoneSchema)).default([]),
  lines: uniquelyNamed(z.array(LineSchema)).default([]),
  analysis: AnalysisSchema.prefault({}),
  readers: z.array(z.string().min(1)).default([]),
});
export type RehearsalRules = z.infer<typeof RehearsalRulesSchema>;

/** Longest stretch of footage that is rehearsed at once, in ms. */
export const MAX_REHEARSAL_MS = 12 * 3_600_000;

export const RehearsalInputSchema = z.object({
  rules: RehearsalRulesSchema,
  /** Recorded footage, or a video that was sent before: its times begin at 0. */
  footage: z.union([
    z.object({ fromEpochMs: z.number().int(), toEpochMs: z.number().int() }),
    z.object({ videoId: z.uuid() }),
  ]),
});
export type RehearsalInput = z.input<typeof RehearsalInputSchema>;

/** What a rule found. Times as those of the footage: epoch ms, or ms from the start of a video. */
export const RehearsalHitSchema = z.object({
  type: EventTypeSchema,
  atMs: z.number(),
  startMs: z.number(),
  detail: EventDetailSchema,
});
export type RehearsalHit = z.infer<typeof RehearsalHitSchema>;

export const RehearsalSchema = z.object({
  id: z.uuid(),
  cameraId: z.uuid(),
  /** `ended`: everything has been looked at, or as much as could be (`problem` says why not all). */
  state: z.enum(['running', 'ended', 'failed']),
  /** 0..1; null while a video is looked through whose length is not known. */
  progress: z.number().nullable(),
  problem: z.string().nullable(),
  fromMs: z.number(),
  /** What has been reached so far where the length is not known. */
  toMs: z.number(),
  /** Pictures analysed so far, and how many times faster than real time. */
  pictures: z.number(),
  speed: z.number().nullable(),
  /** In order of time; at most `MAX_HITS`. */
  hits: z.array(RehearsalHitSchema),
});
export type Rehearsal = z.infer<typeof RehearsalSchema>;
export const MAX_HITS = 2000;

/** `durationSeconds` is 0 where the file does not say. */
export const RehearsalVideoSchema = z.object({ videoId: z.uuid(), durationSeconds: z.number() });
export type RehearsalVideo = z.infer<typeof RehearsalVideoSchema>;

export const BackfillInputSchema = z
  .object({ cameraId: z.uuid(), fromEpochMs: z.number().int(), toEpochMs: z.number().int() })
  .refine(({ fromEpochMs, toEpochMs }) => toEpochMs > fromEpochMs, 'expected an end later than the start');
export type BackfillInput = z.infer<typeof BackfillInputSchema>;

export const BACKFILL_STATES = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export const BackfillSchema = z.object({
  id: z.uuid(),
  cameraId: z.uuid(),
  cameraName: z.string(),
  fromEpochMs: z.number(),
  toEpochMs: z.number(),
  state: z.enum(BACKFILL_STATES),
  /** Everything before this time has been looked at. */
  reachedEpochMs: z.number(),
  /** Events added, and findings that the archive had already. */
  added: z.number(),
  known: z.number(),
  problem: z.string().nullable(),
  createdEpochMs: z.number(),
});
export type Backfill = z.infer<typeof BackfillSchema>;
