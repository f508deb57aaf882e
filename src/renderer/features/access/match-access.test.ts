import { describe, expect, it } from 'vitest';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { matchDoor } from './match-access.ts';

let count = 0;
const event = (type: NvrEvent['type'], at: number, detail: NvrEvent['detail']): NvrEvent => ({
  id: `id-${++count}`,
  sequence: count,
  cameraId: 'c',
  cameraName: 'Door',
  type,
  startEpochMs: at,
  endEpochMs: at,
  labels: [],
  detail,
  hasSnapshot: false,
});
const access = (at: number, eventType: 'entry unlocked' | 'forced open' = 'entry unlocked') => ({
  deviceId: 'r',
  deviceName: 'Reader',
  atMs: at,
  eventType,
  labels: [],
  actorName: 'Tester Smith',
});
const unlock = (at: number) => event('access', at, { access: access(at) });
const crossing = (at: number, trackId: number, direction: 'forward' | 'backward' = 'forward') =>
  event('line-crossing', at, { label: 'person', trackId, line: 'Enter', direction });
const guard = {
  readers: ['r'],
  lines: [
    {
      name: 'Enter',
      points: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      tailgating: { windowSeconds: 6, peoplePerUnlock: 1, direction: 'forward' as const },
    },
  ],
};

describe('matching a door', () => {
  it('joins each person with the unlock that let them in', () => {
    const unlocks = [unlock(0), unlock(10_000)];
    const day = matchDoor(
      { unlocks, crossings: [crossing(12_000, 2), crossing(2000, 1)], tailgatings: [] },
      guard,
    );
    expect(day.passages.map((passage) => [passage.state, passage.unlock?.startEpochMs])).toEqual([
      ['admitted', 0],
      ['admitted', 10_000],
    ]);
  });
  it('marks whom the tailgating names, with its unlock', () => {
    const tailgating = event('tailgating', 2800, {
      tailgating: {
        mode: 'readers',
        windowSeconds: 6,
        peoplePerUnlock: 1,
        unlock: access(0),
        people: [
          { trackId: 1, crossedAtMs: 2000, admitted: true, path: [] },
          { trackId: 2, crossedAtMs: 2800, admitted: false, path: [] },
        ],
      },
    });
    const day = matchDoor(
      { unlocks: [unlock(0)], crossings: [crossing(2000, 1), crossing(2800, 2)], tailgatings: [tailgating] },
      guard,
    );
    expect(day.passages.map((passage) => passage.state)).toEqual(['admitted', 'tailgating']);
    expect(day.passages[1]!.tailgating).toBe(tailgating);
    expect(day.passages[1]!.unlock?.startEpochMs).toBe(0);
  });
  it.each([
    ['the other direction', crossing(1000, 1, 'backward')],
    ['long after an unlock', crossing(7000, 1)],
  ])('does not join %s', (_name, passed) => {
    expect(
      matchDoor({ unlocks: [unlock(0)], crossings: [passed], tailgatings: [] }, guard).passages[0]!.state,
    ).toBe('free');
  });
  it('keeps forced doors apart from unlocks', () => {
    const forced = event('access', 5, { access: access(5, 'forced open') });
    const day = matchDoor({ unlocks: [unlock(0), forced], crossings: [], tailgatings: [] }, guard);
    expect([day.unlocks.length, day.alarms]).toEqual([1, [forced]]);
  });
});
