/** Searches for motion in a part of the picture, for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { MotionSearchInputSchema } from '../../../shared/motion-search.ts';
import type { MotionSearches } from '../../archive/motion-search.ts';
import { camerasOf, forOperators } from './rights.ts';

export interface MotionSearchRouteDeps {
  searches: Pick<MotionSearches, 'create' | 'get' | 'remove'>;
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
}

const ParamsSchema = z.object({ id: z.guid('expected a search id').transform((id) => id.toLowerCase()) });

export function registerMotionSearchRoutes(app: FastifyInstance, deps: MotionSearchRouteDeps): void {
  const { searches, cameraName } = deps;

  const idOf = (request: FastifyRequest): string => {
    const { id } = ParamsSchema.parse(request.params);
    camerasOf(request).require(searches.get(id).cameraId);
    return id;
  };

  app.post('/archive/motion-searches', forOperators, (request, reply) => {
    const input = MotionSearchInputSchema.parse(request.body);
    const cameraId = input.cameraId.toLowerCase();
    if (!camerasOf(request).has(cameraId) || cameraName(cameraId) === null)
      throw new AppError('not-found', 'This camera does not exist.');
    return reply.code(202).send(searches.create({ ...input, cameraId }));
  });

  app.get('/archive/motion-searches/:id', forOperators, (request) => searches.get(idOf(request)));

  app.delete('/archive/motion-searches/:id', forOperators, (request, reply) => {
    searches.remove(idOf(request));
    return reply.code(204).send();
  });
}
