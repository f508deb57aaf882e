/** The contract's events, archive and locks. */

import { z } from 'zod';
import { BookmarkSchema } from './bookmarks.ts';
import { EventTypeSchema, NvrEventSchema } from './domain-events.ts';
import { AlertSchema, FootageLockSchema, GapSchema, STREAM_KINDS } from './domain-storage.ts';

// ---- events ---------------------------------------------------------------------
// GET /events?EventQuery               → EventPage, newest first
// GET /events/:id/alike?limit → NvrEvent[], the most alike first
// GET /events/:id                      → NvrEvent
// GET /events/:id/snapshot.jpg         picture with the object's box drawn      ?plain=true without
// GET /events/:id/crop.jpg             the object alone

/** Lists are comma separated. */
export const EventQuerySchema = z.object({
  cameraIds: z.string().optional(),
  types: z.string().optional(),
  labels: z.string().optional(),
  fromEpochMs: z.coerce.number().optional(),
  toEpochMs: z.coerce.number().optional(),
  /** `nextCursor` of the page before. */
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(60),
});

export const EventPageSchema = z.object({
  items: z.array(NvrEventSchema),
  nextCursor: z.string().nullable(),
});
export type EventPage = z.infer<typeof EventPageSchema>;

// ---- archive ----------------------------------------------------------------------
// GET /archive/timeline?TimelineQuery      → TimelineLane[]
// GET /archive/bounds                      → ArchiveBounds
// GET /archive/:cameraId/segments?fromEpochMs&toEpochMs&stream=main → ArchiveSegment[]  ascending, those that overlap
// GET /archive/:cameraId/media?MediaQuery  → video/mp4 bytes: init segment, then fragments, decode times on the player's clock
// GET /archive/:cameraId/frame.jpg?atEpochMs&width=320 → the recorded picture at or just before that time, else the uploaded one; 404 where there is none
// GET /archive/:cameraId/upload?atEpochMs  → UploadAnswer           the upload that shows that time, else the next
// GET /events/:id/uploads                  → TimelineUpload[]       what was uploaded for an event, ascending
// GET /uploads/:id/file                    → the bytes as they were uploaded; ranges
// GET /uploads/:id/picture.jpg?width=320   → a picture of it, upright

export const TimelineQuerySchema = z.object({
  cameraIds: z.string(),
  fromEpochMs: z.coerce.number(),
  toEpochMs: z.coerce.number(),
  /**
   * Milliseconds per pixel: spans closer together are joined. Events of one step of four pixels share a mark, of the kind that matters most;
   * 0: every event has its own.
   */
  resolutionMs: z.coerce.number().min(0).default(0),
});

export const TimelineMarkSchema = z.object({
  eventId: z.guid(),
  type: EventTypeSchema,
  label: z.string().nullable(),
  startEpochMs: z.number(),
  /** How many events this mark stands for. */
  count: z.number(),
});
export type TimelineMark = z.infer<typeof TimelineMarkSchema>;

/** An uploaded picture or video on a lane, or several of a kind that are too close together to be told apart. */
export const TimelineUploadSchema = z.object({
  /** Of the content; of several the first. */
  id: z.string(),
  contentType: z.enum(['image/jpeg', 'video/mp4']),
  startEpochMs: z.number(),
  /** A picture lasts a few seconds, or until the next upload. */
  endEpochMs: z.number(),
  count: z.number(),
});
export type TimelineUpload = z.infer<typeof TimelineUploadSchema>;

export const UploadAnswerSchema = z.object({ upload: TimelineUploadSchema.nullable() });

export const TimelineLaneSchema = z.object({
  cameraId: z.guid(),
  /** Recorded spans [start, end), ascending, in epoch ms; the open segment included. */
  spans: z.array(z.tuple([z.number(), z.number()])),
  gaps: z.array(GapSchema),
  locks: z.array(FootageLockSchema),
  bookmarks: z.array(BookmarkSchema),
  marks: z.array(TimelineMarkSchema),
  /** Of a frozen or black picture: there is footage, but it shows nothing. */
  pictureAlerts: z.array(AlertSchema),
  uploads: z.array(TimelineUploadSchema),
});
export type TimelineLane = z.infer<typeof TimelineLaneSchema>;

export const ArchiveBoundsSchema = z.object({
  earliestEpochMs: z.number().nullable(),
  latestEpochMs: z.number().nullable(),
});

export const ArchiveSegmentSchema = z.object({
  startEpochMs: z.number(),
  endEpochMs: z.number(),
  videoCodecString: z.string(),
  audioCodecString: z.string().nullable(),
  width: z.number(),
  height: z.number(),
});
export type ArchiveSegment = z.infer<typeof ArchiveSegmentSchema>;

/**
 * Media for MSE. Starts at the key frame at or before `fromEpochMs`, ends before `toEpochMs`; never crosses a change of codec
 * or size (header `x-next-epoch-ms` says where to go on, empty at the end of the archive). One track per request.
 * 404 when nothing is recorded in the range; `x-next-epoch-ms` then names the next recorded time. The header `x-codec` names the codec of
 * what is answered (RFC 6381), `x-shows` its Rendition. What is converted is answered from key frame to key frame, also beyond the range; it
 * is 503 where it cannot be converted.
 */
export const MediaQuerySchema = z.object({
  fromEpochMs: z.coerce.number(),
  toEpochMs: z.coerce.number(),
  /** Player time 0; `tfdt` of a sample captured at T is (T − base) on the track's timescale. */
  baseEpochMs: z.coerce.number(),
  track: z.enum(['video', 'audio']).default('video'),
  stream: z.enum(STREAM_KINDS).default('main'),
  /** What the player can decode: whatever was recorded, or H.264 alone. */
  decodes: z.enum(['any', 'h264']).default('any'),
});

/** What a player is given: the recording of a stream as it is, or H.264 made of it. */
export const RENDITIONS = [...STREAM_KINDS, 'converted'] as const;
export type Rendition = (typeof RENDITIONS)[number];

// ---- locks ----------------------------------------------------------------------------
// GET    /locks?cameraId               → LockView[]     newest first
// POST   /locks          LockInput     → LocksMade (201) a lock per camera that recorded something then; 409, and no lock, when one
//                                                       goes over what locks may hold, or none of the cameras recorded anything
// PATCH  /locks/:id      LockPatch     → LockView
// DELETE /locks/:id                    → 204            what it held may be deleted from then on

const LockReasonSchema = z.string().trim().min(1, 'a reason is needed').max(500);

export const LockInputSchema = z.object({
  cameraIds: z.array(z.uuid()).min(1).max(100),
  startEpochMs: z.number().int().min(0),
  endEpochMs: z.number().int().min(0),
  reason: LockReasonSchema,
  expiresEpochMs: z.number().int().nullable().default(null),
});

export const LockPatchSchema = z.object({
  reason: LockReasonSchema.optional(),
  expiresEpochMs: z.number().int().nullable().optional(),
});

export const LockQuerySchema = z.object({ cameraId: z.uuid().optional() });

export const LockViewSchema = FootageLockSchema.extend({
  /** Of the segments that it keeps; several locks may keep the same ones. */
  sizeBytes: z.number(),
});
export type LockView = z.infer<typeof LockViewSchema>;

export const LocksMadeSchema = z.object({
  locks: z.array(LockViewSchema),
  /** Passed over: they recorded nothing in that time. */
  unrecordedCameraIds: z.array(z.string()),
});
export type LocksMade = z.infer<typeof LocksMadeSchema>;
