/**
 * Backups of all settings, and taking one over: it is checked at once and written at the next start, before anything reads the settings. Part of
 * the composition root.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RestoreState } from '../shared/backup.ts';
import { AppError } from '../shared/errors.ts';
import { registerBackupRoutes } from './api/app/backup-routes.ts';
import type { PasswordConfirmation } from './api/confirm-password.ts';
import type { Stores } from './compose-stores.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import { openBackup, sealBackup } from './settings/backup-file.ts';
import {
  ConfigurationRowsSchema,
  readConfiguration,
  refuseUnfitting,
  writeConfiguration,
} from './store/configuration-tables.ts';
import { closeDatabase, openDatabase } from './store/database.ts';

const BackupSchema = z.object({
  version: z.string(),
  createdEpochMs: z.number(),
  /** Of the stored secrets: without it they could not be read. */
  key: z.string().regex(/^[0-9a-f]{64}$/i),
  configuration: ConfigurationRowsSchema,
});
type Backup = z.infer<typeof BackupSchema>;

/** Readable by its owner alone, as the key file beside it is. */
const waitingFile = (dataDir: string) => join(dataDir, 'secrets', 'restore.json');
const keyFile = (dataDir: string) => join(dataDir, 'secrets', 'key');

export function composeBackup(deps: {
  version: string;
  dataDir: string;
  stores: Stores;
  confirmation: PasswordConfirmation;
  clock: Clock;
}): { appPlugin(app: FastifyInstance): void } {
  const { version, dataDir, stores, confirmation, clock } = deps;
  return {
    appPlugin: (app) =>
      registerBackupRoutes(app, {
        confirmation,
        create: async (passphrase) => {
          const backup: Backup = {
            ...{ version, createdEpochMs: clock.epochMs(), key: readKey(dataDir) },
            configuration: readConfiguration(stores.sql),
          };
          return sealBackup(JSON.stringify(backup), passphrase);
        },
        prepare: async (file, passphrase) => {
          readKey(dataDir);
          const backup = parseBackup(await openBackup(file, passphrase));
          refuseUnfitting(backup.configuration);
          refuseOtherCameras(backup, stores);
          const path = waitingFile(dataDir);
          writeFileSync(`${path}.partial`, JSON.stringify(backup), { mode: 0o600, flush: true });
          renameSync(`${path}.partial`, path);
          return stateOf(backup);
        },
        state: () => stateOf(readWaiting(dataDir)),
        forget: () => {
          rmSync(waitingFile(dataDir), { force: true });
          return stateOf(null);
        },
      }),
  };
}

/**
 * Takes over a backup that waits, before the settings are read. Done twice it is the same, so that a power cut in between costs nothing. A backup
 * that no longer fits is left where it is, and the settings as they are: the log says so.
 */
export function restoreWaiting(dataDir: string, log: Logger): void {
  try {
    const backup = readWaiting(dataDir);
    if (!backup) return;
    const sql = openDatabase(join(dataDir, 'threshold.db'));
    try {
      writeConfiguration(sql, backup.configuration);
    } finally {
      closeDatabase(sql);
    }
    const key = keyFile(dataDir);
    writeFileSync(`${key}.partial`, `${backup.key}\n`, { mode: 0o600, flush: true });
    renameSync(`${key}.partial`, key);
    rmSync(waitingFile(dataDir));
    log.info({ createdEpochMs: backup.createdEpochMs }, 'the settings of a backup were taken over');
  } catch (error) {
    log.error({ err: error }, 'the settings of a backup could not be taken over');
  }
}

/** Throws AppError `conflict` where the key is in the desktop app's key store. */
function readKey(dataDir: string): string {
  const path = keyFile(dataDir);
  if (!existsSync(path))
    throw new AppError(
      'conflict',
      'The key to the stored passwords is in this system’s key store. Quit the app, start it once with --key-to-file, and try again.',
    );
  return readFileSync(path, 'utf8').trim();
}

function readWaiting(dataDir: string): Backup | null {
  const path = waitingFile(dataDir);
  return existsSync(path) ? parseBackup(readFileSync(path, 'utf8')) : null;
}

function parseBackup(text: string): Backup {
  const parsed = BackupSchema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new AppError('invalid-input', 'This backup does not fit this version of the program.');
  return parsed.data;
}

/** Footage hangs on the ids of cameras: two of one name cannot be, and neither may go. */
function refuseOtherCameras({ configuration }: Backup, stores: Stores): void {
  for (const { id, name } of configuration.tables.cameras ?? []) {
    const other = stores.cameras.byName(String(name));
    if (other && other.id !== id)
      throw new AppError(
        'conflict',
        `The backup has a camera “${String(name)}”, and so has this recorder, but another one. Rename or delete it first.`,
      );
  }
}

function stateOf(backup: Backup | null): RestoreState {
  if (!backup) return { waiting: null };
  const { createdEpochMs, configuration } = backup;
  return { waiting: { createdEpochMs, cameras: configuration.tables.cameras?.length ?? 0 } };
}
