/** Exports, drives, the key that signs evidence and the audit log, as `shared/contract-exports.ts` lists them. */
import { z } from 'zod';
import { APP_PREFIX } from '../../shared/contract.ts';
import {
  AuditPageSchema,
  DriveViewSchema,
  EvidenceKeyViewSchema,
  type ExportInputSchema,
  ExportJobSchema,
} from '../../shared/contract-exports.ts';
import { queryString } from './api.ts';
import { request, requestNothing } from './http.ts';

const ExportJobsSchema = z.array(ExportJobSchema);
const DriveViewsSchema = z.array(DriveViewSchema);

export const exportsApi = {
  exports: (signal?: AbortSignal) => request(ExportJobsSchema, '/exports', { signal }),
  addExport: (body: z.input<typeof ExportInputSchema>) =>
    request(ExportJobSchema, '/exports', { method: 'POST', body }),
  pauseExport: (id: string) => request(ExportJobSchema, `/exports/${id}/pause`, { method: 'POST' }),
  resumeExport: (id: string) => request(ExportJobSchema, `/exports/${id}/resume`, { method: 'POST' }),
  deleteExport: (id: string) => requestNothing(`/exports/${id}`, { method: 'DELETE' }),
  drives: (signal?: AbortSignal) => request(DriveViewsSchema, '/drives', { signal }),
  ejectDrive: (id: string) => requestNothing(`/drives/${id}/eject`, { method: 'POST' }),
  evidenceKey: (signal?: AbortSignal) => request(EvidenceKeyViewSchema, '/evidence-key', { signal }),
  audit: (query: { before?: number; limit?: number }, signal?: AbortSignal) =>
    request(AuditPageSchema, `/audit${queryString(query)}`, { signal }),
};

/** Addresses for links. */
export const exportUrls = {
  file: (exportId: string) => `${APP_PREFIX}/exports/${exportId}/file`,
  /** A clip to be looked at. */
  shown: (exportId: string, index: number) => `${APP_PREFIX}/exports/${exportId}/files/${index}?show=true`,
  evidenceKey: `${APP_PREFIX}/evidence-key.pem`,
  auditCsv: `${APP_PREFIX}/audit.csv`,
};
