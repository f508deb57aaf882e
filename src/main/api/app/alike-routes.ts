/** Events that look like another one, for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { AppError } from '../../../shared/errors.ts';
import { rankByLikeness } from '../../events/likeness.ts';
import type { EventIndex } from '../../store/event-index.ts';
import type { EventStore } from '../../store/events.ts';
import { camerasOf, forOperators } from './rights.ts';

export interface AlikeRouteDeps {
  eventStore: Pick<EventStore, 'get' | 'bySequences' | 'vectors'>;
  eventIndex: Pick<EventIndex, 'ready' | 'find'>;
}

const ParamsSchema = z.object({ id: z.string() });
const QuerySchema = z.object({ limit: z.coerce.number().int().min(1).max(100).default(24) });
/** Compared with at most this many events with a label, the newest. */
const MAX_COMPARED = 20_000;

export function registerAlikeRoutes(app: FastifyInstance, { eventStore, eventIndex }: AlikeRouteDeps): void {
  /** The most alike first. */
  app.get('/events/:id/alike', forOperators, async (request): Promise<NvrEvent[]> => {
    const { limit } = QuerySchema.parse(request.query);
    const event = eventStore.get(ParamsSchema.parse(request.params).id.toLowerCase());
    const cameras = camerasOf(request);
    if (!event || !cameras.has(event.cameraId)) throw new AppError('not-found', 'There is no such event.');
    await eventIndex.ready();
    const sequences: number[] = [];
    const cameraIds = cameras.narrow();
    const found = eventIndex.find({
      ...{ labels: [], labelled: true, minInterest: 0, order: 'desc' },
      ...(cameraIds && { cameraIds }),
    });
    for (const { sequence } of found) {
      if (sequence !== event.sequence) sequences.push(sequence);
      if (sequences.length >= MAX_COMPARED) break;
    }
    return rankByLikeness(eventStore, event, sequences, limit).map((ranked) => ranked.event);
  });
}
