/** Locked ranges of footage for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  LockInputSchema,
  LockPatchSchema,
  LockQuerySchema,
  type LockView,
} from '../../../shared/contract.ts';
import type { FootageLock } from '../../../shared/domain.ts';

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
  const view = (lock: FootageLock): LockView => ({ ...lock, sizeBytes: locks.sizeOf(lock) });

  app.get('/locks', (request) =>
    locks.list(LockQuerySchema.parse(request.query).cameraId?.toLowerCase()).map(view),
  );

  app.post('/locks', async (request, reply) => {
    const input = LockInputSchema.parse(request.body);
    const lock = await locks.create({
      ...input,
      cameraId: input.cameraId.toLowerCase(),
      createdBy: request.principal?.account?.email ?? '',
    });
    return reply.code(201).send(view(lock));
  });

  app.patch('/locks/:id', async (request) => {
    const { reason, expiresEpochMs } = LockPatchSchema.parse(request.body);
    const { id } = ParamsSchema.parse(request.params);
    return view(
      await locks.change(id, {
        ...(reason !== undefined && { reason }),
        ...(expiresEpochMs !== undefined && { expiresEpochMs }),
      }),
    );
  });

  app.delete('/locks/:id', async (request, reply) => {
    await locks.remove(ParamsSchema.parse(request.params).id);
    return reply.code(204).send();
  });
}
