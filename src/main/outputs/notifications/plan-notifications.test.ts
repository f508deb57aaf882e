import { expect, test } from 'vitest';
import type { NotificationRule, Snooze } from '../../../shared/notifications.ts';
import { type NotificationState, type Occurrence, planNotifications } from './plan-notifications.ts';

const DOOR = '11111111-1111-4111-8111-111111111111';
const YARD = '22222222-2222-4222-8222-222222222222';
const MINUTE = 60_000;
/** A Monday, local time. */
const NOON = new Date(2026, 2, 2, 12).getTime();

function rule(change: Partial<NotificationRule> = {}): NotificationRule {
  return {
    ...{
      id: '33333333-3333-4333-8333-333333333333',
      name: 'Rule',
      enabled: true,
      alerts: ['camera-offline'],
    },
    ...{ events: ['tailgating'], cameraIds: null, mailTo: ['a@b.test'], webhookUrl: null, desktop: false },
    ...{ schedule: null, groupMinutes: 5 },
    ...change,
  };
}

function occurs(minute: number, change: Partial<Occurrence> = {}): Occurrence {
  return { kind: { event: 'tailgating' }, cameraId: DOOR, atEpochMs: NOON + minute * MINUTE, ...change };
}

function told(occurrences: Occurrence[], rules = [rule()], snoozes: Snooze[] = []): number[][] {
  let state: NotificationState = new Map();
  return occurrences.map((occurrence) => {
    const step = planNotifications(state, occurrence, rules, snoozes);
    state = step.state;
    return step.planned.map(({ untoldBefore }) => untoldBefore);
  });
}

const RECORDER = { kind: { alert: 'disk-reserve' }, cameraId: null } as const;
const CASES: Array<[string, number[][], number[][]]> = [
  [
    'one per incident, and how many were kept back',
    told([occurs(0), occurs(3), occurs(6), occurs(12)]),
    [[0], [], [], [2]],
  ],
  ['each camera apart', told([occurs(0), occurs(1, { cameraId: YARD })]), [[0], [0]]],
  ['each, without grouping', told([occurs(0), occurs(0)], [rule({ groupMinutes: 0 })]), [[0], [0]]],
  ['no other kinds', told([occurs(0, { kind: { event: 'motion' } }), occurs(0, RECORDER)]), [[], []]],
  ['alerts', told([occurs(0, { kind: { alert: 'camera-offline' } })]), [[0]]],
  [
    'only its cameras',
    told([occurs(0), occurs(0, { cameraId: YARD })], [rule({ cameraIds: [YARD] })]),
    [[], [0]],
  ],
  [
    'the recorder itself, whichever cameras are named',
    told([occurs(0, RECORDER)], [rule({ cameraIds: [YARD], alerts: ['disk-reserve'] })]),
    [[0]],
  ],
  ['nothing while switched off', told([occurs(0)], [rule({ enabled: false })]), [[]]],
  [
    'nothing in quiet hours',
    told([occurs(0), occurs(61)], [rule({ schedule: { monday: [{ from: '13:00', to: '18:00' }] } })]),
    [[], [0]],
  ],
  [
    'nothing while snoozed',
    told([occurs(0), occurs(11)], [rule()], [{ cameraId: DOOR, untilEpochMs: NOON + 10 * MINUTE }]),
    [[], [0]],
  ],
  [
    'the others while one camera is snoozed',
    told([occurs(0, { cameraId: YARD })], [rule()], [{ cameraId: DOOR, untilEpochMs: NOON + MINUTE }]),
    [[0]],
  ],
  [
    'nothing at all while everything is snoozed',
    told([occurs(0)], [rule()], [{ cameraId: null, untilEpochMs: NOON + 1 }]),
    [[]],
  ],
  ['by every rule that fits', told([occurs(0)], [rule(), rule({ id: YARD })]), [[0, 0]]],
];

test.each(CASES)('tells %s', (_name, got, expected) => {
  expect(got).toEqual(expected);
});
