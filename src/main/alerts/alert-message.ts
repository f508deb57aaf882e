/** An alert as a webhook tells it, and as one line for a notification. Pure. */
import type { Alert } from '../../shared/domain-storage.ts';

/** The body of the alert webhook. */
export interface AlertMessage {
  event: 'alert.raised' | 'alert.over' | 'alert.test';
  alert: {
    id: number;
    kind: Alert['kind'];
    cameraId: string | null;
    cameraName: string | null;
    /** ISO 8601, UTC. */
    start: string;
    /** null while it lasts. */
    end: string | null;
    words: string;
    advice: string;
  } | null;
}

export function buildAlertMessage(alert: Alert, change: 'raised' | 'over'): AlertMessage {
  const { id, kind, cameraId, cameraName, startEpochMs, endEpochMs, words, advice } = alert;
  const start = new Date(startEpochMs).toISOString();
  const end = endEpochMs === null ? null : new Date(endEpochMs).toISOString();
  return { event: `alert.${change}`, alert: { id, kind, cameraId, cameraName, start, end, words, advice } };
}

export const TEST_MESSAGE: AlertMessage = { event: 'alert.test', alert: null };

/** What the system shows of it, and the page that a click leads to. */
export function buildNotification(
  alert: Alert,
  change: 'raised' | 'over',
): { title: string; body: string; place: string } {
  const title = alert.cameraName ?? 'Recorder';
  const place = alert.cameraId === null ? '/health' : `/cameras/${alert.cameraId}`;
  return change === 'raised'
    ? { title, body: `${alert.words} ${alert.advice}`, place }
    : { title, body: `Back to normal. It was: ${alert.words}`, place };
}
