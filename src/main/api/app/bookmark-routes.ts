/** Bookmarks for the UI. Registered inside the authenticated scope. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Bookmark,
  BookmarkInputSchema,
  BookmarkPatchSchema,
  BookmarkQuerySchema,
} from '../../../shared/bookmarks.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { BookmarkFilter } from '../../store/bookmarks.ts';
import { viewerOf } from '../viewer.ts';
import { camerasOf, forOperators } from './rights.ts';

export interface BookmarkRouteDeps {
  bookmarks: {
    list(filter: BookmarkFilter): Bookmark[];
    get(id: string): Bookmark | null;
    put(bookmark: Bookmark): void;
    remove(id: string): boolean;
  };
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
  /** After a bookmark was made, changed or removed. */
  onChange(): void;
  clock: Clock;
}

const ParamsSchema = z.object({ id: z.guid('expected a bookmark id').transform((id) => id.toLowerCase()) });

export function registerBookmarkRoutes(app: FastifyInstance, deps: BookmarkRouteDeps): void {
  const { bookmarks, cameraName, onChange, clock } = deps;
  const find = (request: FastifyRequest): Bookmark => {
    const bookmark = bookmarks.get(ParamsSchema.parse(request.params).id);
    if (!bookmark || !camerasOf(request).hasAll(bookmark.cameraIds))
      throw new AppError('not-found', 'This bookmark does not exist.');
    return bookmark;
  };

  app.get('/bookmarks', forOperators, (request) => {
    const { text, cameraIds: asked, ...rest } = BookmarkQuerySchema.parse(request.query);
    const ids = asked?.split(',').flatMap((id) => id.trim().toLowerCase() || []);
    const cameras = camerasOf(request);
    const narrowed = cameras.narrow(ids);
    return bookmarks
      .list({ ...rest, ...(text && { text }), ...(narrowed && { cameraIds: narrowed }) })
      .filter(({ cameraIds }) => cameras.hasAll(cameraIds));
  });

  app.post('/bookmarks', forOperators, (request, reply) => {
    const input = BookmarkInputSchema.parse(request.body);
    const cameraIds = [...new Set(input.cameraIds.map((id) => id.toLowerCase()))];
    if (!camerasOf(request).hasAll(cameraIds) || cameraIds.some((id) => cameraName(id) === null))
      throw new AppError('not-found', 'This camera does not exist.');
    if (input.endEpochMs < input.startEpochMs)
      throw new AppError('invalid-input', 'A bookmark cannot end before it begins.');
    const bookmark: Bookmark = {
      ...{ id: randomUUID(), ...input, cameraIds },
      ...{ createdBy: viewerOf(request).actor, createdEpochMs: clock.epochMs() },
    };
    bookmarks.put(bookmark);
    onChange();
    return reply.code(201).send(bookmark);
  });

  app.patch('/bookmarks/:id', forOperators, (request) => {
    const { title, note, colour } = BookmarkPatchSchema.parse(request.body);
    const before = find(request);
    const bookmark: Bookmark = {
      ...before,
      ...{ title: title ?? before.title, note: note ?? before.note, colour: colour ?? before.colour },
    };
    bookmarks.put(bookmark);
    onChange();
    return bookmark;
  });

  app.delete('/bookmarks/:id', forOperators, (request, reply) => {
    const { id } = find(request);
    bookmarks.remove(id);
    onChange();
    return reply.code(204).send();
  });
}
