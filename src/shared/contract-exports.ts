/** Exports, removable drives, the key that signs evidence, and the audit log: their part of the UI's HTTP API, below APP_PREFIX. */
import { z } from 'zod';

// ---- exports ------------------------------------------------------------------------
// GET    /exports                → ExportJob[]            newest first
// POST   /exports   ExportInput  → ExportJob (202)
// DELETE /exports/:id            → 204                    cancels what waits, runs or is paused; removes what has ended, with its files
// POST   /exports/:id/pause      → ExportJob              POST /exports/:id/resume → ExportJob
// GET    /exports/:id/file       → the clip; several files, or an evidence package, as ZIP
// GET    /exports/:id/files/:n   → one file of it; ranges; `?show=true`: to be looked at, not saved

/** Recorded time of one export. */
export const MAX_EXPORT_MS = 24 * 3_600_000;
export const MAX_EXPORT_CAMERAS = 64;

/** A part of a camera's picture that is not to be seen; fractions of the picture. */
export const HiddenRegionSchema = z.object({
  cameraId: z.guid(),
  how: z.enum(['blur', 'black']),
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().min(0.01).max(1),
  height: z.number().min(0.01).max(1),
});
export type HiddenRegion = z.infer<typeof HiddenRegionSchema>;

export const ExportOptionsSchema = z.object({
  audio: z.boolean().default(true),
  /** Camera name and time of each picture are written into it. */
  caption: z.boolean().default(false),
  hidden: z.array(HiddenRegionSchema).max(100).default([]),
  /** So many times faster, without sound; null: as it was. */
  timeLapse: z.number().int().min(2).max(3600).nullable().default(null),
  /** H.264 in 8 bit and AAC, which every player takes. */
  compatible: z.boolean().default(false),
});
export type ExportOptions = z.infer<typeof ExportOptionsSchema>;

export const EXPORT_FORMS = ['clip', 'evidence'] as const;

/** Footage of one camera. */
export const ExportRangeSchema = z.object({
  cameraId: z.guid(),
  fromEpochMs: z.number(),
  toEpochMs: z.number(),
});
export type ExportRange = z.infer<typeof ExportRangeSchema>;

export const ExportInputSchema = z.object({
  cameraIds: z.array(z.guid()).min(1, 'name at least one camera').max(MAX_EXPORT_CAMERAS),
  fromEpochMs: z.number(),
  toEpochMs: z.number(),
  /** Parts of the range, each of a camera; null: all of it, of every camera. MAX_EXPORT_MS then holds for their sum per camera. */
  ranges: z.array(ExportRangeSchema).min(1).max(5000).nullable().default(null),
  form: z.enum(EXPORT_FORMS).default('clip'),
  reason: z.string().trim().max(500).default(''),
  /** Of a drive that is plugged in; null: the file is kept by the engine, to be downloaded. */
  driveId: z.string().max(100).nullable().default(null),
  options: ExportOptionsSchema.prefault({}),
});

export const ExportFileSchema = z.object({
  /** Within the export. */
  name: z.string(),
  sizeBytes: z.number(),
});
export type ExportFile = z.infer<typeof ExportFileSchema>;

/** How much of the time that was asked of one camera is in an export. */
export const ExportContentSchema = z.object({
  cameraId: z.guid(),
  askedMs: z.number(),
  /** In the files. For a video that was uploaded, which is exported whole, what was asked. */
  recordedMs: z.number(),
  /** Stretches of half a second and more that are in no file: within a clip the picture goes on right after them. */
  gapCount: z.number(),
  /** The first ones, at most MAX_LISTED_GAPS; ascending. */
  gaps: z.array(z.object({ fromEpochMs: z.number(), toEpochMs: z.number() })),
});
export type ExportContent = z.infer<typeof ExportContentSchema>;
export const MAX_LISTED_GAPS = 100;

