/** How an alert is said: a line of what is the case and since when, and where to go for it. Pure. */
import { t } from '@lingui/core/macro';
import type { Alert } from '../../shared/domain-storage.ts';
import type { Hue } from '../ui/Badge.tsx';
import { formatMoment, formatSince, formatSpan } from './time-format.ts';

/** Footage is being lost: red. Everything else is a defect that should be looked at. */
const LOSSES: ReadonlySet<Alert['kind']> = new Set(['camera-offline', 'not-recording', 'folder-missing']);

export function alertHue({ kind, endEpochMs }: Pick<Alert, 'kind' | 'endEpochMs'>): Hue {
  if (endEpochMs !== null) return 'neutral';
  return LOSSES.has(kind) ? 'alarm' : 'degraded';
}

/** 'Gate: Offline. The camera does not answer' */
export function alertTitle({ words, cameraName }: Pick<Alert, 'words' | 'cameraName'>): string {
  const short = words.replace(/\.$/, '');
  return cameraName === null ? short : `${cameraName}: ${short}`;
}

/** 'Since 14:02. Check that …' while it lasts, 'Yesterday 14:02, for 5 min 2 s' when it is over. */
export function alertDetail(alert: Alert, nowEpochMs: number = Date.now()): string {
  const { startEpochMs, endEpochMs, advice } = alert;
  if (endEpochMs === null) return t`Since ${formatSince(startEpochMs, nowEpochMs)}. ${advice}`;
  return t`${formatMoment(startEpochMs, nowEpochMs)}, for ${formatSpan(endEpochMs - startEpochMs)}`;
}

/** Where it is dealt with while it lasts, by who may change a camera; others see it live. Afterwards where it can be seen. */
export function alertPlace({ cameraId, startEpochMs, endEpochMs }: Alert, mayChange: boolean): string {
  if (cameraId === null) return '/health';
  if (endEpochMs === null) return mayChange ? `/cameras/${cameraId}` : `/live?camera=${cameraId}`;
  return `/archive?camera=${cameraId}&at=${startEpochMs}`;
}

export function needsAttention({ endEpochMs, acknowledgedEpochMs }: Alert): boolean {
  return endEpochMs === null && acknowledgedEpochMs === null;
}
