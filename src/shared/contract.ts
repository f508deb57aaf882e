/**
 * The contract between the UI and the engine: JSON over HTTP below `/app/v1`, and WebSockets. Both ends derive from it and from the
 * files `contract-*.ts` beside it.
 *
 * Authentication: an HttpOnly session cookie set by `POST /app/v1/session`. Errors: `{ message }` in the user's words with a
 * fitting status. Times: milliseconds since 1970 UTC. Pictures: fractions of the picture, x right, y down.
 */

import { z } from 'zod';
import { PasswordSchema, RoleSchema } from './accounts.ts';
import { NvrEventSchema } from './domain-events.ts';

export const APP_PREFIX = '/app/v1';

export const ErrorBodySchema = z.object({ message: z.string() });

// ---- session ------------------------------------------------------------------
// GET    /session                      → SessionView            (no credential needed)
// POST   /setup    AccountInput        → SessionView            (only while there is no account)
// POST   /session  SignInInput         → SessionView            401 wrong
// DELETE /session                      → 204
// Roles and accounts: accounts.ts. What an account's role does not allow is 403, what is of a camera that it does not see 404.

export const SessionViewSchema = z.object({
  /** `setup`: no account yet, show the first run. */
  state: z.enum(['setup', 'signed-out', 'signed-in']),
  email: z.string().nullable(),
  /** Of the account; null while nobody is signed in. */
  role: RoleSchema.nullable(),
  version: z.string(),
  /** Setup from another machine needs the code that stands in the file `setup-code` of the data folder. */
  setupCodeNeeded: z.boolean(),
});
export type SessionView = z.infer<typeof SessionViewSchema>;

export const SignInInputSchema = z.object({ email: z.string().trim().min(1), password: z.string().min(1) });

export const AccountInputSchema = z.object({
  email: z.email('expected an e-mail address'),
  password: PasswordSchema,
  setupCode: z.string().optional(),
});

// ---- access ------------------------------------------------------------------------------
// GET /access?fromEpochMs&toEpochMs&cameraIds → AccessView: what readers reported beside who crossed the lines

export const AccessViewSchema = z.object({
  unlocks: z.array(NvrEventSchema),
  crossings: z.array(NvrEventSchema),
  tailgatings: z.array(NvrEventSchema),
});
export type AccessView = z.infer<typeof AccessViewSchema>;

// ---- integration tokens -------------------------------------------------------------------
// GET /tokens → TokenView[]   POST /tokens TokenInput → TokenCreated (shown once)   DELETE /tokens/:id → 204

export const TOKEN_SCOPES = ['user', 'annotations:write'] as const;

export const TokenInputSchema = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(TOKEN_SCOPES)).min(1),
});

export const TokenViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(TOKEN_SCOPES)),
  createdEpochMs: z.number(),
  lastUsedEpochMs: z.number().nullable(),
});
export type TokenView = z.infer<typeof TokenViewSchema>;

export const TokenCreatedSchema = TokenViewSchema.extend({ token: z.string() });
