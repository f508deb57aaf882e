/** The engine's routes as functions, exactly as `shared/contract*.ts` list them. */
import { t } from '@lingui/core/macro';
import { z } from 'zod';
import {
  AccessViewSchema,
  type AccountInputSchema,
  APP_PREFIX,
  SessionViewSchema,
  type SignInInputSchema,
  TokenCreatedSchema,
  type TokenInputSchema,
  TokenViewSchema,
} from '../../shared/contract.ts';
import {
  ArchiveBoundsSchema,
  ArchiveSegmentSchema,
  EventPageSchema,
  type EventQuerySchema,
  type LockInputSchema,
  type LockPatchSchema,
  LocksMadeSchema,
  LockViewSchema,
  type MediaQuerySchema,
  TimelineLaneSchema,
  type TimelineQuerySchema,
  TimelineUploadSchema,
  UploadAnswerSchema,
} from '../../shared/contract-archive.ts';
import {
  type CameraInput,
  type CameraPatch,
  CameraViewSchema,
  ReadersSchema,
  SitesSchema,
} from '../../shared/contract-cameras.ts';
import {
  type AlertQuerySchema,
  type AlertSettingsInputSchema,
  AlertSettingsViewSchema,
  AlertsSchema,
  CompletenessDaySchema,
  FolderAddedSchema,
  type FolderChange,
  FolderContentsSchema,
  GapLedgerSchema,
  type GapQuerySchema,
  HealthViewSchema,
  ModelsViewSchema,
  type StorageInputSchema,
  StorageViewSchema,
} from '../../shared/contract-health.ts';
import type { Reader } from '../../shared/domain-camera.ts';
import { NvrEventSchema } from '../../shared/domain-events.ts';
import { AlertSchema, type RecordingFolder, type StreamKind } from '../../shared/domain-storage.ts';
import { request, requestNothing } from './http.ts';

const CameraViewsSchema = z.array(CameraViewSchema);
const TimelineLanesSchema = z.array(TimelineLaneSchema);
const TimelineUploadsSchema = z.array(TimelineUploadSchema);
const ArchiveSegmentsSchema = z.array(ArchiveSegmentSchema);
const CompletenessSchema = z.array(CompletenessDaySchema);
const NvrEventsSchema = z.array(NvrEventSchema);
const LockViewsSchema = z.array(LockViewSchema);
const TokenViewsSchema = z.array(TokenViewSchema);

