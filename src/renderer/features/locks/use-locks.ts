/** The locks of a camera or of all, kept up as they change on whichever screen. */
import { useEffect } from 'react';
import type { LockView } from '../../../shared/contract-archive.ts';
import { api } from '../../client/api.ts';
import { type Resource, useResource } from '../../client/resource.ts';
import { onServerMessage } from '../../client/server-events.ts';

const EVERY_MS = 60_000;

/** Newest first. `wanted: false` asks for nothing. */
export function useLocks(cameraId?: string, wanted = true): Resource<LockView[]> {
  const key = wanted ? `locks ${cameraId ?? ''}` : null;
  const locks = useResource(key, (signal) => api.locks(cameraId, signal), EVERY_MS);
  const { refresh } = locks;
  useEffect(() => onServerMessage(({ kind }) => kind === 'locks-changed' && refresh()), [refresh]);
  return locks;
}
