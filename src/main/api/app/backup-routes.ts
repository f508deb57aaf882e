/** Backups of all settings and taking one over, for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance } from 'fastify';
import { BackupInputSchema, RestoreInputSchema, type RestoreState } from '../../../shared/backup.ts';
import type { PasswordConfirmation } from '../confirm-password.ts';
import { forAdministrators } from './rights.ts';

export interface BackupRouteDeps {
  confirmation: PasswordConfirmation;
  create(passphrase: string): Promise<Buffer>;
  /** Checks a backup and lays it ready for the next start. Throws AppError when it does not fit; then nothing was changed. */
  prepare(file: Buffer, passphrase: string): Promise<RestoreState>;
  state(): RestoreState;
  forget(): RestoreState;
}

export function registerBackupRoutes(app: FastifyInstance, deps: BackupRouteDeps): void {
  const { confirmation } = deps;

  app.post('/backup', forAdministrators, async (request, reply) => {
    const { password, passphrase } = BackupInputSchema.parse(request.body);
    await confirmation.require(request, password);
    return reply
      .type('application/octet-stream')
      .header('content-disposition', 'attachment; filename="threshold.backup"')
      .send(await deps.create(passphrase));
  });

  app.get('/backup/restore', forAdministrators, () => deps.state());

  app.post('/backup/restore', forAdministrators, async (request) => {
    const { password, passphrase, file } = RestoreInputSchema.parse(request.body);
    await confirmation.require(request, password);
    return deps.prepare(Buffer.from(file, 'base64'), passphrase);
  });

  app.delete('/backup/restore', forAdministrators, () => deps.forget());
}
