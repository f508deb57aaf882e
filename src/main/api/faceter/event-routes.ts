/** Events of a camera: read with filters and merging, and posted by other systems. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { FaceterEventType } from '../../../shared/domain-events.ts';
import { AppError } from '../../../shared/errors.ts';
import type { PostedEvent } from '../../events/posted-events.ts';
import { addMethods, baseUrl } from '../methods.ts';
import { listOf } from '../query-values.ts';
import { parseQueryTime, parseWireTime } from '../wire-time.ts';
import { bad, failures, requireCamera, security, tags } from './common.ts';
import type { FaceterDeps } from './deps.ts';
import { listGroups } from './events.ts';
import {
  CameraParams,
  EventsAnswer,
  EventsQuery,
  NewEvent,
  type NewEventInput,
  NoContent,
} from './schemas.ts';
import { buildEvent } from './views.ts';

const MAX_EVENT_BYTES = 16 * 1024 * 1024;
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
/** What JPEG and PNG files begin with. */
const PICTURE_STARTS = [Buffer.from('ffd8ff', 'hex'), Buffer.from('89504e470d0a1a0a', 'hex')];
const noPicture = (name: string) => `${name}: expected a JPEG or PNG in base64, or an http(s) URL`;

export function registerFaceterEvents(app: FastifyInstance, deps: FaceterDeps): void {
  addMethods(app, '/cameras/:cameraId/events', [
    {
      method: 'GET',
      schema: {
        ...{ tags, security, summary: 'Events of a camera' },
        params: CameraParams,
        querystring: EventsQuery,
        response: { 200: EventsAnswer, ...bad, ...failures },
      },
      handler: (request) => {
        const query = request.query as z.infer<typeof EventsQuery>;
        const fromEpochMs = timeOr(query.startDate, Number.MIN_SAFE_INTEGER);
        const toEpochMs = timeOr(query.endDate, Number.MAX_SAFE_INTEGER);
        if (fromEpochMs > toEpochMs)
          throw new AppError('invalid-input', 'startDate: expected a time before endDate');
        const camera = requireCamera(deps, request.params);
        const { groups, hasMore } = listGroups((page) => deps.faceterEvents.page(page), {
          camera,
          types: (listOf(query.eventTypes) as FaceterEventType[] | undefined) ?? null,
          fromEpochMs,
          toEpochMs,
          order: query.sortOrder?.toLowerCase() === 'asc' ? 'asc' : 'desc',
          mergeMs: Number(query.mergeInterval ?? 0) * 1000,
          limit: Math.min(Number(query.limit ?? DEFAULT_LIMIT), MAX_LIMIT),
        });
        const base = baseUrl(request);
        return { items: groups.map((group) => buildEvent(deps.signer, camera.id, group, base)), hasMore };
      },
    },
    {
      method: 'POST',
      bodyLimit: MAX_EVENT_BYTES,
      schema: {
        ...{ tags, security, summary: 'Post an event' },
        description:
          'It is an event like any other: found and told of by all APIs. The attributes line, zone, direction, label, kind and plate are labels.',
        params: CameraParams,
        body: NewEvent,
        response: { 204: NoContent, ...bad, ...failures },
      },
      handler: async (request, reply) => {
        const input = request.body as NewEventInput;
        const pictures = [
          parsePicture(input.snapshot, 'snapshot'),
          parsePicture(input.objectSnapshot, 'objectSnapshot'),
        ];
        const camera = requireCamera(deps, request.params);
        await deps.posted.post(buildPosted(camera.id, input, pictures as [Picture, Picture]));
        reply.code(204);
        return null;
      },
    },
  ]);
}

type Picture = { url: string } | { bytes: Buffer } | null;

function parsePicture(text: string | null | undefined, name: string): Picture {
  if (text === null || text === undefined) return null;
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return { url: text };
  const base64 = text.replace(/^data:image\/[a-z+]+;base64,/i, '').replaceAll(/\s/g, '');
  if (base64 === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64))
    throw new AppError('invalid-input', noPicture(name));
  const bytes = Buffer.from(base64, 'base64');
  if (!PICTURE_STARTS.some((start) => bytes.subarray(0, start.length).equals(start)))
    throw new AppError('invalid-input', noPicture(name));
  return { bytes };
}

function buildPosted(
  cameraId: string,
  input: NewEventInput,
  [whole, object]: [Picture, Picture],
): PostedEvent {
  const startEpochMs = parseWireTime(input.startDate)!;
  const isInstant = input.instant === true || input.endDate == null;
  const attributes = Object.entries(input.attributes ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    id: (input.eventId ?? randomUUID()).toLowerCase(),
    cameraId,
    startEpochMs,
    endEpochMs: isInstant ? startEpochMs : parseWireTime(input.endDate!)!,
    facts: {
      eventType: input.eventType,
      attributes: Object.fromEntries(attributes) as Record<string, string>,
      ...(input.grid && { grid: input.grid }),
      ...(whole && 'url' in whole && { snapshotUrl: whole.url }),
      ...(object && 'url' in object && { objectSnapshotUrl: object.url }),
    },
    picture: whole && 'bytes' in whole ? whole.bytes : null,
    objectPicture: object && 'bytes' in object ? object.bytes : null,
  };
}

function timeOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : parseQueryTime(text)!;
}
