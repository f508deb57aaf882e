/** Settings out of the recorder and in again, as the provision file, for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance } from 'fastify';
import {
  ConfigurationExportSchema,
  ConfigurationImportSchema,
  type ImportReport,
} from '../../../shared/configuration.ts';
import { MASKED_PASSWORD } from '../../../shared/contract-cameras.ts';
import { AppError } from '../../../shared/errors.ts';
import { exportProvision, type StoredConfiguration } from '../../settings/export-provision.ts';
import { type Provision, parseProvision } from '../../settings/provision.ts';
import type { PasswordConfirmation } from '../confirm-password.ts';
import { forAdministrators } from './rights.ts';
import { maskSourceUrl, unmaskSourceUrl } from './source-url.ts';

export interface ConfigurationRouteDeps {
  confirmation: PasswordConfirmation;
  stored(): StoredConfiguration;
  /** Checks all of it before anything is changed. Throws AppError `invalid-input`. */
  apply(provision: Provision): Promise<void>;
}

export function registerConfigurationRoutes(app: FastifyInstance, deps: ConfigurationRouteDeps): void {
  const { confirmation, stored, apply } = deps;

  app.post('/configuration/export', forAdministrators, async (request, reply) => {
    const { withSecrets, password } = ConfigurationExportSchema.parse(request.body);
    if (withSecrets) {
      if (password === undefined) throw new AppError('invalid-input', 'password: your password is needed');
      await confirmation.require(request, password);
    }
    return reply
      .header('content-disposition', 'attachment; filename="threshold-configuration.json"')
      .send(exportProvision(stored(), withSecrets ? null : maskSourceUrl));
  });

  app.post('/configuration/import', forAdministrators, async (request): Promise<ImportReport> => {
    const { password, provision: value } = ConfigurationImportSchema.parse(request.body);
    await confirmation.require(request, password);
    // Accounts are not made on the way: who may sign in is settled elsewhere.
    const { account: _account, ...rest } = value;
    const withoutPassword: string[] = [];
    const parsed = parseProvision(withPasswords(rest, storedUrls(stored()), withoutPassword));
    if (!parsed.ok) throw new AppError('invalid-input', parsed.problems.join('; '));
    await apply(parsed.provision);
    return { cameras: parsed.provision.cameras.length, withoutPassword };
  });
}

/** The file with the stored passwords in place of their masks; where none is stored, with none. */
function withPasswords(
  value: Record<string, unknown>,
  known: readonly string[],
  withoutPassword: string[],
): Record<string, unknown> {
  if (!Array.isArray(value.cameras)) return value;
  const cameras = value.cameras.map((camera: unknown) => {
    const { source, name } = (camera ?? {}) as { source?: unknown; name?: unknown };
    if (typeof source !== 'object' || source === null) return camera;
    const filled = Object.fromEntries(
      Object.entries(source).map(([key, url]) => {
        if (typeof url !== 'string' || !url.includes(MASKED_PASSWORD)) return [key, url];
        try {
          return [key, unmaskSourceUrl(url, known)];
        } catch {
          if (!withoutPassword.includes(String(name))) withoutPassword.push(String(name));
          return [key, url.replaceAll(MASKED_PASSWORD, '')];
        }
      }),
    );
    return { ...(camera as object), source: filled };
  });
  return { ...value, cameras };
}

function storedUrls({ cameras }: StoredConfiguration): string[] {
  return cameras.flatMap(({ source }) => (source ? [source.main, ...(source.sub ? [source.sub] : [])] : []));
}
