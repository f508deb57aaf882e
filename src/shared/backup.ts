/** The contract of backups: all settings in one file that a passphrase opens. */
import { z } from 'zod';

// POST /backup         BackupInput  → the file (application/octet-stream); 403 for a wrong password
// POST /backup/restore RestoreInput → RestoreReport; it is taken over at the next start. 400 says what does not fit, and nothing was changed
// GET  /backup/restore              → RestoreState          DELETE /backup/restore → RestoreState: it is not taken over

const PASSWORD = z.string().min(1, 'your password is needed').max(200);
export const PassphraseSchema = z.string().min(10, 'at least 10 characters').max(1000);
export const BackupInputSchema = z.object({ password: PASSWORD, passphrase: PassphraseSchema });
export const RestoreInputSchema = z.object({
  password: PASSWORD,
  passphrase: z.string().min(1).max(1000),
  /** The file, base64. */
  file: z.base64().max(700_000, 'this file is too large for a backup'),
});
export const RestoreStateSchema = z.object({
  /** A checked backup that waits for the next start; null: none. */
  waiting: z.object({ createdEpochMs: z.number(), cameras: z.number() }).nullable(),
});
export type RestoreState = z.infer<typeof RestoreStateSchema>;
