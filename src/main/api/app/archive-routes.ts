/** The archive for the UI: timeline, media for MSE, single pictures. Registered inside the authenticated scope. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  MediaQuerySchema,
  type TimelineMark,
  TimelineQuerySchema,
} from '../../../shared/contract-archive.ts';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { STREAM_KINDS } from '../../../shared/domain-storage.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Archive } from '../../archive/archive.ts';
import type { Audit } from '../../archive/audit.ts';
import { planMarks } from '../../archive/marks.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { viewerOf } from '../viewer.ts';
import { camerasOf, forOperators, forOperatorsOfCamera } from './rights.ts';

export interface ArchiveRouteDeps {
  archive: Archive;
  audit: Audit;
  /** Newest first; `after` goes on behind an event of an earlier answer. */
  events: {
    list(filter: {
      cameraIds: readonly string[];
      fromEpochMs: number;
      toEpochMs: number;
      after?: { startEpochMs: number; sequence: number };
      limit: number;
    }): NvrEvent[];
  };
  clock: Clock;
  log: Logger;
}

const ParamsSchema = z.object({
  cameraId: z.guid('expected a camera id').transform((id) => id.toLowerCase()),
});
const SegmentsQuerySchema = z.object({
  fromEpochMs: z.coerce.number(),
  toEpochMs: z.coerce.number(),
  stream: z.enum(STREAM_KINDS).default('main'),
});
const FrameQuerySchema = z.object({
  atEpochMs: z.coerce.number(),
  width: z.coerce.number().int().min(16).max(3840).default(320),
  stream: z.enum(STREAM_KINDS).default('main'),
});

const MAX_LANES = 100;
/** A lane's marks come from at most this many events, the newest; zooming in shows the others. */
const MAX_MARKED_EVENTS = 10_000;
const EVENTS_AT_ONCE = 1000;
/** A recorded picture more than a minute old never changes. */
const SETTLED_MS = 60_000;

export function registerArchiveRoutes(app: FastifyInstance, deps: ArchiveRouteDeps): void {
  const { archive, audit, clock } = deps;

  app.get('/archive/timeline', forOperators, (request) => {
    const { cameraIds, ...range } = TimelineQuerySchema.parse(request.query);
    checkRange(range);
    const ids = cameraIds.split(',').flatMap((id) => id.trim().toLowerCase() || []);
    if (ids.length > MAX_LANES)
      throw new AppError('invalid-input', `cameraIds: at most ${MAX_LANES} cameras at once`);
    const cameras = camerasOf(request);
    const lanes = archive.timeline({ ...range, cameraIds: cameras.narrow(ids) ?? ids }, (...lane) =>
      listMarks(deps.events, ...lane),
    );
    return lanes.map((lane) => ({
      ...lane,
      bookmarks: lane.bookmarks.filter(({ cameraIds }) => cameras.hasAll(cameraIds)),
    }));
  });

  app.get('/archive/bounds', forOperators, (request) => archive.bounds(camerasOf(request).narrow()));

  app.get('/archive/:cameraId/segments', forOperatorsOfCamera, (request) => {
    const { cameraId } = ParamsSchema.parse(request.params);
    const query = SegmentsQuerySchema.parse(request.query);
    checkRange(query);
    return archive.segments({ cameraId, ...query });
  });

  app.get('/archive/:cameraId/media', forOperatorsOfCamera, async (request, reply) => {
    const { cameraId } = ParamsSchema.parse(request.params);
    const query = MediaQuerySchema.parse(request.query);
    const { nextEpochMs, body } = await archive.media({ cameraId, ...query });
    reply.header('x-next-epoch-ms', nextEpochMs === null ? '' : String(Math.round(nextEpochMs)));
    reply.header('cache-control', 'no-store');
    if (!body) throw new AppError('not-found', 'Nothing is recorded in this time.');
    const { fromEpochMs, toEpochMs } = query;
    // Players ask for more than is recorded yet.
    const endEpochMs = Math.min(toEpochMs, nextEpochMs ?? toEpochMs);
    audit.noteSeen('playback', viewerOf(request), cameraId, { fromEpochMs, toEpochMs: endEpochMs });
    reply.type('video/mp4');
    return reply.send(Readable.from(body, { objectMode: false, highWaterMark: 256 * 1024 }));
  });

  app.get('/archive/:cameraId/frame.jpg', forOperatorsOfCamera, async (request, reply) => {
    const { cameraId } = ParamsSchema.parse(request.params);
    const query = FrameQuerySchema.parse(request.query);
    const picture = await archive.frame({ cameraId, ...query });
    const { atEpochMs } = query;
    audit.noteSeen('pictures', viewerOf(request), cameraId, { fromEpochMs: atEpochMs, toEpochMs: atEpochMs });
    const isSettled = query.atEpochMs < clock.epochMs() - SETTLED_MS;
    reply.header('cache-control', isSettled ? 'private, max-age=86400, immutable' : 'no-store');
    return reply.type('image/jpeg').send(picture);
  });
}

function checkRange({ fromEpochMs, toEpochMs }: { fromEpochMs: number; toEpochMs: number }): void {
  if (toEpochMs <= fromEpochMs)
    throw new AppError('invalid-input', 'toEpochMs must be later than fromEpochMs');
}

function listMarks(
  events: ArchiveRouteDeps['events'],
  cameraId: string,
  fromEpochMs: number,
  toEpochMs: number,
  resolutionMs: number,
): TimelineMark[] {
  const found: NvrEvent[] = [];
  while (found.length < MAX_MARKED_EVENTS) {
    const last = found.at(-1);
    const page = events.list({
      ...{ cameraIds: [cameraId], fromEpochMs, toEpochMs, limit: EVENTS_AT_ONCE },
      ...(last ? { after: { startEpochMs: last.startEpochMs, sequence: last.sequence } } : {}),
    });
    found.push(...page);
    if (page.length < EVENTS_AT_ONCE) break;
  }
  return planMarks(found, resolutionMs);
}
