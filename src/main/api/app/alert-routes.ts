/** Alerts for the UI: what is wrong with the recorder, what was, who has seen it, and where it is told outside. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  AlertQuerySchema,
  AlertSettingsInputSchema,
  type AlertSettingsView,
} from '../../../shared/contract-health.ts';
import type { Alert } from '../../../shared/domain-storage.ts';
import { AppError } from '../../../shared/errors.ts';
import type { AlertStore } from '../../store/alerts.ts';
import { camerasOf, forAdministrators, forOperators } from './rights.ts';

export interface AlertRouteDeps {
  alerts: Pick<AlertStore, 'get' | 'list'>;
  acknowledge(id: number): Alert | null;
  webhook: {
    view(): AlertSettingsView;
    set(url: string | null): void;
    /** Sends a test message to the URL that is set. */
    test(): void;
  };
}

const ParamsSchema = z.object({ id: z.coerce.number().int() });
/** More are not acknowledged at once. */
const MOST_AT_ONCE = 500;

export function registerAlertRoutes(app: FastifyInstance, deps: AlertRouteDeps): void {
  const { alerts, webhook } = deps;

  app.get('/alerts', forOperators, (request): Alert[] => {
    const { cameraIds, ...query } = AlertQuerySchema.parse(request.query);
    const ids = cameraIds?.split(',').flatMap((id) => id.trim().toLowerCase() || []);
    return alerts.list({
      ...query,
      cameraIds: camerasOf(request).narrow(ids && ids.length > 0 ? ids : null),
    });
  });

  app.post('/alerts/acknowledge', forOperators, (request, reply) => {
    const cameraIds = camerasOf(request).narrow();
    for (const { id, acknowledgedEpochMs } of alerts.list({ cameraIds, limit: MOST_AT_ONCE }))
      if (acknowledgedEpochMs === null) deps.acknowledge(id);
    return reply.code(204).send();
  });

  app.post('/alerts/:id/acknowledge', forOperators, (request): Alert => {
    const { id } = ParamsSchema.parse(request.params);
    const known = alerts.get(id);
    const cameras = camerasOf(request);
    const isTheirs = known?.cameraId ? cameras.has(known.cameraId) : cameras.isWhole;
    const alert = isTheirs ? deps.acknowledge(id) : null;
    if (!alert) throw new AppError('not-found', 'There is no such alert.');
    return alert;
  });

  app.get('/alert-settings', forAdministrators, () => webhook.view());

  app.put('/alert-settings', forAdministrators, (request) => {
    webhook.set(AlertSettingsInputSchema.parse(request.body).webhookUrl);
    return webhook.view();
  });

  app.post('/alert-settings/test', forAdministrators, (_request, reply) => {
    if (webhook.view().webhookUrl === null)
      throw new AppError('invalid-input', 'Save an address first: there is nowhere to send to.');
    webhook.test();
    return reply.code(202).send(webhook.view());
  });
}
