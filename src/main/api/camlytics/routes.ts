/** The Camlytics Cloud REST API, `/service/api/v1`: dictionaries of places, cameras, lines and zones, and what was counted there. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Site } from '../../../shared/domain-camera.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import type { CamlyticsIndex, CamlyticsQuery, Combination } from '../../store/camlytics-index.ts';
import type { Authenticator } from '../authentication.ts';
import { camlyticsShape, errorHandler, notFoundHandler } from '../errors.ts';
import { readJsonWhateverItSays } from '../json-api.ts';
import { addMethods } from '../methods.ts';
import { parseQueryTime } from '../wire-time.ts';
import { type CamlyticsKeys, camlyticsGuard } from './guard.ts';
import {
  ChannelsAnswer,
  ChannelsQuery,
  ErrorSchema,
  type EventFilters,
  EventsAnswer,
  EventsQuery,
  LocationsAnswer,
  LocationsQuery,
  TriggersAnswer,
  TriggersQuery,
  TriggerTotalsAnswer,
  TriggerTotalsQuery,
  TypeTotalsAnswer,
  TypeTotalsQuery,
} from './schemas.ts';
import { buildEvent, triggerId } from './wire-events.ts';

export interface CamlyticsDeps {
  version: string;
  keys: CamlyticsKeys;
  sites: { list(): Site[] };
  cameras: { list(): StoredCamera[] };
  isPaused(cameraId: string): boolean;
  index: CamlyticsIndex;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const tags = ['Camlytics'];
const security = [{ camlyticsKey: [], camlyticsSignature: [] }];
const failures = {
  400: ErrorSchema.describe('A parameter does not fit'),
  401: ErrorSchema.describe('Key or signature is missing or wrong, or the nonce is not above the last one'),
  429: ErrorSchema.describe('Too many requests; Retry-After says when to try again'),
};

/** To be registered with the prefix `/service/api/v1`. */
export function registerCamlyticsRoutes(
  app: FastifyInstance,
  deps: CamlyticsDeps & { authenticator: Authenticator },
): void {
  app.setErrorHandler(errorHandler(camlyticsShape));
  app.setNotFoundHandler(notFoundHandler(camlyticsShape));
  app.addHook('onRequest', camlyticsGuard(deps.authenticator, deps.keys));
  readJsonWhateverItSays(app);
  const get = <Q extends z.ZodType>(
    url: string,
    summary: string,
    querystring: Q,
    answer: z.ZodType,
    list: (query: z.infer<Q>) => unknown[] | Promise<unknown[]>,
  ) =>
    addMethods(app, url, [
      {
        method: 'GET',
        schema: { tags, security, summary, querystring, response: { 200: answer, ...failures } },
        handler: async (request: FastifyRequest, _reply: FastifyReply) => ({
          code: 0,
          msg: 'success',
          result: await list(request.query as z.infer<Q>),
        }),
      },
    ]);

  get('/locations', 'Locations: the sites', LocationsQuery, LocationsAnswer, (query) =>
    deps.sites
      .list()
      .filter((site) => query.location_id === undefined || site.id === Number(query.location_id))
      .map((site) => buildLocation(deps, site)),
  );

  get('/channels', 'Channels: the cameras', ChannelsQuery, ChannelsAnswer, (query) =>
    deps.cameras
      .list()
      .filter((camera) => isInPlace(query, camera))
      .map((camera) => ({
        id: camera.id,
        location_id: camera.siteId,
        name: camera.name,
        active: deps.isPaused(camera.id) ? 0 : 1,
        paid: 1,
      })),
  );

  get('/triggers', 'Triggers: lines and zones', TriggersQuery, TriggersAnswer, (query) =>
    deps.cameras.list().flatMap((camera) =>
      triggersOf(camera)
        .map((trigger) => ({
          id: triggerId(camera.id, trigger),
          location_id: camera.siteId,
          channel_id: camera.id,
          name: trigger.name,
          type: trigger.kind,
          active: deps.isPaused(camera.id) ? 0 : 1,
        }))
        .filter((trigger) =>
          query.trigger_id === undefined ? isInPlace(query, camera) : isSame(trigger.id, query.trigger_id),
        ),
    ),
  );

  get('/events', 'Events', EventsQuery, EventsAnswer, async (query) => {
    await deps.index.ready();
    const places = placesOf(deps);
    const events = deps.index.page({
      ...planFilter(query, places),
      order: query.order?.toLowerCase() === 'desc' ? 'desc' : 'asc',
      after: query.starting_after === undefined ? null : Number(query.starting_after),
      limit: query.limit === undefined ? DEFAULT_LIMIT : Math.min(Number(query.limit), MAX_LIMIT),
    });
    return events.map((event) => buildEvent(event, places.get(event.cameraId)!.siteId));
  });

  get(
    '/totals/triggers',
    'Counts by line and zone',
    TriggerTotalsQuery,
    TriggerTotalsAnswer,
    async (query) => {
      await deps.index.ready();
      const places = placesOf(deps);
      const totals = sumBy(deps.index.countAll(planFilter(query, places)), ({ cameraId, trigger }) =>
        JSON.stringify([cameraId, trigger?.kind, trigger?.name.toLowerCase()]),
      );
      return totals.map(({ combination: { cameraId, trigger }, count }) => ({
        trigger_id: trigger && triggerId(cameraId, trigger),
        trigger_name: trigger?.name ?? '',
        location_id: places.get(cameraId)!.siteId,
        channel_id: cameraId,
        count,
      }));
    },
  );

  get('/totals/types', 'Counts by type of event', TypeTotalsQuery, TypeTotalsAnswer, async (query) => {
    await deps.index.ready();
    const totals = sumBy(
      deps.index.countAll(planFilter(query, placesOf(deps))),
      ({ cameraId, type }) => `${cameraId} ${type}`,
    );
    return totals.map(({ combination: { cameraId, type }, count }) => ({
      type,
      channel_id: cameraId,
      count,
    }));
  });
}

