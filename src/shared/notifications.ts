/** The contract of notifications: which events and alerts are told to whom, by which way, and when not. */
import { z } from 'zod';
import { CamlyticsWebhookSchema } from './contract-cameras.ts';
import { EVENT_TYPES } from './domain-events.ts';
import { ALERT_KINDS } from './domain-storage.ts';
import { WeekScheduleSchema } from './schedule.ts';

// GET  /notifications                     → NotificationsView
// POST /notifications/rules RuleInput     → NotificationsView (201)
// PUT  /notifications/rules/:id RuleInput → NotificationsView
// DELETE /notifications/rules/:id         → NotificationsView
// POST /notifications/rules/:id/test      → NotificationsView (202)
// PUT  /notifications/mail MailInput      → NotificationsView
// POST /notifications/mail/test {to}      → 204, or 502 in the mail server's words
// POST /notifications/snoozes SnoozeInput → NotificationsView: silent until then
// DELETE /notifications/snoozes           → NotificationsView: none is silent any more

export const NotificationRuleInputSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    enabled: z.boolean(),
    alerts: z.array(z.enum(ALERT_KINDS)),
    events: z.array(z.enum(EVENT_TYPES)),
    /** null: all cameras. Alerts of the recorder itself are told whichever cameras are named. */
    cameraIds: z.array(z.guid()).nullable(),
    mailTo: z.array(z.email('expected an e-mail address')).max(20),
    webhookUrl: z
      .string()
      .refine(
        (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
        'expected an http:// or https:// URL',
      )
      .nullable(),
    /** By the desktop app, and by browsers that were permitted to. */
    desktop: z.boolean(),
    /** Hours of the week in which it tells; null: always. Outside these it is quiet. */
    schedule: WeekScheduleSchema.nullable(),
    /** What comes within this time of the last of the same camera belongs to the same incident, which is told once. 0: each is told. */
    groupMinutes: z.number().min(0).max(1440),
  })
  .refine(
    ({ alerts, events }) => alerts.length + events.length > 0,
    'expected at least one kind of alert or event',
  )
  .refine(
    ({ mailTo, webhookUrl, desktop }) => mailTo.length > 0 || webhookUrl !== null || desktop,
    'expected at least one way to tell',
  );
export type NotificationRuleInput = z.infer<typeof NotificationRuleInputSchema>;

export const NotificationRuleSchema = NotificationRuleInputSchema.safeExtend({ id: z.guid() });
export type NotificationRule = z.infer<typeof NotificationRuleSchema>;

export const MailSettingsSchema = z.strictObject({
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  /** `tls` from the first byte; `starttls` must succeed; `none`: in the clear, for a server on this very network. */
  security: z.enum(['tls', 'starttls', 'none']),
  /** Empty: no sign-in. */
  user: z.string().max(200),
  from: z.email('expected an e-mail address'),
});
export type MailSettings = z.infer<typeof MailSettingsSchema>;
/** `password` absent: the stored one stays, while host and user do. */
export const MailInputSchema = MailSettingsSchema.extend({ password: z.string().max(500).optional() });
export const MailTestSchema = z.object({ to: z.email('expected an e-mail address') });

export const SnoozeInputSchema = z.object({
  /** null: everything. */
  cameraId: z.guid().nullable(),
  minutes: z.number().int().min(1).max(10_080),
});
export const SnoozeSchema = z.object({ cameraId: z.guid().nullable(), untilEpochMs: z.number() });
export type Snooze = z.infer<typeof SnoozeSchema>;

export const NotificationsViewSchema = z.object({
  rules: z.array(
    NotificationRuleSchema.safeExtend({ lastDelivery: CamlyticsWebhookSchema.shape.lastDelivery }),
  ),
  /** null: no mail server is set. */
  mail: MailSettingsSchema.extend({ hasPassword: z.boolean() }).nullable(),
  snoozes: z.array(SnoozeSchema),
});
export type NotificationsView = z.infer<typeof NotificationsViewSchema>;

/** What a browser or the desktop app shows. */
export interface Notification {
  title: string;
  body: string;
  /** Page of the UI that shows more, as /events/ID. */
  place: string;
}
