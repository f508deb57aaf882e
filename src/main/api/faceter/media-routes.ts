/** Signed addresses, which open without a header: pictures, live HLS, finished exports. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import type { HlsTrack } from '../../live/hls.ts';
import { addMethods } from '../methods.ts';
import { viewerOf } from '../viewer.ts';
import type { FaceterDeps } from './deps.ts';
import { sendFile } from './send-file.ts';

interface Params {
  token: string;
  thing: string;
  id: string;
  file: string;
}

const PREVIEW_WIDTH = 1280;
const GONE = 'There is nothing at this address.';
const response = {};

export function registerFaceterMedia(app: FastifyInstance, deps: FaceterDeps): void {
  addMethods(app, '/media/:token/:thing(^cameras|events|exports$)/:id/:file', [
    {
      method: 'GET',
      config: { faceterAccess: 'signed' },
      schema: { tags: ['Faceter'], summary: 'Signed addresses', hide: true, response },
      handler: async (request, reply) => {
        // The signature is the permission: a page anywhere may show it.
        reply
          .header('access-control-allow-origin', '*')
          .header('cross-origin-resource-policy', 'cross-origin');
        const { thing, id, file } = request.params as Params;
        if (thing === 'events') return sendEventPicture(deps, request, reply, id, file);
        if (thing === 'exports') return sendExport(deps, request, reply, id, file);
        return file === 'preview.jpg' ? sendPreview(deps, reply, id) : sendLive(deps, reply, id, file);
      },
    },
  ]);
}

async function sendEventPicture(
  { events, audit }: FaceterDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  file: string,
) {
  const event = file === 'preview.jpg' ? events.get(id) : null;
  const picture = event && (await events.picture(id, { plain: false }));
  if (!picture) throw new AppError('not-found', GONE);
  audit.noteEventPicture(viewerOf(request, 'signed link of the Faceter API'), event);
  return reply.type('image/jpeg').send(picture);
}

async function sendPreview({ engine, cameras }: FaceterDeps, reply: FastifyReply, id: string) {
  const picture = cameras.get(id) ? await engine.newestPicture(id, PREVIEW_WIDTH) : null;
  if (!picture) throw new AppError('not-found', GONE);
  return reply.type('image/jpeg').send(picture.jpeg);
}

async function sendLive({ hls, cameras }: FaceterDeps, reply: FastifyReply, id: string, file: string) {
  const stream = cameras.get(id) ? hls.watch(id) : null;
  if (!stream) throw new AppError('not-found', GONE);
  const list = /^(live|video|audio)\.m3u8$/.exec(file)?.[1] as 'live' | HlsTrack | undefined;
  if (list) {
    const playlist = await (list === 'live' ? stream.playlist() : stream.mediaPlaylist(list));
    if (playlist === null) throw new AppError('not-found', 'This camera sends nothing now.');
    return reply.type('application/vnd.apple.mpegurl').send(playlist);
  }
  const [, name, init, number] = /^(video|audio)-(init-)?(\d{1,9})\.(?:mp4|m4s)$/.exec(file) ?? [];
  const track = name as HlsTrack;
  const bytes = init
    ? stream.init(track, Number(number))
    : name
      ? stream.segment(track, Number(number))
      : null;
  if (!bytes) throw new AppError('not-found', GONE);
  // A new stream begins to count anew: what a player keeps must not outlive it.
  return reply.type('video/mp4').header('cache-control', 'no-cache').send(bytes);
}

async function sendExport(
  { exports, audit }: FaceterDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  file: string,
) {
  const job = exports.get(id);
  if (job?.status !== 'Completed') throw new AppError('not-found', GONE);
  if (file === 'preview.jpg' && job.hasPreview)
    return sendFile(request, reply, { path: exports.previewPath(job), contentType: 'image/jpeg' });
  const isRight = file === (job.kind === 'archive' ? 'video.mp4' : 'audio.mp3');
  if (!isRight) throw new AppError('not-found', GONE);
  const contentType = job.kind === 'archive' ? 'video/mp4' : 'audio/mpeg';
  if (!request.headers.range)
    audit.note('export-downloaded', viewerOf(request, 'signed link of the Faceter API'), [job.cameraId], {
      ...{ fromEpochMs: job.fromEpochMs, toEpochMs: job.fromEpochMs + job.durationSeconds * 1000 },
    });
  return sendFile(request, reply, { path: exports.filePath(job), contentType });
}
