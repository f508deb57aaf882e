/** The archive for the UI: timeline, media for MSE, single pictures. Registered inside the authenticated scope. */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  MediaQuerySchema,
  type TimelineMark,
  TimelineQuerySchema,
} from '../../../shared/contract-archive.ts';
import { STREAM_KINDS } from '../../../shared/domain-storage.ts';
import { AppError } from '../../../shared/errors.ts';
import { DAY_MS } from '../../../shared/units.ts';
import type { Archive } from '../../archive/archive.ts';
import type { Audit } from '../../archive/audit.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { viewerOf } from '../viewer.ts';
import { isKept } from './kept-pictures.ts';
import { camerasOf, forOperators, forOperatorsOfCamera } from './rights.ts';

export interface ArchiveRouteDeps {
  archive: Archive;
  audit: Audit;
  /** Events of a camera in [from, to) as marks, at most one per step. */
  marks: { list(cameraId: string, fromEpochMs: number, toEpochMs: number, stepMs: number): TimelineMark[] };
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
  withinMs: z.coerce.number().min(0).max(60_000).default(0),
});

const MAX_LANES = 100;
/** A mark is about as wide: more of them would lie over each other. */
const MARK_WIDTH_PX = 4;
/** A recorded picture more than a minute old never changes. */
const SETTLED_MS = 60_000;

export function registerArchiveRoutes(app: FastifyInstance, deps: ArchiveRouteDeps): void {
  const { archive, audit, clock } = deps;

  app.get('/archive/timeline', forOperators, async (request) => {
    const { cameraIds, ...range } = TimelineQuerySchema.parse(request.query);
    checkRange(range);
    const ids = cameraIds.split(',').flatMap((id) => id.trim().toLowerCase() || []);
    if (ids.length > MAX_LANES)
      throw new AppError('invalid-input', `cameraIds: at most ${MAX_LANES} cameras at once`);
    const cameras = camerasOf(request);
    const wanted = cameras.narrow(ids) ?? ids;
    const marks = await listMarks(deps.marks, wanted, range);
    const lanes = archive.timeline({ ...range, cameraIds: wanted }, (id) => marks.get(id) ?? []);
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
    const left = new AbortController();
    reply.raw.once('close', () => left.abort(new AppError('conflict', 'Nobody reads this any longer.')));
    const media = await archive.media({ cameraId, ...query }, left.signal);
    const { nextEpochMs, body, shows, codecString } = media;
    reply.header('x-next-epoch-ms', nextEpochMs === null ? '' : String(Math.round(nextEpochMs)));
    reply.header('x-shows', shows);
    if (codecString !== null) reply.header('x-codec', codecString);
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
    const { atEpochMs } = query;
    const noteSeen = () =>
      audit.noteSeen('pictures', viewerOf(request), cameraId, {
        fromEpochMs: atEpochMs,
        toEpochMs: atEpochMs,
      });
    const now = clock.epochMs();
    const isSettled = atEpochMs < now - SETTLED_MS;
    // What a browser has is good for a day at most: the footage may be gone by then.
    if (isSettled && isKept(request, reply, cameraId, JSON.stringify(query), Math.floor(now / DAY_MS))) {
      noteSeen();
      return reply.send();
    }
    const picture = await archive.frame({ cameraId, ...query });
    noteSeen();
    if (!isSettled) reply.header('cache-control', 'no-store');
    return reply.type('image/jpeg').send(picture);
  });
}

function checkRange({ fromEpochMs, toEpochMs }: { fromEpochMs: number; toEpochMs: number }): void {
  if (toEpochMs <= fromEpochMs)
    throw new AppError('invalid-input', 'toEpochMs must be later than fromEpochMs');
}

/** By camera. Months of events take a while to count: between cameras the engine does what else there is to do. */
async function listMarks(
  marks: ArchiveRouteDeps['marks'],
  cameraIds: readonly string[],
  { fromEpochMs, toEpochMs, resolutionMs }: { fromEpochMs: number; toEpochMs: number; resolutionMs: number },
): Promise<Map<string, TimelineMark[]>> {
  const stepMs = Math.max(1, resolutionMs * MARK_WIDTH_PX);
  const found = new Map<string, TimelineMark[]>();
  for (const cameraId of cameraIds) {
    found.set(cameraId, marks.list(cameraId, fromEpochMs, toEpochMs, stepMs));
    await nextTurn();
  }
  return found;
}
