/** The contract's cameras, sites, rooms, readers, and the keys and webhooks of integrations. */

import { z } from 'zod';
import {
  AnalysisSchema,
  CameraSchema,
  LineSchema,
  ReaderSchema,
  RecordingSchema,
  SiteSchema,
  SourceSchema,
  uniquelyNamed,
  ZoneSchema,
} from './domain-camera.ts';
import { STREAM_KINDS } from './domain-storage.ts';

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
