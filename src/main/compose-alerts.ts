/** Connects alerts with cameras, disk, outbox and UI. Part of the composition root. */

import type { FastifyInstance } from 'fastify';
import type { AlertSettingsView } from '../shared/contract-health.ts';
import type { Alert } from '../shared/domain-storage.ts';
import { AppError } from '../shared/errors.ts';
import { buildAlertMessage, TEST_MESSAGE } from './alerts/alert-message.ts';
import { type AlertChange, AlertService } from './alerts/alert-service.ts';
import type { AlertTimings } from './alerts/step-alerts.ts';
import { registerAlertRoutes } from './api/app/alert-routes.ts';
import type { RunningCameras } from './compose-cameras.ts';
import type { Stores } from './compose-stores.ts';
import type { Outbox } from './outputs/outbox.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { RecordingService } from './recorder/recording-service.ts';
import { ALERT_SETTINGS_KEY, AlertSettingsSchema } from './store/alert-settings.ts';

interface AlertDeps {
  stores: Stores;
  cameras: RunningCameras;
  recordings: RecordingService;
  outbox: Outbox;
  announce(alert: Alert, change: AlertChange): void;
  /** Tells it as the rules of notifications say, in the alert's transaction. */
  notify(alert: Alert, change: 'raised' | 'over'): void;
  timings?: AlertTimings | undefined;
  clock: Clock;
  log: Logger;
}

export interface AlertParts {
  service: AlertService;
  /** What the UI asks of alerts. */
  appPlugin(app: FastifyInstance): void;
}

/** Deliveries of the alert webhook in the outbox. */
const DELIVERY = { kind: 'notification', target: 'alerts' } as const;

/** On one lane of the timeline; of more the newest are shown. */
const MAX_LANE_ALERTS = 200;

/** When the picture of a camera stood still or was black: what the timeline shows on its lane. */
export function listPictureAlerts(
  alerts: Pick<Stores['alerts'], 'list'>,
  cameraId: string,
  fromEpochMs: number,
  toEpochMs: number,
): Alert[] {
  const kinds = ['picture-frozen', 'picture-black'] as const;
  return alerts.list({ cameraIds: [cameraId], kinds, fromEpochMs, toEpochMs, limit: MAX_LANE_ALERTS });
}

export function composeAlerts(deps: AlertDeps): AlertParts {
  const { stores, cameras, recordings, outbox, clock, log } = deps;
  const webhookUrl = () => stores.settings.get(ALERT_SETTINGS_KEY, AlertSettingsSchema).webhookUrl;
  const service = new AlertService({
    store: stores.alerts,
    cameras: () =>
      stores.cameras.list().map((camera) => ({
        camera,
        status: cameras.status(camera.id),
        ...cameras.alertFacts(camera.id),
      })),
    storage: async () => {
      const storage = recordings.storage();
      const records = storage.volumes.filter(({ role }) => role === 'record');
      if (records.every(({ state }) => state === 'absent'))
        throw new AppError('unavailable', records.flatMap(({ problem }) => problem ?? []).join(' '));
      return storage;
    },
    transaction: stores.transaction,
    storeAlongside: (alert, change) => {
      deps.notify(alert, change);
      const url = webhookUrl();
      if (url === null) return;
      const body = buildAlertMessage(alert, change);
      outbox.enqueue({ ...DELIVERY, url, body, dedupeKey: `alert ${alert.id} ${change}` });
    },
    announce: deps.announce,
    ...(deps.timings ? { timings: deps.timings } : {}),
    clock,
    log,
  });
  const view = (): AlertSettingsView => {
    const last = outbox.list({ ...DELIVERY, limit: 1 })[0];
    if (!last) return { webhookUrl: webhookUrl(), lastDelivery: null };
    const { state, createdEpochMs, answerStatus, answer } = last;
    return { webhookUrl: webhookUrl(), lastDelivery: { state, createdEpochMs, answerStatus, answer } };
  };
  return {
    service,
    appPlugin: (app) =>
      registerAlertRoutes(app, {
        alerts: stores.alerts,
        acknowledge: (id) => service.acknowledge(id),
        webhook: {
          view,
          set: (url) => {
            if (url !== webhookUrl()) outbox.forget(DELIVERY.kind, DELIVERY.target);
            stores.settings.set(ALERT_SETTINGS_KEY, { webhookUrl: url });
          },
          test: () => {
            const url = webhookUrl();
            if (url !== null) outbox.enqueue({ ...DELIVERY, url, body: TEST_MESSAGE });
          },
        },
      }),
  };
}
