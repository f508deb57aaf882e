/** The engine's routes for notifications, as `shared/notifications.ts` lists them. */
import type { z } from 'zod';
import {
  type MailInputSchema,
  type NotificationRuleInput,
  NotificationsViewSchema,
  type SnoozeInputSchema,
} from '../../shared/notifications.ts';
import { request, requestNothing } from './http.ts';

const view = NotificationsViewSchema;

export const notificationsApi = {
  notifications: (signal?: AbortSignal) => request(view, '/notifications', { signal }),
  addRule: (body: NotificationRuleInput) => request(view, '/notifications/rules', { method: 'POST', body }),
  putRule: (id: string, body: NotificationRuleInput) =>
    request(view, `/notifications/rules/${id}`, { method: 'PUT', body }),
  deleteRule: (id: string) => request(view, `/notifications/rules/${id}`, { method: 'DELETE' }),
  testRule: (id: string) => request(view, `/notifications/rules/${id}/test`, { method: 'POST' }),
  putMail: (body: z.input<typeof MailInputSchema>) =>
    request(view, '/notifications/mail', { method: 'PUT', body }),
  testMail: (to: string) => requestNothing('/notifications/mail/test', { method: 'POST', body: { to } }),
  snooze: (body: z.input<typeof SnoozeInputSchema>) =>
    request(view, '/notifications/snoozes', { method: 'POST', body }),
  endSnoozes: () => request(view, '/notifications/snoozes', { method: 'DELETE' }),
};
