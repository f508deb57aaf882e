/** Uploaded pictures and videos for the UI: which shows a time, those of an event, their bytes. Registered inside the authenticated scope. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Archive } from '../../archive/archive.ts';
import type { Audit } from '../../archive/audit.ts';
import { viewerOf } from '../viewer.ts';
import { isKept } from './kept-pictures.ts';
import { camerasOf, forOperators, forOperatorsOfCamera } from './rights.ts';
import { sendFile } from './send-file.ts';

export interface UploadRouteDeps {
  archive: Archive;
  audit: Audit;
}

const CameraParamsSchema = z.object({
  cameraId: z.guid('expected a camera id').transform((id) => id.toLowerCase()),
});
const IdParamsSchema = z.object({ id: z.string() });
const AtQuerySchema = z.object({ atEpochMs: z.coerce.number() });
const FileQuerySchema = z.object({ save: z.stringbool().default(false) });
const PictureQuerySchema = z.object({ width: z.coerce.number().int().min(16).max(3840).default(320) });

export function registerUploadRoutes(app: FastifyInstance, { archive, audit }: UploadRouteDeps): void {
  const noteSeen = (action: 'playback' | 'pictures', request: FastifyRequest, id: string) => {
    const { cameraId, ...range } = archive.uploadRange(id);
    audit.noteSeen(action, viewerOf(request), cameraId, range);
  };
  const idOf = (request: FastifyRequest): string => {
    const { id } = IdParamsSchema.parse(request.params);
    camerasOf(request).require(archive.uploadRange(id).cameraId);
    return id;
  };

  app.get('/archive/:cameraId/upload', forOperatorsOfCamera, (request) => {
    const { cameraId } = CameraParamsSchema.parse(request.params);
    return { upload: archive.upload(cameraId, AtQuerySchema.parse(request.query).atEpochMs) };
  });

  app.get('/events/:id/uploads', forOperators, (request) => {
    const cameras = camerasOf(request);
    return archive
      .uploadsOfEvent(IdParamsSchema.parse(request.params).id.toLowerCase())
      .filter(({ id }) => cameras.has(archive.uploadRange(id).cameraId));
  });

  app.get('/uploads/:id/file', forOperators, async (request, reply) => {
    const id = idOf(request);
    const file = archive.uploadFile(id);
    noteSeen(file.contentType === 'video/mp4' ? 'playback' : 'pictures', request, id);
    const { save } = FileQuerySchema.parse(request.query);
    if (isKept(request, reply, id)) return reply.send();
    return sendFile(reply, { ...file, isShown: !save }, request.headers.range);
  });

  app.get('/uploads/:id/picture.jpg', forOperators, async (request, reply) => {
    const { width } = PictureQuerySchema.parse(request.query);
    const id = idOf(request);
    const picture = await archive.uploadPicture(id, width);
    noteSeen('pictures', request, id);
    if (isKept(request, reply, picture)) return reply.send();
    return reply.type('image/jpeg').send(picture);
  });
}