export function triggersOf({ lines, zones }: Pick<StoredCamera, 'lines' | 'zones'>) {
  return [
    ...lines.map(({ name }) => ({ kind: 'Line' as const, name })),
    ...zones.map(({ name }) => ({ kind: 'Zone' as const, name })),
  ];
}

/** The hash changes whenever anything of the site's cameras, lines or zones does. */
function buildLocation({ cameras, version }: CamlyticsDeps, site: Site) {
  const content = cameras
    .list()
    .filter((camera) => camera.siteId === site.id)
    .map(({ id, name, lines, zones }) => ({ id, name, lines, zones }));
  const hash = createHash('sha512')
    .update(JSON.stringify([site, content]))
    .digest('base64');
  return { id: site.id, name: site.name, version, hash };
}

function placesOf({ cameras }: CamlyticsDeps): Map<string, { siteId: number }> {
  return new Map(cameras.list().map(({ id, siteId }) => [id, { siteId }]));
}

interface PlaceFilter {
  location_id?: string | undefined;
  channel_id?: string | undefined;
  trigger_id?: string | undefined;
}

/** A trigger beats a channel, which beats a location. Cameras that are gone have no events. */
function planFilter(
  query: EventFilters | z.infer<typeof TypeTotalsQuery>,
  places: ReadonlyMap<string, { siteId: number }>,
): CamlyticsQuery {
  const { trigger_id: wanted } = query as PlaceFilter;
  return {
    accepts: (combination: Combination) => {
      const place = places.get(combination.cameraId);
      if (!place) return false;
      if (query.event_type !== undefined && combination.type !== query.event_type) return false;
      if (query.origin !== undefined && combination.origin !== query.origin) return false;
      if (wanted === undefined) return isInPlace(query, { id: combination.cameraId, siteId: place.siteId });
      const { trigger } = combination;
      return trigger !== null && isSame(triggerId(combination.cameraId, trigger), wanted);
    },
    sinceEpochMs: query.since === undefined ? Number.NEGATIVE_INFINITY : parseQueryTime(query.since)!,
    untilEpochMs: query.until === undefined ? Number.POSITIVE_INFINITY : parseQueryTime(query.until)!,
  };
}

function isInPlace(query: PlaceFilter, camera: { id: string; siteId: number }): boolean {
  if (query.channel_id !== undefined) return isSame(camera.id, query.channel_id);
  return query.location_id === undefined || camera.siteId === Number(query.location_id);
}

function isSame(id: string, given: string): boolean {
  return id === given.trim().toLowerCase();
}

/** Sums what has one key, in the order in which the keys were first seen. */
function sumBy(
  counted: ReadonlyArray<{ combination: Combination; count: number }>,
  keyOf: (combination: Combination) => string,
): Array<{ combination: Combination; count: number }> {
  const sums = new Map<string, { combination: Combination; count: number }>();
  for (const { combination, count } of counted) {
    const key = keyOf(combination);
    const sum = sums.get(key);
    if (sum) sum.count += count;
    else sums.set(key, { combination, count });
  }
  return [...sums.values()];
}