export const ExportJobSchema = z.object({
  id: z.guid(),
  cameras: z.array(z.object({ id: z.guid(), name: z.string() })).min(1),
  fromEpochMs: z.number(),
  toEpochMs: z.number(),
  ranges: z.array(ExportRangeSchema).nullable(),
  form: z.enum(EXPORT_FORMS),
  reason: z.string(),
  /** E-mail address of the account. */
  createdBy: z.string(),
  options: ExportOptionsSchema,
  /** Where it goes, unless the engine keeps it. */
  drive: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The line of the audit log that notes it. */
  auditLine: z.object({ sequence: z.number(), hash: z.string() }).nullable(),
  state: z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']),
  /** What is being done while it runs. */
  step: z.enum(['writing', 'checking']),
  /** 0..1 */
  progress: z.number(),
  problem: z.string().nullable(),
  /** Of the file, or of the folder when there are several. */
  name: z.string(),
  files: z.array(ExportFileSchema),
  sizeBytes: z.number().nullable(),
  /** In the order of `cameras`; null until it is done, and for exports of earlier versions. */
  contents: z.array(ExportContentSchema).nullable(),
  createdEpochMs: z.number(),
});
export type ExportJob = z.infer<typeof ExportJobSchema>;

/** Whether pictures have to be encoded anew. */
export function isEncoded(options: ExportOptions): boolean {
  return options.caption || options.hidden.length > 0 || options.timeLapse !== null || options.compatible;
}

// ---- removable drives -----------------------------------------------------------------
// GET  /drives            → DriveView[]                   those that are plugged in now
// POST /drives/:id/eject  → 204                           409 while an export is written to it

export const DriveViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  fileSystem: z.string(),
  sizeBytes: z.number(),
  freeBytes: z.number(),
  /** Why nothing can be written to it, in the user's words; null when it can. */
  problem: z.string().nullable(),
});
export type DriveView = z.infer<typeof DriveViewSchema>;

// ---- the key that signs evidence ------------------------------------------------------------
// GET /evidence-key       → EvidenceKeyView               GET /evidence-key.pem → the public key

export const EvidenceKeyViewSchema = z.object({
  installationId: z.guid(),
  /** Ed25519, SPKI. */
  publicPem: z.string(),
  fingerprint: z.string(),
});
export type EvidenceKeyView = z.infer<typeof EvidenceKeyViewSchema>;

// ---- audit log --------------------------------------------------------------------------------
// GET /audit?AuditQuery   → AuditPage                     newest first
// GET /audit.csv          → all lines, oldest first

export const AUDIT_ACTIONS = [
  'playback', // recorded footage was played: one line per session, camera and minute of footage at most
  'pictures', // single recorded pictures were seen: one line per session, camera and hour of footage at most; of events, one per wall
  'export-asked',
  'export-done',
  'export-failed',
  'export-cancelled',
  'export-downloaded',
  'export-removed',
  'share-made',
  'share-removed',
  'lock-made', // footage is kept from being deleted from then on
  'lock-changed', // its reason, or until when
  'lock-removed', // before it ran out
  'case-removed',
  'share-seen', // somebody with a shared link saw footage: one line per link, address and minute at most
  'signed-in',
  'sign-in-refused', // a wrong password for an account that there is
  'account-added',
  'account-changed', // role, cameras, or a password that somebody else set
  'account-removed',
  'password-changed', // by the account itself
  'network-changed', // the address, port or certificate that the recorder is reached by
] as const;

export const AuditLineSchema = z.object({
  sequence: z.number(),
  atEpochMs: z.number(),
  action: z.enum(AUDIT_ACTIONS),
  /** E-mail address of the account, or what kind of key was used. */
  actor: z.string(),
  /** Network address; empty for what the engine did by itself. */
  address: z.string(),
  cameras: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Of the footage. */
  fromEpochMs: z.number().nullable(),
  toEpochMs: z.number().nullable(),
  reason: z.string(),
  detail: z.string(),
  prevHash: z.string(),
  hash: z.string(),
});
export type AuditLine = z.infer<typeof AuditLineSchema>;

export const AuditQuerySchema = z.object({
  /** Only lines before this one. */
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const AuditPageSchema = z.object({
  lines: z.array(AuditLineSchema),
  /** Of the whole log. */
  verification: z.object({
    whole: z.boolean(),
    lineCount: z.number(),
    /** What was found, in the user's words; null when it is whole. */
    problem: z.string().nullable(),
  }),
});
export type AuditPage = z.infer<typeof AuditPageSchema>;
