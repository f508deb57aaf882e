/** The contract of taking settings out of the recorder and bringing them in. */
import { z } from 'zod';

// POST /configuration/export ExportInput  → a provision file (application/json); 403 for a wrong password
// POST /configuration/import ImportInput  → ImportReport; 400 names the JSON path that does not fit, and then nothing was changed

const PASSWORD = z.string().min(1, 'your password is needed').max(200);
export const ConfigurationExportSchema = z.object({
  /** Of who asks: needed for a file with secrets. */
  password: PASSWORD.optional(),
  /** Whether passwords of cameras and keys of integrations stand in it. */
  withSecrets: z.boolean(),
});

export const ConfigurationImportSchema = z.object({
  password: PASSWORD,
  /** The value of a provision file. */
  provision: z.record(z.string(), z.unknown()),
});

export const ImportReportSchema = z.object({
  cameras: z.number(),
  /** Names of cameras whose password is not in the file and not stored: it must be typed. */
  withoutPassword: z.array(z.string()),
});
export type ImportReport = z.infer<typeof ImportReportSchema>;
