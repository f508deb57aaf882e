/**
 * The contract between the UI and the engine: JSON over HTTP below `/app/v1`, and WebSockets. Both ends derive from it.
 *
 * Authentication: an HttpOnly session cookie set by `POST /app/v1/session`. Errors: `{ message }` in the user's words with a
 * fitting status. Times: milliseconds since 1970 UTC. Pictures: fractions of the picture, x right, y down.
 */
import { z } from 'zod';
import { PasswordSchema, RoleSchema } from './accounts.ts';
import { BookmarkSchema } from './bookmarks.ts';
import { ExportJobSchema } from './contract-exports.ts';
import {
  AlertSchema,
  AnalysisSchema,
  CameraSchema,
  EventTypeSchema,
  FootageLockSchema,
  GapCauseSchema,
  GapSchema,
  LineSchema,
  NvrEventSchema,
  ReaderSchema,
  RecordingSchema,
  SiteSchema,
  SourceSchema,
  STREAM_KINDS,
  uniquelyNamed,
  VOLUME_ROLES,
  VOLUME_STATES,
  ZoneSchema,
} from './domain.ts';

export const APP_PREFIX = '/app/v1';

export const ErrorBodySchema = z.object({ message: z.string() });

// ---- session ------------------------------------------------------------------
// GET    /session                      → SessionView            (no credential needed)
// POST   /setup    AccountInput        → SessionView            (only while there is no account)
// POST   /session  SignInInput         → SessionView            401 wrong
// DELETE /session                      → 204
// Roles and accounts: accounts.ts. What an account's role does not allow is 403, what is of a camera that it does not see 404.

export const SessionViewSchema = z.object({
  /** `setup`: no account yet, show the first run. */
  state: z.enum(['setup', 'signed-out', 'signed-in']),
  email: z.string().nullable(),
  /** Of the account; null while nobody is signed in. */
  role: RoleSchema.nullable(),
  version: z.string(),
  /** Setup from another machine needs the code that stands in the file `setup-code` of the data folder. */
  setupCodeNeeded: z.boolean(),
});
export type SessionView = z.infer<typeof SessionViewSchema>;

export const SignInInputSchema = z.object({ email: z.string().trim().min(1), password: z.string().min(1) });
export const AccountInputSchema = z.object({
  email: z.email('expected an e-mail address'),
  password: PasswordSchema,
  setupCode: z.string().optional(),
});

// ---- cameras ------------------------------------------------------------------
// GET    /cameras                      → CameraView[]
// POST   /cameras            CameraInput → CameraView (201)
// GET    /cameras/:id                  → CameraView
// PATCH  /cameras/:id        CameraPatch → CameraView
// DELETE /cameras/:id                  → 204               recordings are deleted with it; 409 while some are locked
// GET    /cameras/:id/picture.jpg?width=640   newest picture, 404 before the first

export const CAMERA_STATES = [
  'connecting', // first attempt under way
  'online', // frames within the last 10 s
  'retrying', // lost, trying again
  'paused', // switched off by the user
  'no-source', // made through an API or an upload, has no stream
] as const;

export const StreamFactsSchema = z.object({
  stream: z.enum(STREAM_KINDS),
  videoCodec: z.string(),
  /** RFC 6381, e.g. avc1.640028. */
  codecString: z.string(),
  width: z.number(),
  height: z.number(),
  framesPerSecond: z.number(),
  bitsPerSecond: z.number(),
  keyframeIntervalSeconds: z.number().nullable(),
  audioCodec: z.string().nullable(),
  /** In the user's words: why it is not recorded as it comes; null where it is. */
  note: z.string().nullable(),
  /** How its RTP packets arrive, since the connection was made; null for what comes by another way. */
  network: z
    .object({
      /** Interarrival jitter of the video (RFC 3550, 6.4.1). */
      jitterMs: z.number(),
      packetsReceived: z.number(),
      packetsLost: z.number(),
      /** By which the camera's clock is ahead of ours, as its sender reports say; null where it sends none or does not know the time. */
      clockAheadMs: z.number().nullable(),
    })
    .nullable(),
  /** What the camera itself reports in its ONVIF metadata, the newest first: topic and state in its own words. */
  reports: z.array(z.object({ what: z.string(), value: z.string(), sinceEpochMs: z.number() })),
});
export type StreamFacts = z.infer<typeof StreamFactsSchema>;

