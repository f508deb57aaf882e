/** Searches for motion in a part of the picture, for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { MotionSearchInputSchema } from '../../../shared/motion-search.ts';
import type { MotionSearches } from '../../archive/motion-search.ts';

export interface MotionSearchRouteDeps {
  searches: Pick<MotionSearches, 'create' | 'get' | 'remove'>;
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
}

const ParamsSchema = z.object({ id: z.guid('expected a search id').transform((id) => id.toLowerCase()) });

export function registerMotionSearchRoutes(app: FastifyInstance, deps: MotionSearchRouteDeps): void {
  const { searches, cameraName } = deps;
  const hidden = { schema: { hide: true } };

  app.post('/archive/motion-searches', hidden, (request, reply) => {
    const input = MotionSearchInputSchema.parse(request.body);
    const cameraId = input.cameraId.toLowerCase();
    if (cameraName(cameraId) === null) throw new AppError('not-found', 'This camera does not exist.');
    return reply.code(202).send(searches.create({ ...input, cameraId }));
  });

  app.get('/archive/motion-searches/:id', hidden, (request) =>
    searches.get(ParamsSchema.parse(request.params).id),
  );

  app.delete('/archive/motion-searches/:id', hidden, (request, reply) => {
    searches.remove(ParamsSchema.parse(request.params).id);
    return reply.code(204).send();
  });
}
