/** Locked ranges of footage for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  LockInputSchema,
  LockPatchSchema,
  LockQuerySchema,
  type LockView,
} from '../../../shared/contract-archive.ts';
import type { FootageLock } from '../../../shared/domain-storage.ts';
import { AppError } from '../../../shared/errors.ts';
import { camerasOf, forOperators } from './rights.ts';

export interface LockRouteDeps {
  locks: {
    list(cameraId?: string): FootageLock[];
    sizeOf(lock: FootageLock): number;
    create(lock: Omit<FootageLock, 'id' | 'createdEpochMs'>): Promise<FootageLock>;
    change(
      id: string,
      changes: Partial<Pick<FootageLock, 'reason' | 'expiresEpochMs'>>,
    ): Promise<FootageLock>;
    remove(id: string): Promise<void>;
  };
}

const ParamsSchema = z.object({ id: z.string() });

export function registerLockRoutes(app: FastifyInstance, { locks }: LockRouteDeps): void {
  const idOf = (request: FastifyRequest): string => {
    const { id } = ParamsSchema.parse(request.params);
    const cameras = camerasOf(request);
    const isHidden = locks.list().some((lock) => lock.id === id && !cameras.has(lock.cameraId));
    if (isHidden) throw new AppError('not-found', 'There is no such lock.');
    return id;
  };
  const view = (lock: FootageLock): LockView => ({ ...lock, sizeBytes: locks.sizeOf(lock) });

  app.get('/locks', forOperators, (request) => {
    const cameras = camerasOf(request);
    return locks
      .list(LockQuerySchema.parse(request.query).cameraId?.toLowerCase())
      .filter(({ cameraId }) => cameras.has(cameraId))
      .map(view);
  });

  app.post('/locks', forOperators, async (request, reply) => {
    const input = LockInputSchema.parse(request.body);
    camerasOf(request).require(input.cameraId);
    const lock = await locks.create({
      ...input,
      cameraId: input.cameraId.toLowerCase(),
      createdBy: request.principal?.account?.email ?? '',
    });
    return reply.code(201).send(view(lock));
  });

  app.patch('/locks/:id', forOperators, async (request) => {
    const { reason, expiresEpochMs } = LockPatchSchema.parse(request.body);
    const id = idOf(request);
    return view(
      await locks.change(id, {
        ...(reason !== undefined && { reason }),
        ...(expiresEpochMs !== undefined && { expiresEpochMs }),
      }),
    );
  });

  app.delete('/locks/:id', forOperators, async (request, reply) => {
    await locks.remove(idOf(request));
    return reply.code(204).send();
  });
}