export const CameraStatusSchema = z.object({
  cameraId: z.guid(),
  state: z.enum(CAMERA_STATES),
  /** Since when the state holds. */
  sinceEpochMs: z.number(),
  /** In the user's words, when something is wrong: 'Wrong user name or password'. No credentials. */
  problem: z.string().nullable(),
  /** What the user can do about it; null if nothing is wrong. */
  advice: z.string().nullable(),
  lastFrameEpochMs: z.number().nullable(),
  recording: z.boolean(),
  /** In the user's words, while nothing is to be recorded although the camera's mode says so: 'Outside its recording hours'. */
  recordingOffBecause: z.string().optional(),
  streams: z.array(StreamFactsSchema),
  /** Analysed pictures per second over the last seconds; null when analysis is off. */
  analysedFps: z.number().nullable(),
  /** Why analysis does not run as asked ('No detector model is installed …'); null when all is well. */
  analysisProblem: z.string().nullable(),
  /** Share of today (since local midnight, or since the camera was added) that is recorded, 0..1; null before the first minute. */
  completenessToday: z.number().nullable(),
});
export type CameraStatus = z.infer<typeof CameraStatusSchema>;

export const CameraViewSchema = z.object({
  id: z.guid(),
  name: z.string(),
  siteId: z.number(),
  serialNumber: z.string().nullable(),
  macAddress: z.string().nullable(),
  /**
   * Source URLs with the password replaced by `••••`; sending them back unchanged keeps the stored password. null: it has no stream,
   * or who asks is no administrator.
   */
  source: z
    .object({ main: z.string(), sub: z.string().nullable(), transport: z.enum(['tcp', 'udp']) })
    .nullable(),
  recording: RecordingSchema,
  analysis: AnalysisSchema,
  zones: z.array(ZoneSchema),
  lines: z.array(LineSchema),
  readers: z.array(z.string()),
  createdEpochMs: z.number(),
  status: CameraStatusSchema,
});
export type CameraView = z.infer<typeof CameraViewSchema>;

export const MASKED_PASSWORD = '••••';

export const CameraInputSchema = z.object({
  name: CameraSchema.shape.name,
  siteId: z.number().int().positive().optional(),
  source: SourceSchema,
  recording: RecordingSchema.prefault({}),
  analysis: AnalysisSchema.prefault({}),
  zones: uniquelyNamed(z.array(ZoneSchema)).default([]),
  lines: uniquelyNamed(z.array(LineSchema)).default([]),
  readers: z.array(z.string()).default([]),
});
export type CameraInput = z.input<typeof CameraInputSchema>;

/** Only what is named is changed. */
export const CameraPatchSchema = z.object({
  name: CameraSchema.shape.name.optional(),
  siteId: z.number().int().positive().optional(),
  source: SourceSchema.optional(),
  recording: RecordingSchema.optional(),
  analysis: AnalysisSchema.optional(),
  zones: uniquelyNamed(z.array(ZoneSchema)).optional(),
  lines: uniquelyNamed(z.array(LineSchema)).optional(),
  readers: z.array(z.string()).optional(),
});
export type CameraPatch = z.input<typeof CameraPatchSchema>;

/** A look at a source before anything is saved. */
export const ProbeResultSchema = z.object({
  ok: z.boolean(),
  problem: z.string().nullable(),
  advice: z.string().nullable(),
  facts: StreamFactsSchema.nullable(),
  /** data: URL of a JPEG. */
  picture: z.string().nullable(),
});
export type ProbeResult = z.infer<typeof ProbeResultSchema>;

// ---- sites and readers ----------------------------------------------------------
// GET /sites → Site[]      GET /readers → Reader[]     PUT /readers Reader[] → Reader[]
export const SitesSchema = z.array(SiteSchema);
export const ReadersSchema = z.array(ReaderSchema);

