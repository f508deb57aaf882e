/** Links to events for people without an account, as `shared/share-links.ts` lists their routes. */
import { z } from 'zod';
import {
  ShareLinkCreatedSchema,
  type ShareLinkInputSchema,
  ShareLinkSchema,
} from '../../shared/share-links.ts';
import { request, requestNothing } from './http.ts';

const ShareLinksSchema = z.array(ShareLinkSchema);

export const shareLinksApi = {
  shareLinks: (signal?: AbortSignal) => request(ShareLinksSchema, '/share-links', { signal }),
  addShareLink: (body: z.input<typeof ShareLinkInputSchema>) =>
    request(ShareLinkCreatedSchema, '/share-links', { method: 'POST', body }),
  removeShareLink: (id: number) => requestNothing(`/share-links/${id}`, { method: 'DELETE' }),
};
