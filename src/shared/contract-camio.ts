/**
 * What the UI asks of the engine about Camio's clients, below APP_PREFIX: hooks and deliveries, OAuth clients, the upload token, embed keys.
 *
 * GET    /hooks                 → HookView[]
 * POST   /hooks                 HookInput → HookView (201)
 * DELETE /hooks/:id             → 204
 * POST   /hooks/:id/test        → HookView, with the test as its last delivery
 * GET    /deliveries?state      → DeliveryView[], newest first, at most 100
 * GET    /oauth-clients         → OAuthClientView[]
 * POST   /oauth-clients         OAuthClientInput → OAuthClientCreated (201); the secret is shown this once
 * DELETE /oauth-clients/:id     → 204, with the tokens that were given to it
 * GET    /upload-token          → UploadTokenView
 * POST   /upload-token/rotate   → UploadTokenView; the one before is good no longer
 * GET    /embed-keys            → EmbedKeyView[]
 * POST   /embed-keys            EmbedKeyInput → EmbedKeyCreated (201); the key is shown this once
 * DELETE /embed-keys/:id        → 204
 */
import { z } from 'zod';

const NameSchema = z.string().trim().min(1, 'Give it a name.').max(200);
export const HttpUrlSchema = z
  .string()
  .trim()
  .refine(
    (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
    'expected an http:// or https:// address',
  );

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
export const DeliveryViewSchema = z.object({
  id: z.number(),
  kind: z.string(),
  target: z.string(),
  /** Scheme, host and path: a query may hold a secret. */
  url: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number(),
  createdEpochMs: z.number(),
  finishedEpochMs: z.number().nullable(),
  /** Of the next attempt; null when there is none. */
  nextAttemptEpochMs: z.number().nullable(),
  /** HTTP status of the last attempt; null when there was no answer. */
  answerStatus: z.number().nullable(),
  /** The beginning of the last answer, or why there was none. */
  answer: z.string().nullable(),
});
export type DeliveryView = z.infer<typeof DeliveryViewSchema>;
export const DeliveryQuerySchema = z.object({ state: z.enum(DELIVERY_STATES).optional() });

export const HookInputSchema = z.object({
  callbackUrl: HttpUrlSchema,
  query: z.string().trim().min(1, 'Say what it waits for.').max(500),
});
export const HookViewSchema = z.object({
  id: z.number(),
  callbackUrl: z.string(),
  query: z.string(),
  cameraName: z.string().nullable(),
  lastDelivery: DeliveryViewSchema.nullable(),
});
export type HookView = z.infer<typeof HookViewSchema>;

export const OAuthClientInputSchema = z.object({
  clientId: z
    .string()
    .trim()
    .regex(/^[\w.-]{1,100}$/, 'Use letters, digits, dots and dashes.'),
  redirectUris: z
    .array(
      z
        .string()
        .trim()
        .refine((text) => URL.canParse(text), 'expected an address'),
    )
    .min(1, 'Give an address to return to.')
    .max(20),
});
export const OAuthClientViewSchema = z.object({ clientId: z.string(), redirectUris: z.array(z.string()) });
export type OAuthClientView = z.infer<typeof OAuthClientViewSchema>;
export const OAuthClientCreatedSchema = OAuthClientViewSchema.extend({ clientSecret: z.string() });

export const UploadTokenViewSchema = z.object({ token: z.string(), lastUsedEpochMs: z.number().nullable() });

export const EmbedKeyInputSchema = z.object({ name: NameSchema });
export const EmbedKeyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdEpochMs: z.number(),
  lastUsedEpochMs: z.number().nullable(),
});
export type EmbedKeyView = z.infer<typeof EmbedKeyViewSchema>;
export const EmbedKeyCreatedSchema = EmbedKeyViewSchema.extend({ key: z.string() });
