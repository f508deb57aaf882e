/** A rule of notifications in words, and the rule that a new one begins as. Pure. */

import type { EventType } from '../../../../shared/domain-events.ts';
import type { AlertKind } from '../../../../shared/domain-storage.ts';
import type { NotificationRule, NotificationRuleInput } from '../../../../shared/notifications.ts';

export const ALERT_LABELS: Record<AlertKind, string> = {
  'camera-offline': 'Camera offline',
  'not-recording': 'Not recorded',
  'picture-frozen': 'Picture frozen',
  'picture-black': 'Picture black',
  'disk-reserve': 'Disk full',
  'footage-short': 'Footage kept too short',
  'folder-missing': 'Recording folder away',
};

export const EVENT_LABELS: Record<EventType, string> = {
  tailgating: 'Tailgating',
  access: 'Door reports',
  'line-crossing': 'Line crossed',
  'zone-enter': 'Zone entered',
  'zone-leave': 'Zone left',
  loitering: 'Loitering',
  crowd: 'Crowd',
  sabotage: 'Picture covered or turned',
  object: 'Person, vehicle or animal',
  motion: 'Motion',
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
  const told = what.length > 2 ? `${first} and ${what.length - 2} more` : first;
  const ways = [
    ...rule.mailTo,
    ...(rule.webhookUrl === null ? [] : ['a webhook']),
    ...(rule.desktop ? ['screens'] : []),
  ];
  return `${told}, to ${ways.join(', ')}`;
}

/** Addresses as typed, between commas, semicolons or spaces. */
export function parseAddresses(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
}

/** 'Until 14:30', of all or of a camera. */
export function snoozeWords(cameraName: string | null, untilWords: string): string {
  return cameraName === null
    ? `Everything is quiet until ${untilWords}.`
    : `${cameraName} is quiet until ${untilWords}.`;
}
