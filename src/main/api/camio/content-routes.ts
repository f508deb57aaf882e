/** Content: bytes of pictures and videos, as stored; by tokens of single items; and the newest picture of a camera. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import type { ContentType } from '../../store/uploads.ts';
import { parseRange } from '../byte-range.ts';
import { formatCamioTime } from '../wire-time.ts';
import { findCamera, requireCamera } from './camera-lookup.ts';
import { checkUser } from './guard.ts';
import { isItemToken } from './item-tokens.ts';
import {
  findItem,
  fitPicture,
  type Item,
  noteItem,
  type OpenItem,
  openItem,
  pictureOf,
  readPicture,
} from './items.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath, type CamioMethod } from './register.ts';
import { CameraParams, CommaList, count, failures, pictureSize, QueryFlag, single } from './schemas.ts';
import { openShares } from './shares.ts';

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

const LiveParams = z.object({ camera: z.string().meta({ example: 'front' }) });
const LiveQuery = z.object({
  output: single(z.string().optional()).meta({ description: 'jpeg for the picture itself', example: 'jpeg' }),
  user: single(z.string().optional()),
  view_tokens: CommaList.optional(),
  ...pictureSize({}),
});
const LiveAnswer = z
  .object({ source: z.string(), content_type: z.string(), date_created: z.string(), image_bytes: z.string() })
  .meta({
    example: {
      source: 'front',
      content_type: 'image/jpeg',
      date_created: '2014-02-21T04:12:38.911-0000',
      image_bytes: '/9j/4AAQSkZJ',
    },
  });

/** Bytes of base64 at a time: a multiple of three. */
const BASE64_STEP = 3 * 65_536;
const WIDEST = 3840;

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

  addPath(app, '/content/live/:camera', 'shared', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'The newest picture of a camera',
        description:
          'With view_tokens, of a Camio that names the camera and has a start but no end, no access token is needed.',
        params: LiveParams,
        querystring: LiveQuery,
        produces: ['application/json', 'image/jpeg'],
        response: { 200: LiveAnswer, ...failures },
      },
      handler: async (request, reply) => {
        const query = request.query as z.infer<typeof LiveQuery>;
        const { camera: name } = request.params as z.infer<typeof LiveParams>;
        checkUser(query.user, request, deps.accounts);
        const shares = query.view_tokens?.length
          ? openShares(deps, query.view_tokens, request.principal !== null)
          : null;
        const camera = findCamera(deps, name);
        const isShared =
          shares === null ||
          shares.some(
            ({ query: shared }) =>
              camera !== null &&
              shared.cameraIds.includes(camera.id) &&
              shared.startEpochMs !== null &&
              shared.endEpochMs === null,
          );
        if (!camera || !isShared) throw new AppError('not-found', 'There is no such camera.');
        const newest = await newestPicture(camera, query);
        if (!newest) throw new AppError('not-found', 'There is no picture of this camera yet.');
        if (query.output?.toLowerCase() === 'jpeg') return sendBytes(reply, 'image/jpeg', newest.jpeg);
        return {
          source: camera.name,
          content_type: 'image/jpeg',
          date_created: formatCamioTime(newest.atEpochMs),
          image_bytes: newest.jpeg.toString('base64'),
        };
      },
    },
  ]);

  /** Of stream and uploaded pictures, whichever is newer, else of the newest uploaded video; in the size asked for. */
  async function newestPicture(
    camera: StoredCamera,
    size: { w?: number | undefined; h?: number | undefined; quality: number },
  ): Promise<{ jpeg: Buffer; atEpochMs: number } | null> {
    const stream = await deps.engine.streamPicture(camera.id, Math.min(WIDEST, size.w ?? WIDEST));
    const upload =
      (await uploadedPicture(camera.id, 'image/jpeg', stream?.atEpochMs ?? 0)) ??
      (stream ? null : await uploadedPicture(camera.id, 'video/mp4', 0));
    const item = upload?.item;
    const newest = upload ? { jpeg: upload.jpeg, atEpochMs: upload.item.atEpochMs } : stream;
    if (!newest) return null;
    const isAsItIs = size.w === undefined && size.h === undefined && size.quality === 85 && !item?.rotation;
    if (isAsItIs) return newest;
    const box = {
      ...(size.w && { w: size.w }),
      ...(size.h && { h: size.h }),
      quality: size.quality,
      rotation: item?.rotation ?? 0,
    };
    return { ...newest, jpeg: await fitPicture(newest.jpeg, box) };
  }

  /** What the newest upload of a type for a time after `epochMs` shows; null when there is none. */
  async function uploadedPicture(
    cameraId: string,
    type: ContentType,
    epochMs: number,
  ): Promise<{ item: Item; jpeg: Buffer } | null> {
    const content = deps.contents.newest(cameraId, type);
    const item = content && content.atEpochMs > epochMs ? findItem(deps, content.id) : null;
    // A file that is gone meanwhile is as good as no upload.
    const jpeg = item && (await pictureOf(deps, item).catch(() => null));
    return item && jpeg && { item, jpeg };
  }

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

async function* base64Of({ size, read }: OpenItem): AsyncGenerator<string> {
  for (let start = 0; start < size; start += BASE64_STEP) {
    const piece = read(start, Math.min(size, start + BASE64_STEP) - 1);
    if (Buffer.isBuffer(piece)) yield piece.toString('base64');
    else {
      const chunks: Buffer[] = [];
      for await (const chunk of piece) chunks.push(chunk as Buffer);
      yield Buffer.concat(chunks).toString('base64');
    }
  }
}

function sendBytes(reply: FastifyReply, type: string, bytes: Buffer): FastifyReply {
  return reply
    .type(type)
    .serializer((body: unknown) => body as string)
    .send(bytes);
}

/** All of it, or the range that is asked for. */
function sendItem(
  reply: FastifyReply,
  item: Item,
  { size, read }: OpenItem,
  rangeHeader: string | undefined,
): FastifyReply {
  reply.header('accept-ranges', 'bytes').type(item.contentType);
  const range = parseRange(rangeHeader, size);
  if (range === 'unsatisfiable')
    return sendBytes(
      reply.code(416).header('content-range', `bytes */${size}`),
      item.contentType,
      Buffer.alloc(0),
    );
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  reply.header('content-length', end - start + 1);
  return reply.send(read(start, end));
}
