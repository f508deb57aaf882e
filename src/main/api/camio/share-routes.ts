/** Camios: parts of the archive that the owner shares by link, and downloads of them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { Share, SharedQuery } from '../../store/camio-shares.ts';
import { viewerOf } from '../viewer.ts';
import { formatCamioTime, parseWireTime } from '../wire-time.ts';
import { requireCamera } from './camera-lookup.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath } from './register.ts';
import { failures, MeParams, ShareListSchema, ShareViewSchema, WireTime } from './schemas.ts';

const tags = ['Camio: sharing'];
const Names = z.array(z.string()).max(1000).nullish();
const ShareInput = z
  .object({
    name: z.string().max(500).nullish(),
    type: z.enum(['public', 'private']).default('public'),
    query: z.object({
      cameras: Names.describe('Any of them'),
      labels: Names.describe('All of them'),
      events: Names.describe('Any of them'),
      start_date: WireTime.nullish(),
      end_date: WireTime.nullish(),
      sort: z.enum(['asc', 'desc']).nullish(),
    }),
  })
  .meta({
    example: {
      name: 'My Camio',
      type: 'public',
      query: {
        cameras: ['front'],
        labels: ['human'],
        events: [],
        start_date: '2014-02-21T04:12:38.911-0000',
      },
    },
  });
const DownloadParams = z.object({ viewToken: z.string().meta({ example: 'AxqTV1abzQ' }) });
const DownloadAnswer = z
  .array(z.object({ id: z.string(), view_token: z.string(), status: z.string(), date_created: z.string() }))
  .meta({
    example: [
      {
        id: '7b1c8f0e-5717-4562-b3fc-2c963f66afa6',
        view_token: 'AxqTV1abzQ',
        status: 'QUEUED',
        date_created: '2014-02-21T04:12:38.911-0000',
      },
    ],
  });

export function registerCamioShares(app: FastifyInstance, deps: CamioRouteDeps): void {
  addPath(app, '/users/:token/camios', 'user', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'List all Camios',
        params: MeParams,
        response: { 200: ShareListSchema, ...failures },
      },
      handler: () => deps.shares.list().map(buildShare),
    },
    {
      methods: ['POST'],
      body: 'json',
      schema: {
        tags,
        summary: 'Share a part of the archive',
        description:
          'What meets all the conditions is shared with everybody who has the view_token; a private Camio only with the owner. ' +
          'At least one condition is needed.',
        params: MeParams,
        body: ShareInput,
        response: { 200: ShareViewSchema, ...failures },
      },
      handler: (request) => {
        const input = request.body as z.infer<typeof ShareInput>;
        const conditions = readConditions(input.query);
        const query: SharedQuery = {
          ...conditions,
          cameraIds: conditions.cameraNames.map((name) => requireCamera(deps, name).id),
          eventIds: conditions.eventIds.map(requireEventId),
        };
        const cameraNames = query.cameraIds.map((id) => deps.cameras.get(id)?.name ?? id);
        const name = input.name?.trim() ? input.name : describe({ ...conditions, cameraNames });
        const share = deps.shares.add({ name, type: input.type, query }, deps.clock.epochMs());
        deps.audit.note('share-made', viewerOf(request), query.cameraIds, {
          ...{ fromEpochMs: query.startEpochMs, toEpochMs: query.endEpochMs },
          detail: `${input.type === 'public' ? 'with everybody who has the link' : 'for the owner alone'}: ${name}`,
        });
        return buildShare(share);
      },
    },
  ]);

  addPath(app, '/camios/:viewToken/downloads', 'user', [
    {
      methods: ['POST'],
      schema: {
        tags,
        summary: 'Make a download of all content of a Camio',
        description:
          'The body is ignored. When it is ready it can be fetched at `/camios/:viewToken/downloads/:id`.',
        params: DownloadParams,
        response: { 200: DownloadAnswer, ...failures },
      },
      handler: (request) => {
        const { viewToken } = request.params as z.infer<typeof DownloadParams>;
        const share = deps.shares.byToken(viewToken);
        if (!share) throw new AppError('not-found', 'There is no such Camio.');
        const download = deps.shares.addDownload(share.id, deps.clock.epochMs());
        deps.downloads.wake();
        deps.audit.note('export-asked', viewerOf(request), share.query.cameraIds, {
          ...{ fromEpochMs: share.query.startEpochMs, toEpochMs: share.query.endEpochMs },
          detail: `ZIP of all that is shared as ${share.name}`,
        });
        return [
          {
            id: download.id,
            view_token: viewToken,
            status: 'QUEUED',
            date_created: formatCamioTime(download.createdEpochMs),
          },
        ];
      },
    },
  ]);

  addPath(app, '/camios/:viewToken/downloads/:id', 'user', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'A finished download: a ZIP file',
        description: 'Not part of the original API. 409 while it is being made.',
        params: DownloadParams.extend({
          id: z.string().meta({ example: '7b1c8f0e-5717-4562-b3fc-2c963f66afa6' }),
        }),
        produces: ['application/zip'],
        response: { 200: z.any().describe('The ZIP file'), ...failures },
      },
      handler: async (request, reply) => {
        const { viewToken, id } = request.params as { viewToken: string; id: string };
        const { path, fileName } = deps.downloads.file(viewToken, id);
        const size = await stat(path).then(
          (facts) => facts.size,
          (cause: unknown) => {
            throw new AppError('not-found', 'The file of this download is no longer there.', { cause });
          },
        );
        deps.audit.note('export-downloaded', viewerOf(request), [], { detail: fileName });
        return reply
          .type('application/zip')
          .header('content-disposition', `attachment; filename="${fileName}"`)
          .header('content-length', size)
          .send(createReadStream(path));
      },
    },
  ]);

  function requireEventId(id: string): string {
    const event = deps.eventStore.get(id.toLowerCase());
    if (!event) throw new AppError('not-found', 'There is no such event.');
    return event.id;
  }
}

type Conditions = Omit<SharedQuery, 'cameraIds'> & { cameraNames: string[] };

/** Throws AppError `invalid-input` when there is no condition: nobody shares all by accident. */
function readConditions(query: z.infer<typeof ShareInput>['query']): Conditions {
  const named = (list: readonly string[] | null | undefined) =>
    (list ?? []).map((text) => text.trim()).filter((text) => text !== '');
  const time = (text: string | null | undefined) => (text ? parseWireTime(text) : null);
  const conditions = {
    cameraNames: named(query.cameras),
    labels: named(query.labels),
    eventIds: named(query.events),
    startEpochMs: time(query.start_date),
    endEpochMs: time(query.end_date),
    sort: query.sort ?? null,
  };
  const { cameraNames, labels, eventIds, startEpochMs, endEpochMs } = conditions;
  const isEmpty = cameraNames.length + labels.length + eventIds.length === 0;
  if (isEmpty && startEpochMs === null && endEpochMs === null)
    throw new AppError('invalid-input', 'query: expected at least one condition');
  return conditions;
}

/** As `front, gate: human blue, from 2014-02-21`. */
function describe({ cameraNames, labels, eventIds, startEpochMs, endEpochMs }: Conditions): string {
  const day = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);
  const parts = [
    cameraNames.join(', '),
    labels.join(' '),
    eventIds.length > 0 ? `${eventIds.length} event${eventIds.length === 1 ? '' : 's'}` : '',
    startEpochMs === null ? '' : `from ${day(startEpochMs)}`,
    endEpochMs === null ? '' : `until ${day(endEpochMs)}`,
  ];
  return parts
    .filter((part) => part !== '')
    .join(': ')
    .slice(0, 500);
}

function buildShare(share: Share): z.infer<typeof ShareViewSchema> {
  return {
    view_token: share.viewToken,
    name: share.name,
    date_created: formatCamioTime(share.createdEpochMs),
    type: share.type,
  };
}
