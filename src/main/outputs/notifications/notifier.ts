/**
 * Tells events and alerts by mail, webhook and on screens, as the rules say. Mails and webhooks go through the outbox, put in within the
 * transaction of what they tell of; screens are told at once.
 */

import type { NvrEvent } from '../../../shared/domain-events.ts';
import type { Alert } from '../../../shared/domain-storage.ts';
import type { Notification, NotificationRule } from '../../../shared/notifications.ts';
import type { Clock } from '../../platform/clock.ts';
import type { NotificationSettingsStore } from '../../store/notification-settings.ts';
import type { Outbox } from '../outbox.ts';
import type { Answer } from '../post.ts';
import { sendMail } from './mail.ts';
import { type Message, mailText, messageOfAlert, messageOfEvent, withUntold } from './message.ts';
import { type NotificationState, type Occurrence, planNotifications } from './plan-notifications.ts';

export interface NotifierDeps {
  settings: NotificationSettingsStore;
  outbox: Pick<Outbox, 'enqueue'>;
  /** Shows it in browsers, or in the desktop app. */
  show(notification: Notification, where: 'browsers' | 'desktop'): void;
  /** JPEG of an event; null where there is none. */
  pictureOf(eventId: string): Promise<Buffer | null>;
  clock: Clock;
}

/** A mail as it waits in the outbox; its address is a mailto: URL. */
interface WaitingMail {
  subject: string;
  text: string;
  eventId: string | null;
}

/** Older events are told to nobody: they come from footage that is gone through again, or from a queue that was stuck. */
const TOO_OLD_MS = 15 * 60_000;
const MOST_OPEN_ALERTS = 1000;
const TEST_MESSAGE: Message = {
  ...{ title: 'Threshold NVR: a test', body: 'This rule reaches you.', place: '/settings', eventId: null },
  ...{ atEpochMs: 0, shownAnyway: 'nowhere' },
};

export class Notifier {
  private readonly deps: NotifierDeps;
  private state: NotificationState = new Map();
  /** Rules that told that an alert began, by its id: they tell that it is over too. */
  private readonly toldBegin = new Map<number, readonly string[]>();

  constructor(deps: NotifierDeps) {
    this.deps = deps;
  }

  /** Within the event's transaction. */
  storeEvent(event: NvrEvent): void {
    if (this.deps.clock.epochMs() - event.endEpochMs > TOO_OLD_MS) return;
    const { cameraId, type, startEpochMs } = event;
    const occurrence = { kind: { event: type }, cameraId, atEpochMs: startEpochMs };
    this.tell(occurrence, messageOfEvent(event), `event ${event.id}`);
  }

  /** Within the alert's transaction. */
  storeAlert(alert: Alert, change: 'raised' | 'over'): void {
    const message = messageOfAlert(alert, change);
    const key = `alert ${alert.id} ${change}`;
    if (change === 'raised') {
      const occurrence = { kind: { alert: alert.kind }, cameraId: alert.cameraId };
      const told = this.tell({ ...occurrence, atEpochMs: this.deps.clock.epochMs() }, message, key);
      this.toldBegin.set(alert.id, told);
      if (this.toldBegin.size > MOST_OPEN_ALERTS) this.toldBegin.delete(this.toldBegin.keys().next().value!);
      return;
    }
    const told = this.toldBegin.get(alert.id) ?? [];
    this.toldBegin.delete(alert.id);
    for (const rule of this.deps.settings.rules()) if (told.includes(rule.id)) this.send(rule, message, key);
  }

  /** By every way of a rule, whatever its hours. */
  sendTest(rule: NotificationRule): void {
    const atEpochMs = this.deps.clock.epochMs();
    this.send(rule, { ...TEST_MESSAGE, atEpochMs }, `test ${atEpochMs}`);
  }

  /** Delivers a mail that waited in the outbox. Never rejects: what goes wrong is in the answer. */
  async deliver(url: string, body: string): Promise<Answer> {
    const mail = this.deps.settings.mail();
    if (!mail) return { status: null, text: 'No mail server is set in Settings, Alerts.' };
    const { subject, text, eventId } = JSON.parse(body) as WaitingMail;
    const picture = eventId === null ? null : await this.deps.pictureOf(eventId).catch(() => null); // a mail without it is better than none
    try {
      const to = recipientsOf(url);
      const answer = await sendMail(mail.settings, mail.password, {
        to,
        subject,
        text,
        picture: picture ?? undefined,
      });
      return { status: 250, text: answer };
    } catch (error) {
      return { status: null, text: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Returns the ids of the rules that told it. */
  private tell(occurrence: Occurrence, message: Message, key: string): string[] {
    const { settings } = this.deps;
    const step = planNotifications(this.state, occurrence, settings.rules(), settings.snoozes());
    this.state = step.state;
    for (const { rule, untoldBefore } of step.planned)
      this.send(rule, withUntold(message, untoldBefore), key);
    return step.planned.map(({ rule }) => rule.id);
  }

  private send(rule: NotificationRule, message: Message, key: string): void {
    const { outbox, show } = this.deps;
    const { title, body, place, atEpochMs, eventId, shownAnyway } = message;
    const common = { kind: 'notification', target: rule.id } as const;
    if (rule.mailTo.length > 0) {
      const mail: WaitingMail = { subject: title, text: mailText(message, rule.name), eventId };
      outbox.enqueue({
        ...common,
        url: mailUrl(rule.mailTo),
        body: mail,
        dedupeKey: `mail ${rule.id} ${key}`,
      });
    }
    if (rule.webhookUrl !== null) {
      const time = new Date(atEpochMs).toISOString();
      const told = { event: 'notification', rule: rule.name, title, body, place, time, eventId };
      outbox.enqueue({ ...common, url: rule.webhookUrl, body: told, dedupeKey: `hook ${rule.id} ${key}` });
    }
    if (!rule.desktop || shownAnyway === 'everywhere') return;
    show({ title, body, place }, 'browsers');
    if (shownAnyway === 'nowhere') show({ title, body, place }, 'desktop');
  }
}

export function isMailUrl(url: string): boolean {
  return url.startsWith('mailto:');
}

function mailUrl(to: readonly string[]): string {
  return `mailto:${to.map((address) => encodeURIComponent(address)).join(',')}`;
}

function recipientsOf(url: string): string[] {
  return url.slice('mailto:'.length).split(',').map(decodeURIComponent);
}
