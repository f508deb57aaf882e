/** The engine's routes for settings as files, as `shared/configuration.ts` lists them. */
import { z } from 'zod';
import { ImportReportSchema } from '../../shared/configuration.ts';
import { request } from './http.ts';

const ProvisionSchema = z.record(z.string(), z.unknown());

export const configurationApi = {
  /** `password` null: without secrets. */
  exportConfiguration: (password: string | null) =>
    request(ProvisionSchema, '/configuration/export', {
      method: 'POST',
      body: password === null ? { withSecrets: false } : { withSecrets: true, password },
    }),
  importConfiguration: (password: string, provision: Record<string, unknown>) =>
    request(ImportReportSchema, '/configuration/import', { method: 'POST', body: { password, provision } }),
};
