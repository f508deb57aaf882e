/** Links that show somebody the events of some cameras and times, without an account: Camios with a key of their own. Below APP_PREFIX. */
import { z } from 'zod';

// GET    /share-links                  → ShareLink[]             newest first; those made by Camio's clients too
// POST   /share-links  ShareLinkInput  → ShareLinkCreated (201)  the address is shown this once
// DELETE /share-links/:id              → 204                     nobody can open it from then on

export const ShareLinkInputSchema = z
  .object({
    name: z.string().trim().min(1, 'a name is needed').max(200),
    cameraIds: z.array(z.guid()).min(1, 'name at least one camera').max(64),
    startEpochMs: z.number().int().min(0),
    endEpochMs: z.number().int().min(0),
  })
  .refine(
    ({ startEpochMs, endEpochMs }) => endEpochMs > startEpochMs,
    'the end must be later than the start',
  );

export const ShareLinkSchema = z.object({
  id: z.number(),
  name: z.string(),
  /** Empty: all. */
  cameraIds: z.array(z.string()),
  /** null: without a bound. */
  startEpochMs: z.number().nullable(),
  endEpochMs: z.number().nullable(),
  createdEpochMs: z.number(),
});
export type ShareLink = z.infer<typeof ShareLinkSchema>;
/** `path`: what follows the recorder's address. */
export const ShareLinkCreatedSchema = ShareLinkSchema.extend({ path: z.string() });
