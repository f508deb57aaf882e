/** Rules, mail server and snoozes of notifications, as settings; the password of the mail server encrypted. */
import { z } from 'zod';
import {
  type MailSettings,
  MailSettingsSchema,
  type NotificationRule,
  NotificationRuleSchema,
  type Snooze,
  SnoozeSchema,
} from '../../shared/notifications.ts';
import type { SecretBox } from '../settings/secrets.ts';
import type { SettingsStore } from './settings.ts';

const KEY = 'notifications';
const StoredSchema = z.object({
  rules: z.array(NotificationRuleSchema).default([]),
  snoozes: z.array(SnoozeSchema).default([]),
  mail: z
    .object({ settings: MailSettingsSchema, passwordSealed: z.string().nullable() })
    .nullable()
    .default(null),
});
type Stored = z.infer<typeof StoredSchema>;

export class NotificationSettingsStore {
  private readonly settings: Pick<SettingsStore, 'get' | 'set'>;
  private readonly box: SecretBox;

  constructor(settings: Pick<SettingsStore, 'get' | 'set'>, box: SecretBox) {
    this.settings = settings;
    this.box = box;
  }

  rules(): NotificationRule[] {
    return this.read().rules;
  }

  setRules(rules: readonly NotificationRule[]): void {
    this.write({ rules: [...rules] });
  }

  snoozes(): Snooze[] {
    return this.read().snoozes;
  }

  setSnoozes(snoozes: readonly Snooze[]): void {
    this.write({ snoozes: [...snoozes] });
  }

  mail(): { settings: MailSettings; password: string | null } | null {
    const { mail } = this.read();
    if (!mail) return null;
    const { settings, passwordSealed } = mail;
    return {
      settings,
      password: passwordSealed === null ? null : this.box.open(Buffer.from(passwordSealed, 'base64')),
    };
  }

  setMail(settings: MailSettings, password: string | null): void {
    const passwordSealed = password === null ? null : this.box.seal(password).toString('base64');
    this.write({ mail: { settings, passwordSealed } });
  }

  private read(): Stored {
    return this.settings.get(KEY, StoredSchema);
  }

  private write(change: Partial<Stored>): void {
    this.settings.set(KEY, { ...this.read(), ...change });
  }
}
