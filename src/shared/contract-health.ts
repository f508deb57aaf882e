/** The contract's health, storage, models and alerts. */

import { z } from 'zod';
import { CamlyticsWebhookSchema } from './contract-cameras.ts';
import { AlertSchema, GapCauseSchema, GapSchema, VOLUME_ROLES, VOLUME_STATES } from './domain-storage.ts';

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
  /** Why the recorder does not listen where its settings say, or what its certificate lacks. */
  networkNotice: z.string().nullable(),
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
