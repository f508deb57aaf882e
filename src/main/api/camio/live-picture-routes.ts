/** The newest picture of a camera: of its stream or of what was uploaded for it. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import type { ContentType } from '../../store/uploads.ts';
import { formatCamioTime } from '../wire-time.ts';
import { findCamera } from './camera-lookup.ts';
import { sendBytes } from './content-bytes.ts';
import { checkUser } from './guard.ts';
import { findItem, fitPicture, type Item, pictureOf } from './items.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath } from './register.ts';
import { CommaList, failures, pictureSize, single } from './schemas.ts';
import { openShares } from './shares.ts';

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

const WIDEST = 3840;

export function registerCamioLivePicture(app: FastifyInstance, deps: CamioRouteDeps): void {
  addPath(app, '/content/live/:camera', 'shared', [
    {
      methods: ['GET'],
      schema: {
        tags: ['Camio: content'],
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
}
