/** Notifications for the UI: rules, the mail server, snoozes, and tests of them. Registered inside the authenticated scope. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import {
  MailInputSchema,
  type MailSettings,
  MailTestSchema,
  type NotificationRule,
  NotificationRuleInputSchema,
  type NotificationsView,
  SnoozeInputSchema,
} from '../../../shared/notifications.ts';
import { MINUTE_MS } from '../../../shared/units.ts';
import type { Clock } from '../../platform/clock.ts';
import type { NotificationSettingsStore } from '../../store/notification-settings.ts';
import { forAdministrators } from './rights.ts';

export interface NotificationRouteDeps {
  store: NotificationSettingsStore;
  lastDelivery(ruleId: string): NotificationsView['rules'][number]['lastDelivery'];
  forgetDeliveries(ruleId: string): void;
  sendTest(rule: NotificationRule): void;
  /** Throws AppError `unavailable` in the mail server's words. */
  sendTestMail(settings: MailSettings, password: string | null, to: string): Promise<void>;
  clock: Clock;
}

const ParamsSchema = z.object({ id: z.guid() });
const MOST_RULES = 50;

export function registerNotificationRoutes(app: FastifyInstance, deps: NotificationRouteDeps): void {
  const { store, clock } = deps;

  app.get('/notifications', forAdministrators, view);

  app.post('/notifications/rules', forAdministrators, (request, reply) => {
    const rules = store.rules();
    if (rules.length >= MOST_RULES)
      throw new AppError('conflict', `There may be ${MOST_RULES} rules at most.`);
    store.setRules([...rules, { ...NotificationRuleInputSchema.parse(request.body), id: randomUUID() }]);
    return reply.code(201).send(view());
  });

  app.put('/notifications/rules/:id', forAdministrators, (request) => {
    const { id } = find(request.params);
    const changed = { ...NotificationRuleInputSchema.parse(request.body), id };
    store.setRules(store.rules().map((rule) => (rule.id === id ? changed : rule)));
    return view();
  });

  app.delete('/notifications/rules/:id', forAdministrators, (request) => {
    const { id } = find(request.params);
    store.setRules(store.rules().filter((rule) => rule.id !== id));
    deps.forgetDeliveries(id);
    return view();
  });

  app.post('/notifications/rules/:id/test', forAdministrators, (request, reply) => {
    deps.sendTest(find(request.params));
    return reply.code(202).send(view());
  });

  app.put('/notifications/mail', forAdministrators, (request) => {
    const { password, ...settings } = MailInputSchema.parse(request.body);
    store.setMail(settings, password ?? keptPassword(settings));
    return view();
  });

  app.post('/notifications/mail/test', forAdministrators, async (request, reply) => {
    const { to } = MailTestSchema.parse(request.body);
    const mail = store.mail();
    if (!mail) throw new AppError('invalid-input', 'Save a mail server first.');
    await deps.sendTestMail(mail.settings, mail.password, to);
    return reply.code(204).send();
  });

  app.post('/notifications/snoozes', forAdministrators, (request) => {
    const { cameraId, minutes } = SnoozeInputSchema.parse(request.body);
    const now = clock.epochMs();
    const others = store
      .snoozes()
      .filter((snooze) => snooze.untilEpochMs > now && snooze.cameraId !== cameraId);
    store.setSnoozes([...others, { cameraId, untilEpochMs: now + minutes * MINUTE_MS }]);
    return view();
  });

  app.delete('/notifications/snoozes', forAdministrators, () => {
    store.setSnoozes([]);
    return view();
  });

  /** A password never goes to another server, or for another user, than it was given for. */
  function keptPassword(settings: MailSettings): string | null {
    const before = store.mail();
    const isSame =
      before?.settings.host.toLowerCase() === settings.host.toLowerCase() &&
      before.settings.user === settings.user;
    return isSame ? before.password : null;
  }

  function find(params: unknown): NotificationRule {
    const { id } = ParamsSchema.parse(params);
    const rule = store.rules().find((one) => one.id === id);
    if (!rule) throw new AppError('not-found', 'There is no such rule.');
    return rule;
  }

  function view(): NotificationsView {
    const mail = store.mail();
    return {
      rules: store.rules().map((rule) => ({ ...rule, lastDelivery: deps.lastDelivery(rule.id) })),
      mail: mail && { ...mail.settings, hasPassword: mail.password !== null },
      snoozes: store.snoozes().filter(({ untilEpochMs }) => untilEpochMs > clock.epochMs()),
    };
  }
}
