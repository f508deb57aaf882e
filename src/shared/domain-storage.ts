/** The nouns of what is kept: streams, gaps, locks, alerts, recording folders. */
import { z } from 'zod';

// ---- recordings ---------------------------------------------------------------

export const STREAM_KINDS = ['main', 'sub'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

export const GAP_CAUSES = [
  'engine-stopped', // the program was not running, or was ended by force
  'camera-unreachable', // no connection: refused, no route, time-out
  'wrong-credentials',
  'camera-refused', // the camera answered with an error
  'stream-stalled', // connected, but no pictures came
  'stream-ended', // the camera closed the stream
  'unsupported-stream', // a codec or stream that cannot be recorded
  'disk-full',
  'disk-failed',
  'disk-slow',
  'clock-step', // the system clock was set
  'paused', // recording switched off by the user
  'connecting', // there had been no picture of the camera yet: no loss
  'no-event', // recorded only around events, and there was none: no loss
  'deleted', // removed by retention or by the user
  'not-connected', // stored, on a drive that is away: no loss; shown on the timeline, never in the ledger
  'unknown',
] as const;

export const GapCauseSchema = z.enum(GAP_CAUSES);
export type GapCause = (typeof GAP_CAUSES)[number];

export const GapSchema = z.object({
  startEpochMs: z.number(),
  /** null while it lasts. */
  endEpochMs: z.number().nullable(),
  cause: GapCauseSchema,
  /** In the user's words; no credentials. */
  detail: z.string(),
});
export type Gap = z.infer<typeof GapSchema>;

/** A range of a camera's footage that retention leaves alone. Segments that it touches are kept whole. */
export const FootageLockSchema = z.object({
  id: z.uuid(),
  cameraId: z.uuid(),
  startEpochMs: z.number(),
  endEpochMs: z.number(),
  /** Why, in the user's words. */
  reason: z.string(),
  /** E-mail address of the account. */
  createdBy: z.string(),
  createdEpochMs: z.number(),
  /** When it ends by itself; null: when somebody removes it. */
  expiresEpochMs: z.number().nullable(),
});
export type FootageLock = z.infer<typeof FootageLockSchema>;

// ---- alerts ---------------------------------------------------------------------

export const ALERT_KINDS = [
  'camera-offline', // no pictures come, although a stream is set up
  'not-recording', // pictures come and should be stored, but are not
  'picture-frozen', // frames come, but they all show the very same picture
  'picture-black', // the picture is uniformly dark, or of one colour
  'disk-reserve', // less than the reserve is free, and deleting footage does not help
  'footage-short', // the disk holds fewer days than cameras ask for
  'folder-missing', // the folder for recordings does not answer
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Something about the recorder itself that its owner must know. Not an event: other systems' event lists do not show it. */
export const AlertSchema = z.object({
  id: z.number().int(),
  kind: z.enum(ALERT_KINDS),
  /** null: about the recorder as a whole. */
  cameraId: z.guid().nullable(),
  cameraName: z.string().nullable(),
  /** When the trouble itself began, not when it was told. */
  startEpochMs: z.number(),
  /** null while it lasts. */
  endEpochMs: z.number().nullable(),
  /** What is the case; no credentials. */
  words: z.string(),
  /** What to do about it. */
  advice: z.string(),
  acknowledgedEpochMs: z.number().nullable(),
});
export type Alert = z.infer<typeof AlertSchema>;

// ---- recording folders --------------------------------------------------------------

export const VOLUME_ROLES = [
  'record', // new footage goes there
  'archive', // closed segments go there when they are old enough
  'leaving', // nothing new goes there, and what it holds goes to the other folders
] as const;
export type VolumeRole = (typeof VOLUME_ROLES)[number];

/** A recording folder as the user or the provision file names it. */
export const RecordingFolderSchema = z
  .strictObject({
    path: z
      .string()
      .max(1000)
      .refine((path) => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path), 'expected an absolute path'),
    role: z.enum(['record', 'archive']),
    /** For an archive: the age in days at which footage goes there. */
    afterDays: z.number().min(0).max(3650).nullable().optional(),
    /** Reserve on its disk; null or absent: that of all recordings. */
    minFreeBytes: z.number().int().min(0).nullable().optional(),
    /** Of recordings in it; null or absent: no limit of its own. */
    maxBytes: z.number().int().positive().nullable().optional(),
  })
  .refine(({ role, afterDays }) => role !== 'archive' || typeof afterDays === 'number', {
    path: ['afterDays'],
    error: 'expected a number of days, as the folder is an archive',
  })
  .refine(({ role, afterDays }) => role === 'archive' || typeof afterDays !== 'number', {
    path: ['afterDays'],
    error: 'expected none, as the folder is no archive',
  });
export type RecordingFolder = z.infer<typeof RecordingFolderSchema>;

/** `absent`: not there, or not with the mark that it is known by. */
export const VOLUME_STATES = ['present', 'absent', 'read-only', 'full'] as const;
export type VolumeState = (typeof VOLUME_STATES)[number];