// ---- places, pausing, integrations ------------------------------------------------
// POST /sites {name} → Site (201)      PATCH /sites/:id {name} → Site      DELETE /sites/:id → 204, 409 while cameras are in it
// GET /rooms → Room[]   POST /rooms {siteId, name} → Room (201)   PATCH /rooms/:id RoomPatch → Room   DELETE /rooms/:id → 204
// PUT /cameras/:id/paused {paused} → CameraView's status `paused` follows; 204
// GET /camlytics-webhooks → CamlyticsWebhook[]   POST CamlyticsWebhookInput → CamlyticsWebhook[] (201)   DELETE /camlytics-webhooks/:id → 204
// POST /camlytics-webhooks/:id/test → CamlyticsWebhook[] (202), after a made-up event was put on its way
// GET /integration-keys → IntegrationKey[]       POST {name} → IntegrationKey & {key} (201), shown once     DELETE /integration-keys/:id → 204
// GET /camlytics-keys → {key}[]                  POST → {key, secret} (201), the secret is shown once       DELETE /camlytics-keys/:key → 204
export const PlaceNameSchema = z.object({ name: SiteSchema.shape.name });
export const RoomSchema = z.object({
  id: z.number(),
  siteId: z.number(),
  name: z.string(),
  cameraIds: z.array(z.guid()),
});
export type RoomView = z.infer<typeof RoomSchema>;
export const RoomInputSchema = PlaceNameSchema.extend({ siteId: z.number().int().positive() });
/** Cameras that are named are in this room and in no other. */
export const RoomPatchSchema = z.object({
  name: SiteSchema.shape.name.optional(),
  cameraIds: z.array(z.guid()).optional(),
});
export const PausedInputSchema = z.object({ paused: z.boolean() });
export const CamlyticsWebhookInputSchema = z
  .object({
    url: z
      .string()
      .refine(
        (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
        'expected an http:// or https:// URL',
      ),
    siteId: z.number().int().positive().nullable().default(null),
    cameraId: z.guid().nullable().default(null),
  })
  .refine(
    ({ siteId, cameraId }) => (siteId === null) !== (cameraId === null),
    'expected either siteId or cameraId',
  );
export const CamlyticsWebhookSchema = z.object({
  id: z.number(),
  url: z.string(),
  siteId: z.number().nullable(),
  cameraId: z.guid().nullable(),
  /** How the newest delivery went; null before the first. */
  lastDelivery: z
    .object({
      state: z.enum(['waiting', 'delivered', 'failed']),
      createdEpochMs: z.number(),
      answerStatus: z.number().nullable(),
      answer: z.string().nullable(),
    })
    .nullable(),
});
export type CamlyticsWebhookView = z.infer<typeof CamlyticsWebhookSchema>;
export const IntegrationKeySchema = z.object({
  id: z.guid(),
  name: z.string(),
  createdEpochMs: z.number(),
  lastUsedEpochMs: z.number().nullable(),
});

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
  /** Spans closer together than this are joined and at most one mark per kind and step is given: ms per pixel. */
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
 * 404 when nothing is recorded in the range; `x-next-epoch-ms` then names the next recorded time.
 */
export const MediaQuerySchema = z.object({
  fromEpochMs: z.coerce.number(),
  toEpochMs: z.coerce.number(),
  /** Player time 0; `tfdt` of a sample captured at T is (T − base) on the track's timescale. */
  baseEpochMs: z.coerce.number(),
  track: z.enum(['video', 'audio']).default('video'),
  stream: z.enum(STREAM_KINDS).default('main'),
});

// ---- locks ----------------------------------------------------------------------------
// GET    /locks?cameraId               → LockView[]     newest first
// POST   /locks          LockInput     → LockView (201) 409 when it goes over what locks may hold, or nothing is recorded
// PATCH  /locks/:id      LockPatch     → LockView
// DELETE /locks/:id                    → 204            what it held may be deleted from then on

const LockReasonSchema = z.string().trim().min(1, 'a reason is needed').max(500);
export const LockInputSchema = z.object({
  cameraId: z.uuid(),
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

// ---- health, storage, models -----------------------------------------------------------
// GET /health → HealthView      GET /completeness?days=30 → CompletenessDay[]
// GET /gaps?GapQuery → GapLedger
// GET /storage → StorageView    PUT /storage StorageInput → StorageView
// POST /storage/folders RecordingFolder → FolderAdded    PUT /storage/folders/:id FolderChange → StorageView
// DELETE /storage/folders/:id?move=true → StorageView; 409 while it holds recordings that are not to be moved off
// DELETE /storage/folders/:id?giveUp=true → StorageView: what is on a drive that is away is lost; 409 while the folder is there
// GET /storage/folders/:id/contents → FolderContents
// GET /models → ModelsView     PUT /models/chosen ModelChoice → ModelsView (400 with the reason when it cannot be used; nothing changes)
// POST /models/:name/download → ModelsView (progress is in GET /models)    DELETE /models/:name/download → ModelsView (what came is kept)
// POST /models/weights?file=NAME.onnx, the file as body → ModelsView    POST /models/cards, a model card → ModelsView
// DELETE /models/:name → ModelsView

export const StorageInputSchema = z.object({
  maxBytes: z.number().int().positive().nullable(),
  minFreeBytes: z.number().int().min(0),
  /** How much of what recordings may use may be locked; absent: as it is. */
  lockCapShare: z.number().min(0).max(0.9).optional(),
});
export const VolumeViewSchema = z.object({
  /** 0: DATA/recordings. */
  id: z.number(),
  path: z.string(),
  role: z.enum(VOLUME_ROLES),
  /** For an archive: the age in days at which segments go there. */
  afterDays: z.number().nullable(),
  /** Reserve on its disk; null: `minFreeBytes` of all. */
  minFreeBytes: z.number().nullable(),
  /** Of recordings in it; null: no limit of its own. */
  maxBytes: z.number().nullable(),
  state: z.enum(VOLUME_STATES),
  /** What is wrong, in the user's words; null when all is well. */
  problem: z.string().nullable(),
  usedBytes: z.number(),
  /** 0 while it is absent. */
  freeBytes: z.number(),
  totalBytes: z.number(),
  /** Path of an earlier folder on the same disk; null: none, or not known. */
  sameDiskAs: z.string().nullable(),
});
export type VolumeView = z.infer<typeof VolumeViewSchema>;

/** All but its path, which stays. */
export const FolderChangeSchema = z.object({
  role: z.enum(['record', 'archive']),
  afterDays: z.number().min(0).max(3650).nullable(),
  minFreeBytes: z.number().int().min(0).nullable(),
  maxBytes: z.number().int().positive().nullable(),
});
export type FolderChange = z.infer<typeof FolderChangeSchema>;

/** What lies in a recording folder. */
export const FolderContentsSchema = z.object({
  bytes: z.number(),
  cameras: z.array(
    z.object({
      cameraId: z.guid(),
      /** Of the recorder's own days, ascending. */
      days: z.array(z.object({ day: z.string(), seconds: z.number() })),
    }),
  ),
});
export type FolderContents = z.infer<typeof FolderContentsSchema>;

export const StorageViewSchema = StorageInputSchema.extend({
  /** Of DATA/recordings. */
  path: z.string(),
  /** Of all recording folders; free and total bytes of each disk that is there, once. */
  usedBytes: z.number(),
  freeBytes: z.number(),
  totalBytes: z.number(),
  bytesPerDay: z.number().nullable(),
  /** Days until the limits begin to delete the oldest footage; null while unknown. */
  daysLeft: z.number().nullable(),
  /** How many days back footage will reach once the limits delete, what is locked taken off; null while unknown. */
  daysKept: z.number().nullable(),
  lockCapShare: z.number(),
  /** Held by locks, and how much they may hold. */
  lockedBytes: z.number(),
  lockCapBytes: z.number(),
  volumes: z.array(VolumeViewSchema),
});
export type StorageView = z.infer<typeof StorageViewSchema>;

export const FolderAddedSchema = z.object({
  storage: StorageViewSchema,
  /** Of the new folder. */
  id: z.number(),
  /** How fast 32 MB were written and flushed. */
  bytesPerSecond: z.number(),
});
export type FolderAdded = z.infer<typeof FolderAddedSchema>;

export const ModelViewSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** The one in use. */
  active: z.boolean(),
  problem: z.string().nullable(),
});
/** A model with what can be done about it. */
export const ModelDetailSchema = ModelViewSchema.extend({
  licence: z.string(),
  /** Where the publisher has it; null where its card names no address. */
  sourceUrl: z.string().nullable(),
  installed: z.boolean(),
  sizeBytes: z.number().nullable(),
  /** Whether the recorder may delete its weights. */
  removable: z.boolean(),
  download: z
    .object({
      receivedBytes: z.number(),
      totalBytes: z.number().nullable(),
      /** Why it ended without the file; null while it runs. */
      problem: z.string().nullable(),
    })
    .nullable(),
});
export type ModelDetail = z.infer<typeof ModelDetailSchema>;
export const ModelsViewSchema = z.object({
  models: z.array(ModelDetailSchema),
  /** The one that was chosen; null: the best one that is installed. */
  chosen: z.string().nullable(),
  modelAdvice: z.string().nullable(),
  /** Name of the model to download while only the basic one is in use. */
  recommended: z.string().nullable(),
  /** What the detector runs on, and why on nothing else; null while no model has been tried out. */
  provider: z
    .object({
      name: z.string(),
      trials: z.array(
        z.object({ name: z.string(), milliseconds: z.number().nullable(), reason: z.string().nullable() }),
      ),
    })
    .nullable(),
});
export type ModelsView = z.infer<typeof ModelsViewSchema>;
export const ModelChoiceSchema = z.object({ name: z.string().min(1).nullable() });

export const HealthViewSchema = z.object({
  ok: z.boolean(),
  reasons: z.array(z.string()),
  version: z.string(),
  startedEpochMs: z.number(),
  cpuPercent: z.number(),
  memoryBytes: z.number(),
  eventLoopDelayP99Ms: z.number(),
  ffmpegVersion: z.string().nullable(),
  storage: StorageViewSchema,
  models: z.array(ModelViewSchema),
  /** How to get a detector when there is none; null when one is in use. */
  modelAdvice: z.string().nullable(),
  /** Title of the model to download while only the basic one is in use. */
  recommendedModel: z.string().nullable(),
});
export type HealthView = z.infer<typeof HealthViewSchema>;

/** Gaps that overlap [fromEpochMs, toEpochMs); time in which nothing was to be recorded (`no-event`) is none. At most 366 days. */
export const GapQuerySchema = z.object({
  /** Comma-separated; absent: all cameras. */
  cameraIds: z.string().optional(),
  fromEpochMs: z.coerce.number(),
  toEpochMs: z.coerce.number(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export const GapLedgerSchema = z.object({
  /** The newest first, as many as `limit` allows. They may reach beyond the range. */
  gaps: z.array(GapSchema.extend({ cameraId: z.guid() })),
  /** Of all gaps, those that `limit` left out too; the longest sum first. */
  totals: z.array(
    z.object({
      cause: GapCauseSchema,
      count: z.number(),
      /** Within the range, summed over the cameras. */
      missingMs: z.number(),
    }),
  ),
});
export type GapLedger = z.infer<typeof GapLedgerSchema>;

export const CompletenessDaySchema = z.object({
  cameraId: z.guid(),
  /** Local calendar day of the engine, YYYY-MM-DD. */
  day: z.string(),
  /** Recorded share of the part of the day in which recording was wanted, 0..1. */
  completeness: z.number(),
});
export type CompletenessDay = z.infer<typeof CompletenessDaySchema>;

// ---- access ------------------------------------------------------------------------------
// GET /access?fromEpochMs&toEpochMs&cameraIds → AccessView: what readers reported beside who crossed the lines

export const AccessViewSchema = z.object({
  unlocks: z.array(NvrEventSchema),
  crossings: z.array(NvrEventSchema),
  tailgatings: z.array(NvrEventSchema),
});
export type AccessView = z.infer<typeof AccessViewSchema>;

// ---- alerts --------------------------------------------------------------------------------
// GET /alerts?AlertQuery → Alert[]: those that last first, then the newest
// POST /alerts/:id/acknowledge → Alert            POST /alerts/acknowledge → 204, all
// GET /alert-settings → AlertSettingsView         PUT /alert-settings AlertSettingsInput → AlertSettingsView
// POST /alert-settings/test → 202 AlertSettingsView, 400 without a URL: sends a test message

/** Alerts that overlap [fromEpochMs, toEpochMs). */
export const AlertQuerySchema = z.object({
  cameraIds: z.string().optional(),
  fromEpochMs: z.coerce.number().optional(),
  toEpochMs: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const AlertsSchema = z.array(AlertSchema);
export const AlertSettingsInputSchema = z.object({
  /** Alerts are POSTed here as JSON when they begin and when they are over; null: nowhere. */
  webhookUrl: z
    .string()
    .trim()
    .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'expected an http:// or https:// URL')
    .nullable(),
});
export const AlertSettingsViewSchema = AlertSettingsInputSchema.extend({
  /** How the newest delivery went; null before the first. */
  lastDelivery: CamlyticsWebhookSchema.shape.lastDelivery,
});
export type AlertSettingsView = z.infer<typeof AlertSettingsViewSchema>;

// ---- integration tokens -------------------------------------------------------------------
// GET /tokens → TokenView[]   POST /tokens TokenInput → TokenCreated (shown once)   DELETE /tokens/:id → 204

export const TOKEN_SCOPES = ['user', 'annotations:write'] as const;
export const TokenInputSchema = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(TOKEN_SCOPES)).min(1),
});
export const TokenViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(TOKEN_SCOPES)),
  createdEpochMs: z.number(),
  lastUsedEpochMs: z.number().nullable(),
});
export type TokenView = z.infer<typeof TokenViewSchema>;
export const TokenCreatedSchema = TokenViewSchema.extend({ token: z.string() });

