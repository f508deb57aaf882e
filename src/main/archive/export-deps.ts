/** What the queue of exports needs, and who asks it for one. */
import type { ExportJob } from '../../shared/contract-exports.ts';
import type { Logger } from '../platform/log.ts';
import type { FootageKeeper } from './export-footage.ts';
import type { Target } from './export-target.ts';
import type { ExportRunDeps } from './export-write.ts';

/** Where jobs are kept; the store implements it. */
export interface ExportIndex {
  putExport(job: ExportJob): void;
  removeExport(id: string): void;
  listExports(): ExportJob[];
}

/** Drives that are plugged in. */
export interface ExportDrives {
  /** Its name for the user. Throws AppError `not-found` when it is not there. */
  nameOf(driveId: string): Promise<string>;
  /** Throws AppError: `unavailable` when it is not there or cannot be written. */
  target(driveId: string): Promise<Target>;
  isThere(driveId: string): Promise<boolean>;
}

export interface ExportQueueDeps extends ExportRunDeps {
  drives: ExportDrives;
  index: ExportIndex;
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
  /** Keeps footage from being deleted while it is read; absent: nothing does. */
  keep?: FootageKeeper;
  /** Notes in the audit log that somebody asked for it. */
  noteAsked(job: ExportJob, by: Asker): ExportJob['auditLine'];
  /** … how it ended. */
  noteEnded(job: ExportJob): void;
  log: Logger;
  /** After every change of a job, at most a few times a second for progress. */
  onChange(job: ExportJob): void;
}

/** Who asks for an export. */
export interface Asker {
  /** E-mail address of the account. */
  actor: string;
  /** Network address. */
  address: string;
}
