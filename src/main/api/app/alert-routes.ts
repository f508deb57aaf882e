/** Alerts for the UI: what is wrong with the recorder, what was, who has seen it, and where it is told outside. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  AlertQuerySchema,
  AlertSettingsInputSchema,
  type AlertSettingsView,
} from '../../../shared/contract.ts';
import type { Alert } from '../../../shared/domain.ts';
import { AppError } from '../../../shared/errors.ts';
import type { AlertStore } from '../../store/alerts.ts';

export interface AlertRouteDeps {
  alerts: Pick<AlertStore, 'list' | 'listOpen'>;
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

  app.get('/alerts', (request): Alert[] => {
    const { cameraIds, ...query } = AlertQuerySchema.parse(request.query);
    const ids = cameraIds?.split(',').flatMap((id) => id.trim().toLowerCase() || []);
    return alerts.list({ ...query, cameraIds: ids && ids.length > 0 ? ids : undefined });
  });

  app.post('/alerts/acknowledge', (_request, reply) => {
    for (const { id, acknowledgedEpochMs } of alerts.list({ limit: MOST_AT_ONCE }))
      if (acknowledgedEpochMs === null) deps.acknowledge(id);
    return reply.code(204).send();
  });

  app.post('/alerts/:id/acknowledge', (request): Alert => {
    const alert = deps.acknowledge(ParamsSchema.parse(request.params).id);
    if (!alert) throw new AppError('not-found', 'There is no such alert.');
    return alert;
  });

  app.get('/alert-settings', () => webhook.view());

  app.put('/alert-settings', (request) => {
    webhook.set(AlertSettingsInputSchema.parse(request.body).webhookUrl);
    return webhook.view();
  });

  app.post('/alert-settings/test', (_request, reply) => {
    if (webhook.view().webhookUrl === null)
      throw new AppError('invalid-input', 'Save an address first: there is nowhere to send to.');
    webhook.test();
    return reply.code(202).send(webhook.view());
  });
}
