/** Which rules tell of an occurrence, and which keep quiet: hours, snoozes, and one message per incident. A pure reducer in time units. */

import type { EventType } from '../../../shared/domain-events.ts';
import type { AlertKind } from '../../../shared/domain-storage.ts';
import type { NotificationRule, Snooze } from '../../../shared/notifications.ts';
import { isWithinHours } from '../../../shared/schedule.ts';

/** An alert that began, or an event. */
export interface Occurrence {
  kind: { alert: AlertKind } | { event: EventType };
  /** null: the recorder as a whole. */
  cameraId: string | null;
  atEpochMs: number;
}

interface Incident {
  lastEpochMs: number;
  /** Occurrences that were not told. */
  untold: number;
}

/** Incidents that last or lasted, by rule and camera. */
export type NotificationState = ReadonlyMap<string, Incident>;

export interface PlannedNotification {
  rule: NotificationRule;
  /** Of the incident before, those that were not told. */
  untoldBefore: number;
}

/** An incident that goes on is told again after this long. */
const LONGEST_GROUP_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

export function planNotifications(
  state: NotificationState,
  occurrence: Occurrence,
  rules: readonly NotificationRule[],
  snoozes: readonly Snooze[],
): { state: NotificationState; planned: PlannedNotification[] } {
  const { atEpochMs, cameraId } = occurrence;
  const planned: PlannedNotification[] = [];
  const next = new Map(
    [...state].filter(([, { lastEpochMs }]) => atEpochMs - lastEpochMs < LONGEST_GROUP_MS),
  );
  if (isSnoozed(snoozes, cameraId, atEpochMs)) return { state: next, planned };
  for (const rule of rules) {
    if (!fits(rule, occurrence) || !isWithinHours(rule.schedule, atEpochMs)) continue;
    const key = `${rule.id} ${cameraId ?? ''}`;
    const before = next.get(key);
    if (before && atEpochMs - before.lastEpochMs < rule.groupMinutes * MINUTE_MS) {
      next.set(key, { lastEpochMs: Math.max(atEpochMs, before.lastEpochMs), untold: before.untold + 1 });
      continue;
    }
    planned.push({ rule, untoldBefore: before?.untold ?? 0 });
    next.set(key, { lastEpochMs: atEpochMs, untold: 0 });
  }
  return { state: next, planned };
}

export function isSnoozed(snoozes: readonly Snooze[], cameraId: string | null, atEpochMs: number): boolean {
  return snoozes.some(
    (snooze) => snooze.untilEpochMs > atEpochMs && (snooze.cameraId === null || snooze.cameraId === cameraId),
  );
}

function fits(rule: NotificationRule, { kind, cameraId }: Occurrence): boolean {
  if (!rule.enabled) return false;
  if (cameraId !== null && rule.cameraIds !== null && !rule.cameraIds.includes(cameraId)) return false;
  return 'alert' in kind ? rule.alerts.includes(kind.alert) : rule.events.includes(kind.event);
}
