/** Bookmarks: moments and ranges of footage that somebody gave a title. Their part of the UI's HTTP API, below APP_PREFIX. */
import { z } from 'zod';

// GET    /bookmarks?BookmarkQuery      → Bookmark[]       newest footage first
// POST   /bookmarks     BookmarkInput  → Bookmark (201)
// PATCH  /bookmarks/:id BookmarkPatch  → Bookmark
// DELETE /bookmarks/:id                → 204

/** What a colour stands for is up to those who use it. */
export const BOOKMARK_COLOURS = ['blue', 'teal', 'green', 'amber', 'pink', 'grey'] as const;
export type BookmarkColour = (typeof BOOKMARK_COLOURS)[number];

export const MAX_BOOKMARK_CAMERAS = 64;

export const BookmarkSchema = z.object({
  id: z.guid(),
  cameraIds: z.array(z.guid()).min(1),
  startEpochMs: z.number(),
  /** The same as the start: a moment. */
  endEpochMs: z.number(),
  title: z.string(),
  note: z.string(),
  colour: z.enum(BOOKMARK_COLOURS),
  /** E-mail address of the account. */
  createdBy: z.string(),
  createdEpochMs: z.number(),
});
export type Bookmark = z.infer<typeof BookmarkSchema>;

const TitleSchema = z.string().trim().min(1, 'a title is needed').max(200);
const NoteSchema = z.string().trim().max(2000);

export const BookmarkInputSchema = z.object({
  cameraIds: z.array(z.guid()).min(1, 'name at least one camera').max(MAX_BOOKMARK_CAMERAS),
  startEpochMs: z.number().int().min(0),
  endEpochMs: z.number().int().min(0),
  title: TitleSchema,
  note: NoteSchema.default(''),
  colour: z.enum(BOOKMARK_COLOURS).default('blue'),
});
export const BookmarkPatchSchema = z.object({
  title: TitleSchema.optional(),
  note: NoteSchema.optional(),
  colour: z.enum(BOOKMARK_COLOURS).optional(),
});

export const BookmarkQuerySchema = z.object({
  /** Words that must all be in the title, the note or the name of who made it. */
  text: z.string().trim().max(200).optional(),
  /** Comma-separated; absent: of all cameras. */
  cameraIds: z.string().optional(),
  /** Those that overlap [fromEpochMs, toEpochMs). */
  fromEpochMs: z.coerce.number().optional(),
  toEpochMs: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
