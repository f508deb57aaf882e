/** Bookmarks that hold all words of a text, kept up as they change on whichever screen. */
import { useEffect } from 'react';
import type { Bookmark } from '../../../shared/bookmarks.ts';
import { bookmarksApi } from '../../client/bookmarks-api.ts';
import { type Resource, useResource } from '../../client/resource.ts';
import { onServerMessage } from '../../client/server-events.ts';

/** So many are listed; words find the others. */
export const MOST_LISTED = 500;

/** Newest footage first. */
export function useBookmarks(text: string): Resource<Bookmark[]> {
  const bookmarks = useResource(`bookmarks ${text}`, (signal) =>
    bookmarksApi.bookmarks({ ...(text && { text }), limit: MOST_LISTED }, signal),
  );
  const { refresh } = bookmarks;
  useEffect(() => onServerMessage(({ kind }) => kind === 'bookmarks-changed' && refresh()), [refresh]);
  return bookmarks;
}
