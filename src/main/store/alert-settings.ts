/** Where alerts are told outside. */
import { z } from 'zod';

export const ALERT_SETTINGS_KEY = 'alerts';

export const AlertSettingsSchema = z.object({
  /** http or https; null: nowhere. */
  webhookUrl: z.string().nullable().default(null),
});
