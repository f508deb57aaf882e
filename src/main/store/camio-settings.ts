/** The settings that Camio's clients see, as they are stored under one name. */
import { z } from 'zod';
import type { SettingsStore } from './settings.ts';

export const CAMIO_SETTINGS_KEY = 'camio';

export const NOTIFICATION_TYPES = [
  'motion_alerts',
  'camera_diagnostics',
  'announcements',
  'newsletters',
  'camio_daily',
] as const;

const PreferenceSchema = z
  .object({
    state: z.enum(['ON', 'OFF']),
    method: z.enum(['EMAIL', 'PUSH']),
    options: z.string(),
  })
  .default({ state: 'ON', method: 'EMAIL', options: '' });

export const CamioSettingsSchema = z.object({
  notifications: z
    .object({
      motion_alerts: PreferenceSchema,
      camera_diagnostics: PreferenceSchema,
      announcements: PreferenceSchema,
      newsletters: PreferenceSchema,
      camio_daily: PreferenceSchema,
    })
    .prefault({}),
  /** false: nothing is recorded of any camera, and uploads are dropped. */
  recordingEnabled: z.boolean().default(true),
});
export type CamioSettings = z.infer<typeof CamioSettingsSchema>;

/** Whether recording is switched on, for all cameras. */
export function isRecordingEnabled(settings: Pick<SettingsStore, 'get'>): boolean {
  return settings.get(CAMIO_SETTINGS_KEY, CamioSettingsSchema).recordingEnabled;
}