export const api = {
  session: (signal?: AbortSignal) => request(SessionViewSchema, '/session', { signal }),
  setUp: (body: z.input<typeof AccountInputSchema>) =>
    request(SessionViewSchema, '/setup', { method: 'POST', body }),
  signIn: (body: z.input<typeof SignInInputSchema>) =>
    request(SessionViewSchema, '/session', { method: 'POST', body }),
  signOut: () => requestNothing('/session', { method: 'DELETE' }),

  cameras: (signal?: AbortSignal) => request(CameraViewsSchema, '/cameras', { signal }),
  camera: (id: string, signal?: AbortSignal) => request(CameraViewSchema, `/cameras/${id}`, { signal }),
  addCamera: (body: CameraInput) => request(CameraViewSchema, '/cameras', { method: 'POST', body }),
  patchCamera: (id: string, body: CameraPatch) =>
    request(CameraViewSchema, `/cameras/${id}`, { method: 'PATCH', body }),
  deleteCamera: (id: string) => requestNothing(`/cameras/${id}`, { method: 'DELETE' }),

  sites: (signal?: AbortSignal) => request(SitesSchema, '/sites', { signal }),
  readers: (signal?: AbortSignal) => request(ReadersSchema, '/readers', { signal }),
  putReaders: (body: Reader[]) => request(ReadersSchema, '/readers', { method: 'PUT', body }),

  events: (query: z.input<typeof EventQuerySchema>, signal?: AbortSignal) =>
    request(EventPageSchema, `/events${queryString(query)}`, { signal }),
  /** The most alike first. */
  alikeEvents: (id: string, signal?: AbortSignal) =>
    request(NvrEventsSchema, `/events/${id}/alike`, { signal }),
  event: (id: string, signal?: AbortSignal) => request(NvrEventSchema, `/events/${id}`, { signal }),

  timeline: (query: z.input<typeof TimelineQuerySchema>, signal?: AbortSignal) =>
    request(TimelineLanesSchema, `/archive/timeline${queryString(query)}`, { signal }),
  locks: (cameraId?: string, signal?: AbortSignal) =>
    request(LockViewsSchema, `/locks${queryString({ cameraId })}`, { signal }),
  addLocks: (body: z.input<typeof LockInputSchema>) =>
    request(LocksMadeSchema, '/locks', { method: 'POST', body }),
  patchLock: (id: string, body: z.input<typeof LockPatchSchema>) =>
    request(LockViewSchema, `/locks/${id}`, { method: 'PATCH', body }),
  removeLock: (id: string) => requestNothing(`/locks/${id}`, { method: 'DELETE' }),
  upload: (cameraId: string, atEpochMs: number, signal?: AbortSignal) =>
    request(UploadAnswerSchema, `/archive/${cameraId}/upload${queryString({ atEpochMs })}`, { signal }),
  uploadsOfEvent: (eventId: string, signal?: AbortSignal) =>
    request(TimelineUploadsSchema, `/events/${eventId}/uploads`, { signal }),
  archiveBounds: (signal?: AbortSignal) => request(ArchiveBoundsSchema, '/archive/bounds', { signal }),
  segments: (
    cameraId: string,
    query: { fromEpochMs: number; toEpochMs: number; stream?: StreamKind },
    signal?: AbortSignal,
  ) => request(ArchiveSegmentsSchema, `/archive/${cameraId}/segments${queryString(query)}`, { signal }),

  health: (signal?: AbortSignal) => request(HealthViewSchema, '/health', { signal }),
  completeness: (days: number, signal?: AbortSignal) =>
    request(CompletenessSchema, `/completeness${queryString({ days })}`, { signal }),
  gaps: (query: z.input<typeof GapQuerySchema>, signal?: AbortSignal) =>
    request(GapLedgerSchema, `/gaps${queryString(query)}`, { signal }),
  storage: (signal?: AbortSignal) => request(StorageViewSchema, '/storage', { signal }),
  putStorage: (body: z.input<typeof StorageInputSchema>) =>
    request(StorageViewSchema, '/storage', { method: 'PUT', body }),
  addFolder: (body: RecordingFolder) =>
    request(FolderAddedSchema, '/storage/folders', { method: 'POST', body }),
  changeFolder: (id: number, body: FolderChange) =>
    request(StorageViewSchema, `/storage/folders/${id}`, { method: 'PUT', body }),
  /** What is in it goes to the other folders first. */
  removeFolder: (id: number) =>
    request(StorageViewSchema, `/storage/folders/${id}?move=true`, { method: 'DELETE' }),
  folderContents: (id: number, signal?: AbortSignal) =>
    request(FolderContentsSchema, `/storage/folders/${id}/contents`, { signal }),
  /** What is in it is lost: for drives that are away. */
  giveUpFolder: (id: number) =>
    request(StorageViewSchema, `/storage/folders/${id}?giveUp=true`, { method: 'DELETE' }),

  models: (signal?: AbortSignal) => request(ModelsViewSchema, '/models', { signal }),
  chooseModel: (name: string | null) =>
    request(ModelsViewSchema, '/models/chosen', { method: 'PUT', body: { name } }),
  downloadModel: (name: string) =>
    request(ModelsViewSchema, `/models/${encodeURIComponent(name)}/download`, { method: 'POST' }),
  stopDownload: (name: string) =>
    request(ModelsViewSchema, `/models/${encodeURIComponent(name)}/download`, { method: 'DELETE' }),
  /** `card`: the card as JSON text. */
  addModelCard: (card: string) =>
    request(ModelsViewSchema, '/models/cards', { method: 'POST', body: parseJson(card) }),
  addModelWeights: (file: File) =>
    request(ModelsViewSchema, `/models/weights${queryString({ file: file.name })}`, { method: 'POST', file }),
  removeModel: (name: string) =>
    request(ModelsViewSchema, `/models/${encodeURIComponent(name)}`, { method: 'DELETE' }),

  access: (query: { fromEpochMs: number; toEpochMs: number; cameraIds?: string }, signal?: AbortSignal) =>
    request(AccessViewSchema, `/access${queryString(query)}`, { signal }),

  alerts: (query: z.input<typeof AlertQuerySchema> = {}, signal?: AbortSignal) =>
    request(AlertsSchema, `/alerts${queryString(query)}`, { signal }),
  acknowledgeAlert: (id: number) => request(AlertSchema, `/alerts/${id}/acknowledge`, { method: 'POST' }),
  acknowledgeAlerts: () => requestNothing('/alerts/acknowledge', { method: 'POST' }),
  alertSettings: (signal?: AbortSignal) => request(AlertSettingsViewSchema, '/alert-settings', { signal }),
  putAlertSettings: (body: z.input<typeof AlertSettingsInputSchema>) =>
    request(AlertSettingsViewSchema, '/alert-settings', { method: 'PUT', body }),
  testAlert: () => request(AlertSettingsViewSchema, '/alert-settings/test', { method: 'POST' }),

  tokens: (signal?: AbortSignal) => request(TokenViewsSchema, '/tokens', { signal }),
  addToken: (body: z.input<typeof TokenInputSchema>) =>
    request(TokenCreatedSchema, '/tokens', { method: 'POST', body }),
  deleteToken: (id: string) => requestNothing(`/tokens/${id}`, { method: 'DELETE' }),
};

