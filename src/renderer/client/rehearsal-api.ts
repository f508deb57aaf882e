/** The engine's routes that try rules on footage, exactly as `shared/rehearsal.ts` lists them. */
import { t } from '@lingui/core/macro';
import { z } from 'zod';
import { APP_PREFIX, ErrorBodySchema } from '../../shared/contract.ts';
import {
  type BackfillInput,
  BackfillSchema,
  type RehearsalInput,
  RehearsalSchema,
  type RehearsalVideo,
  RehearsalVideoSchema,
} from '../../shared/rehearsal.ts';
import { RequestError, request, requestNothing } from './http.ts';

const BackfillsSchema = z.array(BackfillSchema);

export const rehearsalApi = {
  create: (cameraId: string, body: RehearsalInput) =>
    request(RehearsalSchema, `/cameras/${cameraId}/rehearsals`, { method: 'POST', body }),
  get: (id: string) => request(RehearsalSchema, `/rehearsals/${id}`),
  tryRules: (id: string, body: RehearsalInput['rules']) =>
    request(RehearsalSchema, `/rehearsals/${id}/rules`, { method: 'PUT', body }),
  remove: (id: string) => requestNothing(`/rehearsals/${id}`, { method: 'DELETE' }),
  sendVideo,

  backfills: (signal?: AbortSignal) => request(BackfillsSchema, '/backfills', { signal }),
  addBackfill: (body: BackfillInput) => request(BackfillSchema, '/backfills', { method: 'POST', body }),
  pauseBackfill: (id: string) => request(BackfillSchema, `/backfills/${id}/pause`, { method: 'POST' }),
  resumeBackfill: (id: string) => request(BackfillSchema, `/backfills/${id}/resume`, { method: 'POST' }),
  removeBackfill: (id: string) => requestNothing(`/backfills/${id}`, { method: 'DELETE' }),
};

/** Sends a video to be rehearsed on. Throws `RequestError`: not a video, too large, the recorder away. */
async function sendVideo(file: File): Promise<RehearsalVideo> {
  const response = await fetch(`${APP_PREFIX}/rehearsal-videos`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  }).catch(() => {
    throw new RequestError(0, t`The video could not be sent: the recorder cannot be reached.`);
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return RehearsalVideoSchema.parse(body);
  const parsed = ErrorBodySchema.safeParse(body);
  throw new RequestError(response.status, parsed.success ? parsed.data.message : t`The video was refused.`);
}