// ---- WebSocket /app/v1/ws: what happens, as JSON text -----------------------------------------
// server → client: ServerMessage        client → server: ClientMessage

export const ServerMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: NvrEventSchema }),
  z.object({ kind: z.literal('camera-status'), status: CameraStatusSchema }),
  /** A camera was added, changed or removed: fetch /cameras again. */
  z.object({ kind: z.literal('cameras-changed') }),
  /** A lock was made, changed or removed: fetch /locks and the timeline again. */
  z.object({ kind: z.literal('locks-changed') }),
  /** A bookmark was made, changed or removed: fetch /bookmarks and the timeline again. */
  z.object({ kind: z.literal('bookmarks-changed') }),
  /** A case or what is in it was changed: fetch /cases again. */
  z.object({ kind: z.literal('cases-changed') }),
  z.object({ kind: z.literal('export'), job: ExportJobSchema }),
  /** An alert began, is over, or was acknowledged. */
  z.object({ kind: z.literal('alert'), alert: AlertSchema }),
  /** A rule says that this is to be shown; `place` is the page that shows more. */
  z.object({ kind: z.literal('notification'), title: z.string(), body: z.string(), place: z.string() }),
  z.object({
    kind: z.literal('tracks'),
    cameraId: z.guid(),
    atEpochMs: z.number(),
    tracks: z.array(
      z.object({
        trackId: z.number(),
        label: z.string(),
        confidence: z.number(),
        box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
      }),
    ),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessageSchema>;

/** Tracks are sent only for the cameras asked for. */
export const ClientMessageSchema = z.object({
  kind: z.literal('watch-tracks'),
  cameraIds: z.array(z.guid()),
});
export type ClientMessage = z.infer<typeof ClientMessageSchema>;

// ---- WebSocket /app/v1/cameras/:id/live?stream=main|sub&format=mp4|mpeg1: live pictures -------------
// First a text message LiveHello, again whenever the stream changes (then start afresh); then binary messages:
//   byte 0      kind: LIVE_KIND
//   bytes 1-8   capture time, epoch ms, float64 big endian (0 for init segments)
//   rest        the bytes: MP4 init or media segment of that track, or MPEG-1 (mpeg1video elementary in MPEG-TS) data
// On join: inits, then the fragments since the last key frame, then fragments as they come. A slow reader loses whole GOPs.

export const LIVE_KIND = {
  videoInit: 0,
  videoFragment: 1,
  audioInit: 2,
  audioFragment: 3,
  mpeg1: 4,
} as const;
export const LIVE_HEADER_BYTES = 9;
export const LiveHelloSchema = z.object({
  kind: z.literal('hello'),
  format: z.enum(['mp4', 'mpeg1']),
  videoCodecString: z.string(),
  audioCodecString: z.string().nullable(),
  width: z.number(),
  height: z.number(),
  stream: z.enum(STREAM_KINDS),
});
export type LiveHello = z.infer<typeof LiveHelloSchema>;
