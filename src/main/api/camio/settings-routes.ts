/** The user's settings, the upload token and its hint. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import {
  CAMIO_SETTINGS_KEY,
  type CamioSettings,
  CamioSettingsSchema,
  NOTIFICATION_TYPES,
} from '../../store/camio-settings.ts';
import type { TokenStore } from '../../store/tokens.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath } from './register.ts';
import { failures, MeParams } from './schemas.ts';

const tags = ['Camio: settings'];
const PreferenceInput = z.object({
  state: z.enum(['ON', 'OFF']),
  method: z.enum(['EMAIL', 'PUSH']),
  options: z.string().optional(),
});
const SettingsInput = z
  .object({
    notifications: z
      .record(z.string(), PreferenceInput)
      .refine(
        (given) =>
          Object.keys(given).every((type) => (NOTIFICATION_TYPES as readonly string[]).includes(type)),
        `expected types of notifications among ${NOTIFICATION_TYPES.join(', ')}`,
      )
      .optional(),
    recording_enabled: z.boolean().optional(),
    upload_token: z.unknown().optional().meta({ description: 'Read-only: ignored' }),
  })
  .meta({
    example: {
      notifications: { motion_alerts: { state: 'ON', method: 'PUSH', options: 'mute street,window' } },
      recording_enabled: true,
    },
  });
const PreferenceView = z.object({ state: z.string(), method: z.string(), options: z.string() });
const SettingsView = z
  .object({
    notifications: z.object({
      motion_alerts: PreferenceView,
      camera_diagnostics: PreferenceView,
      announcements: PreferenceView,
      newsletters: PreferenceView,
      camio_daily: PreferenceView,
    }),
    upload_token: z.string(),
    recording_enabled: z.boolean(),
  })
  .meta({
    example: {
      notifications: {
        motion_alerts: { state: 'ON', method: 'PUSH', options: 'mute street,window' },
        camera_diagnostics: { state: 'ON', method: 'EMAIL', options: '' },
        announcements: { state: 'ON', method: 'EMAIL', options: '' },
        newsletters: { state: 'ON', method: 'EMAIL', options: '' },
        camio_daily: { state: 'ON', method: 'EMAIL', options: '' },
      },
      upload_token: 'ABQR123',
      recording_enabled: true,
    },
  });
const HintParams = z.object({ uploadToken: z.string().meta({ example: 'AQBrSFvOPxQj2prnCh2wvocHnAbu' }) });

export function registerCamioSettings(app: FastifyInstance, deps: CamioRouteDeps): void {
  addPath(app, '/users/:token/settings', 'user', [
    {
      methods: ['GET'],
      schema: { tags, summary: 'Settings', params: MeParams, response: { 200: SettingsView, ...failures } },
      handler: () => view(),
    },
    {
      methods: ['POST', 'PUT', 'PATCH'],
      body: 'json',
      schema: {
        tags,
        summary: 'Change settings',
        description: 'What is absent stays. All or nothing.',
        params: MeParams,
        body: SettingsInput,
        response: { 200: SettingsView, ...failures },
      },
      handler: (request) => {
        const input = request.body as z.infer<typeof SettingsInput>;
        deps.settings.set(CAMIO_SETTINGS_KEY, merge(stored(), input));
        return view();
      },
    },
  ]);

  addPath(app, '/users/:token/tokens/upload', 'user', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'The upload token',
        description: 'Good for uploads of content alone.',
        params: MeParams,
        response: { 200: z.string().meta({ example: 'AQBrSFvOPxQj2prnCh2wvocHnAbu' }), ...failures },
      },
      handler: (_request, reply) =>
        reply
          .type('application/json; charset=utf-8')
          .serializer((text: unknown) => text as string)
          .send(JSON.stringify(uploadToken(deps.tokens, deps.clock.epochMs()))),
    },
  ]);

  addPath(app, '/tokens/:uploadToken/hint', 'open', [
    {
      methods: ['GET', 'POST'],
      schema: {
        tags,
        summary: 'Whose an upload token is',
        params: HintParams,
        response: {
          200: z.object({ email: z.string() }).meta({ example: { email: 'test@...' } }),
          ...failures,
        },
      },
      handler: (request) => {
        const token = deps.tokens.find('upload', (request.params as z.infer<typeof HintParams>).uploadToken);
        if (!token) throw new AppError('not-found', 'There is no such upload token.');
        const account =
          token.accountId === null ? deps.accounts.first() : deps.accounts.byId(token.accountId);
        return { email: `${(account?.email ?? '').split('@')[0]}@...` };
      },
    },
  ]);

  function stored(): CamioSettings {
    return deps.settings.get(CAMIO_SETTINGS_KEY, CamioSettingsSchema);
  }

  function view(): z.infer<typeof SettingsView> {
    const { notifications, recordingEnabled } = stored();
    return {
      notifications,
      upload_token: uploadToken(deps.tokens, deps.clock.epochMs()),
      recording_enabled: recordingEnabled,
    };
  }
}

/** The one upload token; made when there is none. */
export function uploadToken(tokens: TokenStore, nowEpochMs: number): string {
  const shown = tokens
    .list('upload')
    .map((token) => tokens.reveal(token.id))
    .find((token) => token !== null);
  if (shown) return shown;
  const made = randomBytes(24).toString('base64url');
  tokens.setUploadToken(made, nowEpochMs);
  return made;
}

function merge(before: CamioSettings, input: z.infer<typeof SettingsInput>): CamioSettings {
  const notifications = { ...before.notifications };
  for (const type of NOTIFICATION_TYPES) {
    const given = input.notifications?.[type];
    if (!given) continue;
    // Only alerts have options; for the others an empty text stands.
    const options = type === 'motion_alerts' ? (given.options ?? before.notifications[type].options) : '';
    notifications[type] = { state: given.state, method: given.method, options };
  }
  return { notifications, recordingEnabled: input.recording_enabled ?? before.recordingEnabled };
}
