/** What the manifest of an evidence package says. Written by the engine, read by the page in it and by the verifier. */
import { z } from 'zod';
import { GapCauseSchema } from './domain-storage.ts';

export const EVIDENCE_FORMAT = 'threshold-evidence-1';

const TimeSchema = z.iso.datetime({ offset: true });
/** Relative to the package, with `/`; never out of it. */
const PathSchema = z
  .string()
  .min(1)
  .max(500)
  .refine(
    (path) => !/^\/|\\|^[a-z]:/i.test(path) && path.split('/').every((name) => name !== '..' && name !== ''),
    'expected a path inside the package',
  );

export const EvidenceClipSchema = z.object({
  path: PathSchema,
  /** The same encoded anew for players that cannot play it; null: there is none. */
  copy: PathSchema.nullable(),
  /** Capture time of the first picture, and the end of the last; the picture at t seconds of the file was taken at from + t. */
  from: TimeSchema,
  to: TimeSchema,
  fromEpochMs: z.number(),
  toEpochMs: z.number(),
  /** RFC 6381, as the camera sent it. */
  videoCodec: z.string(),
  audioCodec: z.string().nullable(),
  width: z.number(),
  height: z.number(),
});
export type EvidenceClip = z.infer<typeof EvidenceClipSchema>;

export const EvidenceGapSchema = z.object({
  from: TimeSchema,
  to: TimeSchema,
  fromEpochMs: z.number(),
  toEpochMs: z.number(),
  /** As in the ledger; `unknown` also where the ledger has no gap and yet nothing is stored. */
  cause: GapCauseSchema,
  detail: z.string(),
});
export type EvidenceGap = z.infer<typeof EvidenceGapSchema>;

export const EvidenceCameraSchema = z.object({
  id: z.string(),
  name: z.string(),
  serialNumber: z.string().nullable(),
  macAddress: z.string().nullable(),
  clips: z.array(EvidenceClipSchema),
  /** What was asked for of this camera; absent: the whole range of the package. */
  ranges: z
    .array(z.object({ from: TimeSchema, to: TimeSchema, fromEpochMs: z.number(), toEpochMs: z.number() }))
    .optional(),
  gaps: z.array(EvidenceGapSchema),
});
export type EvidenceCamera = z.infer<typeof EvidenceCameraSchema>;

export const EvidenceManifestSchema = z.object({
  format: z.literal(EVIDENCE_FORMAT),
  id: z.guid(),
  /** Of the machine that recorded, IANA name; the offsets of all times are those of this zone. */
  timeZone: z.string(),
  created: TimeSchema,
  createdBy: z.string(),
  reason: z.string(),
  from: TimeSchema,
  to: TimeSchema,
  fromEpochMs: z.number(),
  toEpochMs: z.number(),
  installation: z.object({
    id: z.guid(),
    program: z.string(),
    /** Ed25519, 32 bytes, base64. */
    publicKey: z.string(),
    fingerprint: z.string(),
  }),
  /** The line of the installation's audit log that notes this export; null where none is kept. */
  auditLine: z.object({ sequence: z.number(), hash: z.string() }).nullable(),
  cameras: z.array(EvidenceCameraSchema),
  /** Every file of the package but the manifest and the page, which are signed themselves. */
  files: z.array(z.object({ path: PathSchema, sizeBytes: z.number(), sha256: z.string() })),
});
export type EvidenceManifest = z.infer<typeof EvidenceManifestSchema>;
