/** Cases: folders that collect what belongs to one incident. Their part of the UI's HTTP API, below APP_PREFIX. */
import { z } from 'zod';

// GET    /cases?CaseQuery                → CaseView[]       those changed last first
// POST   /cases           CaseInput      → CaseDetail (201)
// GET    /cases/:id                      → CaseDetail
// PATCH  /cases/:id       CasePatch      → CaseDetail
// DELETE /cases/:id                      → 204              what it collected stays where it is
// POST   /cases/:id/items CaseItemInput  → CaseDetail (201)
// DELETE /cases/:id/items/:itemId        → CaseDetail
// POST   /cases/:id/export CaseExportInput → ExportJob (202) one evidence package of all its footage, which is then in the case

export const CASE_STATES = ['open', 'closed'] as const;
/** What can be in a case. An evidence package is an export. */
export const CASE_ITEM_KINDS = ['footage', 'bookmark', 'event', 'lock', 'export'] as const;

export const MAX_CASE_ITEMS = 1000;

const TitleSchema = z.string().trim().min(1, 'a title is needed').max(200);
const ReferenceSchema = z.string().trim().max(100);
const NotesSchema = z.string().trim().max(10_000);

export const CaseSchema = z.object({
  id: z.guid(),
  title: z.string(),
  /** Number at the police or insurer; may be empty. */
  reference: z.string(),
  notes: z.string(),
  state: z.enum(CASE_STATES),
  /** E-mail address of the account. */
  createdBy: z.string(),
  createdEpochMs: z.number(),
  /** Of itself or of what is in it. */
  changedEpochMs: z.number(),
});
export type Case = z.infer<typeof CaseSchema>;
export const CaseViewSchema = CaseSchema.extend({ itemCount: z.number() });
export type CaseView = z.infer<typeof CaseViewSchema>;

export const CaseItemSchema = z.object({
  id: z.guid(),
  kind: z.enum(CASE_ITEM_KINDS),
  /** Of the bookmark, event, lock or export, which may be gone by now; null: footage. */
  sourceId: z.string().nullable(),
  cameraIds: z.array(z.guid()).min(1),
  startEpochMs: z.number(),
  endEpochMs: z.number(),
  /** What it was called when it was put in. */
  label: z.string(),
  addedBy: z.string(),
  addedEpochMs: z.number(),
});
export type CaseItem = z.infer<typeof CaseItemSchema>;
export const CaseDetailSchema = CaseSchema.extend({
  /** Oldest footage first. */
  items: z.array(CaseItemSchema),
});
export type CaseDetail = z.infer<typeof CaseDetailSchema>;

export const CaseInputSchema = z.object({
  title: TitleSchema,
  reference: ReferenceSchema.default(''),
  notes: NotesSchema.default(''),
});
export const CasePatchSchema = z.object({
  title: TitleSchema.optional(),
  reference: ReferenceSchema.optional(),
  notes: NotesSchema.optional(),
  state: z.enum(CASE_STATES).optional(),
});
export const CaseItemInputSchema = z
  .object({
    kind: z.enum(CASE_ITEM_KINDS),
    sourceId: z.string().max(100).nullable().default(null),
    cameraIds: z.array(z.guid()).min(1, 'name at least one camera').max(64),
    startEpochMs: z.number().int().min(0),
    endEpochMs: z.number().int().min(0),
    label: z.string().trim().max(500).default(''),
  })
  .refine(
    ({ startEpochMs, endEpochMs }) => endEpochMs >= startEpochMs,
    'the end must not come before the start',
  );
export const CaseQuerySchema = z.object({
  /** Words that must all be in the title, the reference or the notes. */
  text: z.string().trim().max(200).optional(),
  state: z.enum(CASE_STATES).optional(),
});
export const CaseExportInputSchema = z.object({
  reason: z.string().trim().min(1, 'a reason is needed').max(500),
  driveId: z.string().max(100).nullable().default(null),
  audio: z.boolean().default(true),
  /** With H.264 copies of what old players cannot play. */
  compatible: z.boolean().default(false),
});
