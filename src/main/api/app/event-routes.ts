/** Events for the UI: pages of them, one of them, their pictures, and doors beside who went through. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessView } from '../../../shared/contract.ts';
import { type EventPage, EventQuerySchema } from '../../../shared/contract-archive.ts';
import { type EventType, EventTypeSchema } from '../../../shared/domain-events.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Audit } from '../../archive/audit.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { EventPosition } from '../../store/event-pages.ts';
import { viewerOf } from '../viewer.ts';
import { isKept } from './kept-pictures.ts';
import { camerasOf, forOperators } from './rights.ts';

export interface EventRouteDeps {
  events: EventLog;
  audit: Pick<Audit, 'noteEventPicture'>;
}

const ParamsSchema = z.object({ id: z.string() });
const SnapshotQuerySchema = z.object({ plain: z.stringbool().default(false) });
const AccessQuerySchema = z.object({
  fromEpochMs: z.coerce.number(),
  toEpochMs: z.coerce.number(),
  cameraIds: z.string().optional(),
});
const CursorSchema = z.string().regex(/^-?\d+_\d+$/, 'expected the nextCursor of a page');

/** The view of doors shows at most this many marks of a kind. */
const MAX_ACCESS_EVENTS = 2000;
const NO_PICTURE = 'There is no picture of this event.';

export function registerEventRoutes(app: FastifyInstance, deps: EventRouteDeps): void {
  const { events, audit } = deps;

  app.get('/events', forOperators, (request): EventPage => {
    const query = EventQuerySchema.parse(request.query);
    const types = splitList(query.types);
    const items = events.list({
      cameraIds: camerasOf(request).narrow(splitIds(query.cameraIds)),
      types: types && z.array(EventTypeSchema).parse(types),
      labels: splitList(query.labels),
      fromEpochMs: query.fromEpochMs,
      toEpochMs: query.toEpochMs,
      after: query.cursor === undefined ? undefined : parseCursor(query.cursor),
      limit: query.limit + 1,
    });
    const page = items.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page,
      nextCursor: items.length > query.limit && last ? `${last.startEpochMs}_${last.sequence}` : null,
    };
  });

  app.get('/events/:id', forOperators, (request) => find(request));

  app.get('/events/:id/snapshot.jpg', forOperators, async (request, reply) => {
    const { plain } = SnapshotQuerySchema.parse(request.query);
    const event = find(request);
    const taken = await events.picture(event.id, { plain: true });
    if (!taken) throw new AppError('not-found', NO_PICTURE);
    audit.noteEventPicture(viewerOf(request), event);
    const { box, path } = event.detail;
    if (isKept(request, reply, taken, plain ? '' : JSON.stringify([box, path]))) return reply.send();
    const shown = plain ? taken : await events.picture(event.id, { plain });
    if (!shown) throw new AppError('not-found', NO_PICTURE);
    return reply.type('image/jpeg').send(shown);
  });

  app.get('/events/:id/crop.jpg', forOperators, async (request, reply) => {
    const event = find(request);
    const jpeg = await events.crop(event.id);
    if (!jpeg) throw new AppError('not-found', 'There is no close-up of this event.');
    audit.noteEventPicture(viewerOf(request), event);
    if (isKept(request, reply, jpeg)) return reply.send();
    return reply.type('image/jpeg').send(jpeg);
  });

  app.get('/access', forOperators, (request): AccessView => {
    const { fromEpochMs, toEpochMs, ...query } = AccessQuerySchema.parse(request.query);
    const cameraIds = camerasOf(request).narrow(splitIds(query.cameraIds));
    const ofType = (type: EventType) =>
      events.list({
        cameraIds,
        types: [type],
        fromEpochMs,
        toEpochMs,
        limit: MAX_ACCESS_EVENTS,
      });
    return {
      unlocks: ofType('access'),
      crossings: ofType('line-crossing'),
      tailgatings: ofType('tailgating'),
    };
  });

  function find(request: FastifyRequest) {
    const event = events.get(ParamsSchema.parse(request.params).id.toLowerCase());
    if (!event || !camerasOf(request).has(event.cameraId))
      throw new AppError('not-found', 'There is no such event.');
    return event;
  }
}

/** A comma separated list without blanks; undefined when nothing is asked for. */
function splitList(text: string | undefined): string[] | undefined {
  const parts = text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts && parts.length > 0 ? parts : undefined;
}

function splitIds(text: string | undefined): string[] | undefined {
  return splitList(text)?.map((id) => id.toLowerCase());
}

function parseCursor(cursor: string): EventPosition {
  const [start, sequence] = CursorSchema.parse(cursor).split('_');
  return { startEpochMs: Number(start), sequence: Number(sequence) };
}
