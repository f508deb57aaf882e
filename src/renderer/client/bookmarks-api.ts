/** Bookmarks, as `shared/bookmarks.ts` lists their routes. */
import { z } from 'zod';
import {
  type BookmarkInputSchema,
  type BookmarkPatchSchema,
  type BookmarkQuerySchema,
  BookmarkSchema,
} from '../../shared/bookmarks.ts';
import { queryString } from './api.ts';
import { request, requestNothing } from './http.ts';

const BookmarksSchema = z.array(BookmarkSchema);

export const bookmarksApi = {
  bookmarks: (query: z.input<typeof BookmarkQuerySchema>, signal?: AbortSignal) =>
    request(BookmarksSchema, `/bookmarks${queryString(query)}`, { signal }),
  addBookmark: (body: z.input<typeof BookmarkInputSchema>) =>
    request(BookmarkSchema, '/bookmarks', { method: 'POST', body }),
  patchBookmark: (id: string, body: z.input<typeof BookmarkPatchSchema>) =>
    request(BookmarkSchema, `/bookmarks/${id}`, { method: 'PATCH', body }),
  removeBookmark: (id: string) => requestNothing(`/bookmarks/${id}`, { method: 'DELETE' }),
};
