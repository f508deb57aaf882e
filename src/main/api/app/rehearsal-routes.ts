/** Rehearsals and backfills for the UI. Registered inside the authenticated scope. */
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import {
  type Backfill,
  type BackfillInput,
  BackfillInputSchema,
  type Rehearsal,
  RehearsalInputSchema,
  type RehearsalRules,
  RehearsalRulesSchema,
} from '../../../shared/rehearsal.ts';
import { receiveFile, takeBodiesAsStreams } from '../receive-file.ts';
import { forAdministrators } from './rights.ts';

export interface RehearsalRouteDeps {
  /** Where videos to be rehearsed are kept; emptied at every start. */
  videoFolder: string;
  hasCamera(cameraId: string): boolean;
  rehearsals: {
    createRecorded(
      cameraId: string,
      range: { fromEpochMs: number; toEpochMs: number },
      rules: RehearsalRules,
    ): Rehearsal;
    createVideo(cameraId: string, path: string, rules: RehearsalRules): Promise<Rehearsal>;
    get(id: string): Rehearsal;
    change(id: string, rules: RehearsalRules): Promise<Rehearsal>;
    remove(id: string): Promise<void>;
  };
  /** Seconds that a video lasts. Throws AppError `invalid-input` for what is no video. */
  probeVideo(path: string): Promise<number>;
  backfills: {
    list(): Backfill[];
    create(input: BackfillInput): Backfill;
    pause(id: string): Promise<Backfill>;
    resume(id: string): Backfill;
    remove(id: string): Promise<void>;
  };
}

const ParamsSchema = z.object({ id: z.uuid().transform((id) => id.toLowerCase()) });
/** Videos kept at once; the oldest makes place. */
const MOST_VIDEOS = 3;

export async function registerRehearsalRoutes(app: FastifyInstance, deps: RehearsalRouteDeps): Promise<void> {
  const { rehearsals, backfills } = deps;
  /** Paths of videos by id, oldest first. */
  const videos = new Map<string, string>();
  const idOf = (params: unknown) => ParamsSchema.parse(params).id;

  app.post('/cameras/:id/rehearsals', forAdministrators, async (request, reply) => {
    const cameraId = idOf(request.params);
    if (!deps.hasCamera(cameraId)) throw new AppError('not-found', 'There is no such camera.');
    const { rules, footage } = RehearsalInputSchema.parse(request.body);
    reply.code(202);
    if ('fromEpochMs' in footage) return rehearsals.createRecorded(cameraId, footage, rules);
    const path = videos.get(footage.videoId);
    if (!path) throw new AppError('not-found', 'This video is no longer here. Choose it again.');
    return rehearsals.createVideo(cameraId, path, rules);
  });

  app.get('/rehearsals/:id', forAdministrators, (request) => rehearsals.get(idOf(request.params)));

  app.put('/rehearsals/:id/rules', forAdministrators, (request) =>
    rehearsals.change(idOf(request.params), RehearsalRulesSchema.parse(request.body)),
  );

  app.delete('/rehearsals/:id', forAdministrators, async (request, reply) => {
    await rehearsals.remove(idOf(request.params));
    return reply.code(204).send();
  });

  app.get('/backfills', forAdministrators, () => backfills.list());

  app.post('/backfills', forAdministrators, (request, reply) =>
    reply.code(202).send(backfills.create(BackfillInputSchema.parse(request.body))),
  );

  app.post('/backfills/:id/pause', forAdministrators, (request) => backfills.pause(idOf(request.params)));

  app.post('/backfills/:id/resume', forAdministrators, (request) => backfills.resume(idOf(request.params)));

  app.delete('/backfills/:id', forAdministrators, async (request, reply) => {
    await backfills.remove(idOf(request.params));
    return reply.code(204).send();
  });

  await app.register(async (part) => {
    takeBodiesAsStreams(part);
    part.post(
      '/rehearsal-videos',
      { config: { longBody: true, ...forAdministrators.config } },
      async (request, reply) => {
        const path = await receiveFile(request, deps.videoFolder);
        try {
          const durationSeconds = await deps.probeVideo(path);
          for (const [id, old] of [...videos].slice(0, Math.max(0, videos.size - MOST_VIDEOS + 1))) {
            videos.delete(id);
            await rm(old, { force: true });
          }
          const videoId = basename(path);
          videos.set(videoId, path);
          return reply.code(201).send({ videoId, durationSeconds });
        } catch (error) {
          await rm(path, { force: true });
          throw error;
        }
      },
    );
  });
}
