/** Accounts: who may sign in to the UI, what their role allows, and which cameras they see. Part of the contract between UI and engine. */
import { z } from 'zod';

// GET    /accounts                          → AccountView[]          administrators
// POST   /accounts        NewAccount        → AccountView (201)      409 for an address that is taken
// PATCH  /accounts/:id    AccountChange     → AccountView            409 for the last administrator; a new password ends its sessions
// DELETE /accounts/:id                      → 204                    409 for the last administrator
// PUT    /session/password  OwnPassword     → 204                    403 for a wrong one; other sessions of the account end

/** Each may do all that those before it may: `viewer` live pictures, `operator` the archive too, `administrator` everything. */
export const ROLES = ['viewer', 'operator', 'administrator'] as const;
export const RoleSchema = z.enum(ROLES);
export type Role = z.infer<typeof RoleSchema>;

/** Whether a role includes another. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** As in 'This account is an operator'. */
export const ROLE_WORDS: Record<Role, string> = {
  viewer: 'a viewer',
  operator: 'an operator',
  administrator: 'an administrator',
};

export const PasswordSchema = z.string().min(10, 'at least 10 characters').max(200);
const EmailSchema = z.email('expected an e-mail address');
/** Ids; null: all, those that are added later too. */
const CameraIdsSchema = z
  .array(z.guid().transform((id) => id.toLowerCase()))
  .max(1000)
  .nullable();

export const NewAccountSchema = z.object({
  email: EmailSchema,
  password: PasswordSchema,
  role: RoleSchema,
  /** An administrator sees all, whatever stands here. */
  cameraIds: CameraIdsSchema.default(null),
});
export const AccountChangeSchema = z.object({
  role: RoleSchema.optional(),
  cameraIds: CameraIdsSchema.optional(),
  password: PasswordSchema.optional(),
});
export const OwnPasswordSchema = z.object({ current: z.string().min(1).max(200), password: PasswordSchema });

export const AccountViewSchema = z.object({
  id: z.number(),
  email: z.string(),
  role: RoleSchema,
  cameraIds: z.array(z.string()).nullable(),
  createdEpochMs: z.number(),
  lastSignInEpochMs: z.number().nullable(),
});
export type AccountView = z.infer<typeof AccountViewSchema>;
