/** Content: bytes of pictures and videos, as stored, and by tokens of single items. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { formatCamioTime } from '../wire-time.ts';
import { requireCamera } from './camera-lookup.ts';
import { base64Of, sendBytes, sendItem } from './content-bytes.ts';
import { isItemToken } from './item-tokens.ts';
import { findItem, fitPicture, noteItem, openItem, readPicture } from './items.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath, type CamioMethod } from './register.ts';
import { CameraParams, count, failures, pictureSize, QueryFlag, single } from './schemas.ts';

const tags = ['Camio: content'];
export const ContentParams = CameraParams.extend({
  item: z.string().meta({
    description: 'Id of the content; for uploads a file name',
    example: '2014-07-21T20:38:32.183-07:00.jpeg',
  }),
});
const Bytes = z.any().describe('The bytes as they are stored: image/jpeg or video/mp4');

const ListInput = z
  .array(z.object({ id: z.string(), access_token: z.string() }))
  .min(1)
  .max(100)
  .meta({ example: [{ id: 's0f3c1f6457174562b3fc2c963f66afa6', access_token: 'tr2v0g.q83v…' }] });
const ListQuery = z.object({ resize: single(QueryFlag.default(false)), ...pictureSize({ w: 150, h: 112 }) });
const ListAnswer = z
  .array(
    z.object({
      id: z.string(),
      content_type: z.string().optional(),
      date_created: z.string().optional(),
      image_bytes: z.string().optional(),
      video_bytes: z.string().optional(),
      message: z.string().optional(),
    }),
  )
  .meta({
    example: [
      {
        id: 's0f3c1f6457174562b3fc2c963f66afa6',
        content_type: 'image/jpeg',
        date_created: '2014-02-21T04:12:38.911-0000',
        image_bytes: '/9j/4AAQSkZJ',
      },
    ],
  });

/** The GET of a path that uploads share; see `upload-routes.ts`. */
export function contentGet(deps: CamioRouteDeps): CamioMethod {
  return {
    methods: ['GET'],
    access: 'user',
    schema: {
      tags,
      summary: 'Content by its id',
      description: 'The bytes as they are stored. Ranges are answered with 206.',
      params: ContentParams,
      produces: ['image/jpeg', 'video/mp4'],
      response: { 200: Bytes, 206: Bytes, ...failures },
    },
    handler: async (request, reply) => {
      const params = request.params as z.infer<typeof ContentParams>;
      const camera = requireCamera(deps, params.camera);
      const item = findItem(deps, params.item);
      if (item?.cameraId !== camera.id) throw new AppError('not-found', 'There is no such content.');
      const bytes = await openItem(deps, item);
      noteItem(deps, request, item);
      return sendItem(reply, item, bytes, request.headers.range);
    },
  };
}

export function registerCamioContent(app: FastifyInstance, deps: CamioRouteDeps): void {
  addPath(app, '/content', 'open', [
    {
      methods: ['POST'],
      body: 'json',
      schema: {
        tags,
        summary: 'Content by access tokens',
        description:
          'Needs no OAuth token: each item is opened by the access_token that a search gave for it, for one hour. ' +
          'A wrong token gives `{id, message}`.',
        querystring: ListQuery,
        body: ListInput,
        response: { 200: ListAnswer, ...failures },
      },
      handler: async (request, reply) => {
        const wanted = request.body as z.infer<typeof ListInput>;
        const checked = wanted.map(({ id, access_token }) => ({
          id,
          isTokenGood: isItemToken(deps, id, access_token),
        }));
        if (!checked.some((entry) => entry.isTokenGood)) throw deps.authenticator.refusal(request);
        const query = request.query as z.infer<typeof ListQuery>;
        return reply
          .type('application/json; charset=utf-8')
          .send(Readable.from(writeList(request, checked, query), { objectMode: false }));
      },
    },
  ]);

  addPath(app, '/content/items/:item', 'open', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'One item by its access token',
        description: 'As URLs that this program hands out; good for one hour.',
        params: z.object({ item: z.string().meta({ example: 's0f3c1f6457174562b3fc2c963f66afa6' }) }),
        querystring: z.object({
          access_token: z.string(),
          w: single(count(10_000).optional()),
          h: single(count(10_000).optional()),
        }),
        produces: ['image/jpeg', 'video/mp4'],
        response: { 200: Bytes, 206: Bytes, ...failures },
      },
      handler: async (request, reply) => {
        const { item: id } = request.params as { item: string };
        const {
          access_token: token,
          w,
          h,
        } = request.query as { access_token: string; w?: number; h?: number };
        if (!isItemToken(deps, id, token)) throw deps.authenticator.refusal(request);
        const item = findItem(deps, id);
        if (!item) throw new AppError('not-found', 'There is no such content.');
        reply.header('cache-control', 'private, max-age=3000');
        if (item.contentType === 'image/jpeg' && (w !== undefined || h !== undefined)) {
          const size = {
            ...(w !== undefined && { w }),
            ...(h !== undefined && { h }),
            quality: 82,
            rotation: item.rotation,
          };
          const picture = await fitPicture(await readPicture(deps, item), size);
          noteItem(deps, request, item);
          return sendBytes(reply, 'image/jpeg', picture);
        }
        const bytes = await openItem(deps, item);
        noteItem(deps, request, item);
        return sendItem(reply, item, bytes, request.headers.range);
      },
    },
  ]);

  /** The list as JSON, piece by piece: a hundred videos do not fit into memory. */
  async function* writeList(
    request: FastifyRequest,
    entries: ReadonlyArray<{ id: string; isTokenGood: boolean }>,
    query: z.infer<typeof ListQuery>,
  ): AsyncGenerator<string> {
    let separator = '[';
    for (const { id, isTokenGood } of entries) {
      yield separator;
      separator = ',';
      const item = isTokenGood ? findItem(deps, id) : null;
      // A clip whose footage has gone meanwhile is as good as no item.
      const bytes = item && (await openItem(deps, item).catch(() => null));
      if (!item || !bytes) {
        const message = isTokenGood ? 'There is no such content.' : 'The access token is not valid.';
        yield JSON.stringify({ id, message });
        continue;
      }
      noteItem(deps, request, item);
      const head = { id, content_type: item.contentType, date_created: formatCamioTime(item.atEpochMs) };
      const key = item.contentType === 'image/jpeg' ? 'image_bytes' : 'video_bytes';
      yield `${JSON.stringify(head).slice(0, -1)},"${key}":"`;
      if (item.contentType === 'image/jpeg' && query.resize)
        yield (
          await fitPicture(await readPicture(deps, item), { ...query, rotation: item.rotation })
        ).toString('base64');
      else yield* base64Of(bytes);
      yield '"}';
    }
    yield ']';
  }
}
