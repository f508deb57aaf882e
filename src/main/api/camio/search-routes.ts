/** Search through events by camera, time, labels, weight and likeness. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { AppError } from '../../../shared/errors.ts';
import { HOUR_MS, SECOND_MS } from '../../../shared/units.ts';
import { rankByLikeness } from '../../events/likeness.ts';
import type { Share } from '../../store/camio-shares.ts';
import type { EventQuery } from '../../store/event-index.ts';
import { formatCamioTime, parseQueryTime } from '../wire-time.ts';
import { findCamera } from './camera-lookup.ts';
import { checkUser } from './guard.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath } from './register.ts';
import { failures } from './schemas.ts';
import { buildBucket, type Look } from './search-buckets.ts';
import { findAny, gatherPage, takePage } from './search-plan.ts';
import { type Answer, AnswerSchema, type Search, SearchQuery } from './search-schemas.ts';
import { narrow, openShares } from './shares.ts';

const LEVEL = { all: 0, smo: 1, imo: 2, lmo: 2 } as const;
/** Likeness is compared with at most this many events, the newest that fit. */
const MAX_COMPARED = 20_000;

export function registerCamioSearch(app: FastifyInstance, deps: CamioRouteDeps): void {
  addPath(app, '/search', 'shared', [
    {
      methods: ['GET'],
      schema: {
        tags: ['Camio: search'],
        summary: 'Search',
        description:
          'With `view_tokens` no access token is needed. Page on by giving the date of the last result as `date`.',
        querystring: SearchQuery,
        response: { 200: AnswerSchema, ...failures },
      },
      handler: async (request) => {
        const query = request.query as Search;
        checkUser(query.user, request, deps.accounts);
        await deps.eventIndex.ready();
        return query.object_type === 'camios' ? searchShares(request, query) : searchEvents(request, query);
      },
    },
  ]);

  async function searchEvents(request: FastifyRequest, query: Search): Promise<Answer> {
    const shares = query.view_tokens?.length
      ? openShares(deps, query.view_tokens, request.principal !== null)
      : null;
    const sort = query.sort ?? (shares?.length === 1 ? shares[0]!.query.sort : null) ?? 'desc';
    const from = query.event_as_date ? requireOpenEvent(query.event_as_date, shares, sort) : null;
    const given = query.date === undefined ? null : parseQueryTime(query.date);
    const date = from ? from.startEpochMs : given;
    const bound = date === null ? {} : planBound(sort, date, from !== null);
    const plain: EventQuery = {
      ...(query.sources?.length && {
        cameraIds: query.sources.flatMap((name) => findCamera(deps, name)?.id ?? []),
      }),
      labels: query.labels ?? [],
      minInterest: LEVEL[query.motion_type],
      labelled: query.motion_type === 'lmo',
      order: sort,
    };
    const narrowed = (part: EventQuery) =>
      shares ? shares.flatMap((share) => narrow(deps, part, share.query) ?? []) : [part];
    const run = (range: { fromEpochMs?: number; toEpochMs?: number }) =>
      findAny(deps.eventIndex, narrowed({ ...plain, ...range }));
    const look: Look = {
      contentType: query.content_type === 'video' ? 'video/mp4' : 'image/jpeg',
      query,
      withTokens: query.fetch_access_tokens || shares !== null,
    };
    const common = { query, sort, date };
    if (query.event) {
      const like = requireOpenEvent(query.event, shares, sort);
      return searchAlike(like, run(bound), look, common);
    }
    if (query.object_type === 'events') {
      const page = takePage(run(bound), query.num_results);
      const events = deps.eventStore.bySequences(page.entries.map(({ sequence }) => sequence));
      const buckets = await Promise.all(events.map((event) => buildBucket(deps, event.id, [event], look)));
      const starts = events.map((event) => event.startEpochMs);
      return buildAnswer({ ...common, buckets, starts, more: page.more, type: 'event' });
    }
    return searchGathered(run, look, { ...common, isIncluded: from !== null });
  }

  async function searchAlike(
    like: NvrEvent,
    found: Iterable<{ sequence: number }>,
    look: Look,
    common: Common,
  ): Promise<Answer> {
    const sequences: number[] = [];
    for (const { sequence } of found) {
      if (sequence !== like.sequence) sequences.push(sequence);
      if (sequences.length >= MAX_COMPARED) break;
    }
    const limit = look.query.num_results;
    const ranked = rankByLikeness(deps.eventStore, like, sequences, limit);
    const more = ranked.length > limit - 1;
    const shown = [{ event: like, similarity: 1 }, ...ranked.slice(0, limit - 1)];
    const buckets = await Promise.all(
      shown.map(async ({ event, similarity }) => ({
        ...(await buildBucket(deps, event.id, [event], look)),
        similarity,
      })),
    );
    const starts = shown.map(({ event }) => event.startEpochMs);
    return buildAnswer({ ...common, buckets, starts, more, type: 'event' });
  }

  async function searchGathered(
    run: Parameters<typeof gatherPage>[0]['run'],
    look: Look,
    common: Common & { isIncluded: boolean },
  ): Promise<Answer> {
    const { query, sort, date, isIncluded } = common;
    const unitMs = query.object_type === 'hours' ? HOUR_MS : SECOND_MS;
    const nudge = isIncluded ? (sort === 'asc' ? -1 : 1) : 0;
    const page = gatherPage({
      run,
      cameraOf: (sequence) => deps.eventStore.cameraOf(sequence),
      unitMs,
      order: sort,
      dateEpochMs: date === null ? null : date + nudge,
      limit: query.num_results,
    });
    const buckets = await Promise.all(
      page.entries.map(({ cameraId, unitEpochMs, events }) =>
        buildBucket(
          deps,
          `${cameraId}-${unitMs === HOUR_MS ? 'h' : 's'}${unitEpochMs / unitMs}`,
          deps.eventStore.bySequences(events.map(({ sequence }) => sequence)),
          look,
        ),
      ),
    );
    const starts = page.entries.map((entry) => entry.startEpochMs);
    const type = query.object_type === 'hours' ? 'hour' : 'second';
    return buildAnswer({ ...common, buckets, starts, more: page.more, type });
  }

  function searchShares(request: FastifyRequest, query: Search): Answer {
    if (!request.principal) throw new AppError('unauthenticated', 'A valid access token is needed.');
    const sort = query.sort ?? 'desc';
    const sign = sort === 'asc' ? 1 : -1;
    const from = query.event_as_date ? requireEvent(query.event_as_date).startEpochMs - sign : null;
    const date = from ?? (query.date === undefined ? null : parseQueryTime(query.date));
    const mayBeShown = query.view_tokens?.length
      ? openShares(deps, query.view_tokens, true)
      : deps.shares.list();
    const fitting = mayBeShown
      .filter(({ createdEpochMs }) => date === null || sign * (createdEpochMs - date) > 0)
      .sort((a, b) => sign * (a.createdEpochMs - b.createdEpochMs || a.id - b.id));
    const page = takePage(
      fitting.map(({ id, createdEpochMs }) => ({ sequence: id, startEpochMs: createdEpochMs })),
      query.num_results,
    );
    const shown = fitting.slice(0, page.entries.length);
    const buckets = shown.map((share) => ({
      bucket_id: String(share.id),
      view_token: share.viewToken,
      name: share.name,
      type: share.type,
      date_created: formatCamioTime(share.createdEpochMs),
    }));
    const starts = shown.map((share) => share.createdEpochMs);
    return buildAnswer({ query, sort, date, buckets, starts, more: page.more, type: 'camio' });
  }

  function buildAnswer(page: {
    query: Search;
    sort: 'asc' | 'desc';
    date: number | null;
    buckets: Answer['result']['buckets'];
    starts: readonly number[];
    more: boolean;
    type: Answer['result']['bucket_type'];
  }): Answer {
    const { query, sort, starts, buckets } = page;
    const dateOrNow = page.date ?? deps.clock.epochMs();
    return {
      query: {
        date: formatCamioTime(dateOrNow),
        sort,
        motion_type: query.motion_type,
        object_type: query.object_type,
        content_type: query.content_type,
      },
      result: {
        bucket_type: page.type,
        buckets,
        count: buckets.length,
        more_results: page.more,
        earliest_date_considered: formatCamioTime(starts.length > 0 ? Math.min(...starts) : dateOrNow),
        latest_date_considered: formatCamioTime(starts.length > 0 ? Math.max(...starts) : dateOrNow),
      },
    };
  }

  /** An event; with view tokens only one that they share. Throws AppError `not-found`. */
  function requireOpenEvent(id: string, shares: readonly Share[] | null, order: 'asc' | 'desc'): NvrEvent {
    const event = requireEvent(id);
    if (!shares) return event;
    const alone: EventQuery = {
      ...{ labels: [], minInterest: 0, order, sequences: new Set([event.sequence]) },
      ...{ fromEpochMs: event.startEpochMs, toEpochMs: event.startEpochMs + 1 },
    };
    const queries = shares
      .filter(({ query }) => query.eventIds.length === 0 || query.eventIds.includes(event.id))
      .flatMap((share) => narrow(deps, alone, { ...share.query, eventIds: [] }) ?? []);
    for (const _ of findAny(deps.eventIndex, queries)) return event;
    throw new AppError('not-found', 'There is no such event.');
  }

  function requireEvent(id: string): NvrEvent {
    const event = deps.eventStore.get(id.toLowerCase());
    if (!event) throw new AppError('not-found', 'There is no such event.');
    return event;
  }
}

interface Common {
  query: Search;
  sort: 'asc' | 'desc';
  date: number | null;
}

/** Strictly before or after a date; with an event as date, that one included. */
function planBound(sort: 'asc' | 'desc', date: number, isIncluded: boolean) {
  if (sort === 'asc') return { fromEpochMs: isIncluded ? date : date + 1 };
  return { toEpochMs: isIncluded ? date + 1 : date };
}