/** Addresses of pictures and files, for `src` and `href`; the session cookie goes with them. */
export const urls = {
  /** `version` only changes the address, so that the browser asks again. */
  cameraPicture: (cameraId: string, width: number, version?: number) =>
    `${APP_PREFIX}/cameras/${cameraId}/picture.jpg${queryString({ width, v: version })}`,
  eventSnapshot: (eventId: string, options: { plain?: boolean } = {}) =>
    `${APP_PREFIX}/events/${eventId}/snapshot.jpg${options.plain ? '?plain=true' : ''}`,
  eventCrop: (eventId: string) => `${APP_PREFIX}/events/${eventId}/crop.jpg`,
  /** `withinMs`: the picture may be earlier by so much, which may make it come much sooner. */
  archiveFrame: (cameraId: string, atEpochMs: number, width: number, withinMs?: number) =>
    `${APP_PREFIX}/archive/${cameraId}/frame.jpg${queryString({ atEpochMs: Math.round(atEpochMs), width, withinMs })}`,
  archiveMedia: (cameraId: string, query: z.input<typeof MediaQuerySchema>) =>
    `${APP_PREFIX}/archive/${cameraId}/media${queryString(query as Record<string, unknown>)}`,
  /** The bytes as they were uploaded; `save`: as a file with a name. */
  uploadFile: (id: string, options: { save?: boolean } = {}) =>
    `${APP_PREFIX}/uploads/${encodeURIComponent(id)}/file${options.save ? '?save=true' : ''}`,
  uploadPicture: (id: string, width: number) =>
    `${APP_PREFIX}/uploads/${encodeURIComponent(id)}/picture.jpg${queryString({ width })}`,
};

/** `?a=1&b=2`; what is undefined or null is left out. */
export function queryString(query: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Throws in the user's words. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(t`The model card is not JSON.`);
  }
}
