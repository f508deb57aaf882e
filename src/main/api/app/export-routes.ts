/** Exports for the UI: asking for them, their progress, their files; the drives that they can go to. Registered inside the authenticated scope. */
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ExportInputSchema, type ExportJob } from '../../../shared/contract-exports.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Archive } from '../../archive/archive.ts';
import type { Audit } from '../../archive/audit.ts';
import { zipFiles } from '../../media/zip-files.ts';
import { viewerOf } from '../viewer.ts';
import { type CameraScope, camerasOf, forOperators } from './rights.ts';
import { dispositionOf, sendFile } from './send-file.ts';

export interface ExportRouteDeps {
  archive: Pick<Archive, 'exports' | 'drives'>;
  audit: Audit;
}

const JobParamsSchema = z.object({ id: z.guid('expected an export id').transform((id) => id.toLowerCase()) });
const FileParamsSchema = z.object({ index: z.coerce.number().int().min(0) });
const FileQuerySchema = z.object({ show: z.stringbool().default(false) });
const DriveParamsSchema = z.object({ id: z.guid('expected a drive id') });

export function registerExportRoutes(app: FastifyInstance, { archive, audit }: ExportRouteDeps): void {
  const { exports, drives } = archive;

  const idOf = (request: FastifyRequest): string => {
    const { id } = JobParamsSchema.parse(request.params);
    const job = exports.list().find((one) => one.id === id);
    if (job && !isTheirs(job, camerasOf(request)))
      throw new AppError('not-found', 'There is no such export.');
    return id;
  };

  app.get('/exports', forOperators, (request) => {
    const cameras = camerasOf(request);
    return exports.list().filter((job) => isTheirs(job, cameras));
  });

  app.post('/exports', forOperators, async (request, reply) => {
    const input = ExportInputSchema.parse(request.body);
    const cameraIds = input.cameraIds.map((id) => id.toLowerCase());
    for (const cameraId of cameraIds) camerasOf(request).require(cameraId);
    return reply.code(202).send(await exports.create({ ...input, cameraIds }, viewerOf(request)));
  });

  app.post('/exports/:id/pause', forOperators, (request) => exports.pause(idOf(request)));
  app.post('/exports/:id/resume', forOperators, (request) => exports.resume(idOf(request)));

  app.delete('/exports/:id', forOperators, async (request, reply) => {
    const id = idOf(request);
    const job = exports.list().find((one) => one.id === id);
    await exports.remove(id);
    if (job?.state === 'done') audit.noteExport('export-removed', job, viewerOf(request));
    return reply.code(204).send();
  });

  app.get('/exports/:id/file', forOperators, async (request, reply) => {
    const id = idOf(request);
    const { name, isFolder, files } = exports.files(id);
    const job = exports.list().find((one) => one.id === id);
    if (job) audit.noteDownload(job, viewerOf(request));
    const [only] = files;
    if (!isFolder && only) return sendFile(reply, { path: only.path, fileName: name }, request.headers.range);
    const entries = await Promise.all(
      files.map(async (file) => ({
        name: `${name}/${file.name}`,
        path: file.path,
        ...(await factsOf(file.path)),
      })),
    );
    reply.header('content-disposition', dispositionOf(`${name}.zip`)).type('application/zip');
    return reply.send(Readable.from(zipFiles(entries), { objectMode: false, highWaterMark: 1024 * 1024 }));
  });

  app.get('/exports/:id/files/:index', forOperators, (request, reply) => {
    const id = idOf(request);
    const { index } = FileParamsSchema.parse(request.params);
    const { show } = FileQuerySchema.parse(request.query);
    const file = exports.files(id).files[index];
    if (!file) throw new AppError('not-found', 'This export has no such file.');
    const job = exports.list().find((one) => one.id === id);
    if (job) audit.noteDownload(job, viewerOf(request));
    const fileName = file.name.split('/').at(-1) ?? file.name;
    return sendFile(reply, { path: file.path, fileName, isShown: show }, request.headers.range);
  });

  app.get('/drives', forOperators, () => drives.list());

  app.post('/drives/:id/eject', forOperators, async (request, reply) => {
    await drives.eject(DriveParamsSchema.parse(request.params).id);
    return reply.code(204).send();
  });
}

/** An export belongs to those who see all of its cameras. */
function isTheirs(job: ExportJob, cameras: CameraScope): boolean {
  return cameras.hasAll(job.cameras.map(({ id }) => id));
}

async function factsOf(path: string): Promise<{ sizeBytes: number; modifiedEpochMs: number }> {
  return stat(path).then(
    ({ size, mtimeMs }) => ({ sizeBytes: size, modifiedEpochMs: mtimeMs }),
    (cause: unknown) => {
      throw new AppError('not-found', 'A file of this export is no longer there.', { cause });
    },
  );
}
