/** Connects notifications with the outbox, the pictures of events and the UI. Part of the composition root. */
import type { FastifyInstance } from 'fastify';
import type { Notification } from '../shared/notifications.ts';
import { registerNotificationRoutes } from './api/app/notification-routes.ts';
import type { Stores } from './compose-stores.ts';
import { sendMail } from './outputs/notifications/mail.ts';
import { isMailUrl, Notifier } from './outputs/notifications/notifier.ts';
import { Outbox } from './outputs/outbox.ts';
import { postJson } from './outputs/post.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { SecretBox } from './settings/secrets.ts';
import { NotificationSettingsStore } from './store/notification-settings.ts';

export interface NotificationParts {
  /** Its mails go by SMTP, everything else by HTTP. */
  outbox: Outbox;
  notifier: Notifier;
  appPlugin(app: FastifyInstance): void;
}

export function composeNotifications(deps: {
  stores: Stores;
  box: SecretBox;
  show(notification: Notification, where: 'browsers' | 'desktop'): void;
  pictureOf(eventId: string): Promise<Buffer | null>;
  clock: Clock;
  log: Logger;
}): NotificationParts {
  const { stores, box, clock, log } = deps;
  const store = new NotificationSettingsStore(stores.settings, box);
  const outbox: Outbox = new Outbox({
    ...{ store: stores.outbox, clock, log },
    post: (url, body, signal) => (isMailUrl(url) ? notifier.deliver(url, body) : postJson(url, body, signal)),
  });
  const notifier = new Notifier({ ...deps, settings: store, outbox });
  return {
    outbox,
    notifier,
    appPlugin: (app) =>
      registerNotificationRoutes(app, {
        ...{ store, clock },
        lastDelivery: (target) => {
          const last = outbox.list({ kind: 'notification', target, limit: 1 })[0];
          if (!last) return null;
          const { state, createdEpochMs, answerStatus, answer } = last;
          return { state, createdEpochMs, answerStatus, answer };
        },
        forgetDeliveries: (target) => outbox.forget('notification', target),
        sendTest: (rule) => notifier.sendTest(rule),
        sendTestMail: async (settings, password, to) => {
          const text = 'Threshold NVR reaches you by this mail server.';
          await sendMail(settings, password, { to: [to], subject: 'Threshold NVR: a test', text });
        },
      }),
  };
}
