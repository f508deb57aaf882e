/** Readers' clocks and counts of lines for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  CountsQuerySchema,
  type LineCount,
  type ReaderClock,
  ReaderClockInputSchema,
} from '../../../shared/access.ts';
import { camerasOf, forAdministrators, forOperators } from './rights.ts';

export interface AccessRouteDeps {
  clocks: { list(): ReaderClock[]; set(deviceId: string, offsetMs: number): void };
  counts: {
    count(query: {
      fromEpochMs: number;
      toEpochMs: number;
      stepMs: number;
      cameraIds: readonly string[] | null;
    }): LineCount[];
  };
}

const ParamsSchema = z.object({ deviceId: z.string().min(1).max(500) });

export function registerAccessRoutes(app: FastifyInstance, { clocks, counts }: AccessRouteDeps): void {
  app.get('/reader-clocks', forAdministrators, () => clocks.list());

  app.put('/reader-clocks/:deviceId', forAdministrators, (request) => {
    const { deviceId } = ParamsSchema.parse(request.params);
    const { offsetSeconds } = ReaderClockInputSchema.parse(request.body);
    clocks.set(deviceId, Math.round(offsetSeconds * 1000));
    return clocks.list();
  });

  app.get('/counts', forOperators, (request) => {
    const { cameraIds, ...range } = CountsQuerySchema.parse(request.query);
    const ids = cameraIds?.split(',').flatMap((id) => id.trim().toLowerCase() || []);
    return counts.count({
      ...range,
      cameraIds: camerasOf(request).narrow(ids && ids.length > 0 ? ids : null) ?? null,
    });
  });
}
