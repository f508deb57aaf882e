/** A rule of notifications in words, and the rule that a new one begins as. Pure. */

import { t } from '@lingui/core/macro';
import type { EventType } from '../../../../shared/domain-events.ts';
import type { AlertKind } from '../../../../shared/domain-storage.ts';
import type { NotificationRule, NotificationRuleInput } from '../../../../shared/notifications.ts';

export const ALERT_LABELS: Record<AlertKind, string> = {
  'camera-offline': t`Camera offline`,
  'not-recording': t`Not recorded`,
  'picture-frozen': t`Picture frozen`,
  'picture-black': t`Picture black`,
  'disk-reserve': t`Disk full`,
  'footage-short': t`Footage kept too short`,
  'folder-missing': t`Recording folder away`,
};

export const EVENT_LABELS: Record<EventType, string> = {
  tailgating: t`Tailgating`,
  access: t`Door reports`,
  'line-crossing': t`Line crossed`,
  'zone-enter': t`Zone entered`,
  'zone-leave': t`Zone left`,
  loitering: t`Loitering`,
  crowd: t`Crowd`,
  sabotage: t`Picture covered or turned`,
  object: t`Person, vehicle or animal`,
  motion: t`Motion`,
};

export const NEW_RULE: NotificationRuleInput = {
  ...{ name: '', enabled: true, alerts: ['camera-offline', 'not-recording', 'disk-reserve'] },
  ...{ events: ['tailgating'], cameraIds: null, mailTo: [], webhookUrl: null, desktop: false },
  ...{ schedule: null, groupMinutes: 5 },
};

/** 'Tailgating and 3 kinds of alert, to a@b.test and a webhook'. */
export function ruleWords(rule: NotificationRule): string {
  const what = [
    ...rule.events.map((type) => EVENT_LABELS[type]),
    ...rule.alerts.map((kind) => ALERT_LABELS[kind]),
  ];
  const first = what.slice(0, 2).join(', ');
  const told = what.length > 2 ? t`${first} and ${what.length - 2} more` : first;
  const ways = [
    ...rule.mailTo,
    ...(rule.webhookUrl === null ? [] : [t`a webhook`]),
    ...(rule.desktop ? [t`screens`] : []),
  ];
  return t`${told}, to ${ways.join(', ')}`;
}

/** Addresses as typed, between commas, semicolons or spaces. */
export function parseAddresses(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
}

/** 'Until 14:30', of all or of a camera. */
export function snoozeWords(cameraName: string | null, untilWords: string): string {
  return cameraName === null
    ? t`Everything is quiet until ${untilWords}.`
    : t`${cameraName} is quiet until ${untilWords}.`;
}
