/** What is recorded of a camera: intervals, clips at once, exports of video and sound in their own time. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, messageOf } from '../../../shared/errors.ts';
import type { FaceterExport } from '../../store/faceter-exports.ts';
import { addMethods, baseUrl, type PathMethod } from '../methods.ts';
import { viewerOf as auditViewerOf } from '../viewer.ts';
import { formatPlainTime, parseQueryTime, parseWireTime } from '../wire-time.ts';
import { bad, failures, requireCamera, security, tags, viewerOf } from './common.ts';
import type { FaceterDeps } from './deps.ts';
import {
  ArchiveExportAnswer,
  AudioExportAnswer,
  CameraParams,
  ClipQuery,
  ErrorSchema,
  ExportParams,
  NewArchiveExport,
  NewAudioExport,
  QueuedAnswer,
  RecordingsAnswer,
} from './schemas.ts';
import { sendFile } from './send-file.ts';
import { buildExport } from './views.ts';

/** Holes up to this are the jitter between segments. */
const GAPLESS_MS = 200;

export function registerFaceterArchive(app: FastifyInstance, deps: FaceterDeps): void {
  const { archive } = deps;

  addMethods(app, '/cameras/:cameraId/recordings', [
    {
      method: 'GET',
      schema: {
        ...{ tags, security, summary: 'What is recorded of a camera', params: CameraParams },
        response: { 200: RecordingsAnswer, ...failures },
      },
      handler: (request) => {
        const camera = requireCamera(deps, request.params);
        const range = { fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER };
        return archive
          .spans({ cameraId: camera.id, stream: 'main', ...range }, GAPLESS_MS)
          .map(({ startEpochMs, endEpochMs }) => ({
            startDate: formatPlainTime(Math.round(startEpochMs)),
            durationSeconds: Math.round((endEpochMs - startEpochMs) / 1000),
          }))
          .filter(({ durationSeconds }) => durationSeconds > 0);
      },
    },
  ]);

  addMethods(app, '/cameras/:cameraId/archive/clip', [
    {
      method: 'GET',
      config: { faceterAccess: 'clip' },
      schema: {
        ...{ tags, security: [...security, {}], summary: 'A clip of what is recorded', params: CameraParams },
        description: 'MP4. Instead of the key, signature and exp of the camera’s archiveApiToken will do.',
        querystring: ClipQuery,
        produces: ['video/mp4'],
        response: { 200: z.any().describe('The clip'), ...bad, ...failures },
      },
      handler: async (request, reply) => {
        const query = request.query as z.infer<typeof ClipQuery>;
        const camera = requireCamera(deps, request.params);
        const fromEpochMs = parseQueryTime(query.startDate)!;
        const toEpochMs = fromEpochMs + Number(query.duration) * 1000;
        await mkdir(deps.clipFolder, { recursive: true });
        const path = join(deps.clipFolder, `${randomUUID()}.mp4`);
        const forget = () =>
          void rm(path, { force: true }).catch((error: unknown) =>
            deps.log.warn({ problem: messageOf(error) }, 'a delivered clip could not be deleted'),
          );
        await archive.clip({ cameraId: camera.id, fromEpochMs, toEpochMs, audio: true }, path);
        const viewer = auditViewerOf(request, 'signed link of the Faceter API');
        deps.audit.noteSeen('playback', viewer, camera.id, { fromEpochMs, toEpochMs });
        return sendFile(request, reply, { path, contentType: 'video/mp4', onSent: forget });
      },
    },
  ]);

  addExports(app, deps, {
    ...{ url: '/cameras/:cameraId/archive/exports', kind: 'archive', what: 'video' },
    ...{ body: NewArchiveExport, answer: ArchiveExportAnswer },
  });
  addExports(app, deps, {
    ...{ url: '/cameras/:cameraId/exports/audio', kind: 'audio', what: 'sound' },
    ...{ body: NewAudioExport, answer: AudioExportAnswer },
  });
}

interface ExportKind {
  url: string;
  kind: FaceterExport['kind'];
  what: string;
  body: z.ZodType;
  answer: z.ZodType;
}

function addExports(
  app: FastifyInstance,
  deps: FaceterDeps,
  { url, kind, what, body, answer }: ExportKind,
): void {
  const create: PathMethod = {
    method: 'POST',
    schema: {
      ...{ tags, security, summary: `Export ${what}`, params: CameraParams, body },
      description:
        'In the background. callbackUrl gets the finished export, tried again after 1, 5 and 25 s.',
      response: { 202: QueuedAnswer, ...bad, ...failures },
    },
    handler: (request, reply) => {
      const input = request.body as z.infer<typeof NewArchiveExport>;
      const camera = requireCamera(deps, request.params);
      const job = deps.exports.create({
        keyId: viewerOf(request).keyId,
        cameraId: camera.id,
        kind,
        fromEpochMs: parseWireTime(input.startDate)!,
        durationSeconds: input.durationSeconds,
        audio: kind === 'audio' || input.audioEnabled === true,
        callbackUrl: input.callbackUrl ?? null,
        baseUrl: baseUrl(request),
      });
      deps.audit.note('export-asked', auditViewerOf(request), [camera.id], {
        ...{ fromEpochMs: job.fromEpochMs, toEpochMs: job.fromEpochMs + job.durationSeconds * 1000 },
        detail: `${what} by the Faceter API`,
      });
      reply.code(202);
      return { exportId: job.id, status: 'Queued' };
    },
  };
  const read: PathMethod = {
    method: 'GET',
    schema: {
      ...{ tags, security, summary: `How the export of ${what} is getting on`, params: ExportParams },
      response: { 200: answer, ...failures, 403: ErrorSchema.describe('Another key asked for this export') },
    },
    handler: (request) => buildExport(deps.signer, requireExport(deps, request, kind), baseUrl(request)),
  };
  addMethods(app, url, [create]);
  addMethods(app, `${url}/:exportId`, [read]);
}

function requireExport(
  deps: FaceterDeps,
  request: FastifyRequest,
  kind: FaceterExport['kind'],
): FaceterExport {
  const camera = requireCamera(deps, request.params);
  const job = deps.exports.get((request.params as z.infer<typeof ExportParams>).exportId);
  if (!job || job.kind !== kind || job.cameraId !== camera.id)
    throw new AppError('not-found', 'There is no such export of this camera.');
  if (job.keyId !== viewerOf(request).keyId)
    throw new AppError('forbidden', 'Another integration key asked for this export.');
  return job;
}
