/** Locked ranges of footage for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  LockInputSchema,
  LockPatchSchema,
  LockQuerySchema,
  type LocksMade,
  type LockView,
} from '../../../shared/contract-archive.ts';
import type { FootageLock } from '../../../shared/domain-storage.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Audit } from '../../archive/audit.ts';
import type { Clock } from '../../platform/clock.ts';
import type { FootageLocks } from '../../recorder/footage-locks.ts';
import { lockTogether } from '../../recorder/lock-together.ts';
import { viewerOf } from '../viewer.ts';
import { camerasOf, forOperators, NO_CAMERA } from './rights.ts';

export interface LockRouteDeps {
  locks: Pick<FootageLocks, 'list' | 'sizeOf' | 'create' | 'change' | 'remove'>;
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
  audit: Pick<Audit, 'note'>;
  clock: Clock;
}

const ParamsSchema = z.object({ id: z.string() });

export function registerLockRoutes(app: FastifyInstance, deps: LockRouteDeps): void {
  const { locks, audit, clock } = deps;
  /** Those that whoever asks may see. */
  const find = (request: FastifyRequest): FootageLock => {
    const { id } = ParamsSchema.parse(request.params);
    const found = locks.list().find((lock) => lock.id === id);
    if (!found || !camerasOf(request).has(found.cameraId))
      throw new AppError('not-found', 'There is no such lock: it was removed or has run out.');
    return found;
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
    const { cameraIds, ...wanted } = LockInputSchema.parse(request.body);
    const ids = [...new Set(cameraIds.map((id) => id.toLowerCase()))];
    if (!camerasOf(request).hasAll(ids) || ids.some((id) => deps.cameraName(id) === null))
      throw new AppError('not-found', NO_CAMERA);
    const made = await lockTogether({ locks, cameraName: (id) => deps.cameraName(id) ?? id, clock }, ids, {
      ...wanted,
      createdBy: request.principal?.account?.email ?? '',
    });
    const lockedIds = made.locks.map(({ cameraId }) => cameraId);
    audit.note('lock-made', viewerOf(request), lockedIds, {
      ...rangeOf(wanted),
      ...{ reason: wanted.reason, detail: expiryWords(wanted) },
    });
    const answer: LocksMade = { ...made, locks: made.locks.map(view) };
    return reply.code(201).send(answer);
  });

  app.patch('/locks/:id', forOperators, async (request) => {
    const { reason, expiresEpochMs } = LockPatchSchema.parse(request.body);
    const before = find(request);
    const after = await locks.change(before.id, {
      ...(reason !== undefined && { reason }),
      ...(expiresEpochMs !== undefined && { expiresEpochMs }),
    });
    const was = `Before: ${before.reason}. ${expiryWords(before)}`;
    audit.note('lock-changed', viewerOf(request), [after.cameraId], {
      ...rangeOf(after),
      ...{ reason: after.reason, detail: `${expiryWords(after)}. ${was}` },
    });
    return view(after);
  });

  app.delete('/locks/:id', forOperators, async (request, reply) => {
    const lock = find(request);
    await locks.remove(lock.id);
    audit.note('lock-removed', viewerOf(request), [lock.cameraId], {
      ...rangeOf(lock),
      reason: lock.reason,
    });
    return reply.code(204).send();
  });
}

function rangeOf({ startEpochMs, endEpochMs }: Pick<FootageLock, 'startEpochMs' | 'endEpochMs'>) {
  return { fromEpochMs: startEpochMs, toEpochMs: endEpochMs };
}

function expiryWords({ expiresEpochMs }: Pick<FootageLock, 'expiresEpochMs'>): string {
  return expiresEpochMs === null ? 'Until it is removed' : `Until ${new Date(expiresEpochMs).toISOString()}`;
}
