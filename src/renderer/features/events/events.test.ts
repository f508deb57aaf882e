import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NvrEvent, TailgatingFacts } from '../../../shared/domain.ts';
import {
  buildEngineQuery,
  buildFilterQuery,
  fitsFilters,
  groupByHour,
  mergeEvents,
  parseFilters,
} from './event-query.ts';
import { directionWords, eventFacts, eventHue, eventWords } from './event-words.ts';
import { planStrip } from './tailgating-strip.ts';
import { boxAt, footAt, forwardArrow, tracksOf, trailOf } from './track-overlay.ts';

const zoneBefore = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterEach(() => {
  process.env.TZ = zoneBefore;
});

let count = 0;
function event(type: NvrEvent['type'], detail: NvrEvent['detail'] = {}, at = 1_000_000): NvrEvent {
  count++;
  return {
    id: `id-${count}`,
    sequence: count,
    cameraId: 'cam',
    cameraName: 'Front door',
    type,
    startEpochMs: at,
    endEpochMs: at + 2000,
    labels: [],
    detail,
    hasSnapshot: true,
  };
}
const unlock = {
  deviceId: 'r',
  deviceName: 'Main entrance',
  atMs: 0,
  eventType: 'entry unlocked' as const,
  labels: [],
  actorName: 'Tester Smith',
};
const person = (trackId: number, crossedAtMs: number, admitted: boolean) => ({
  trackId,
  crossedAtMs,
  admitted,
  path: [],
});
const facts: TailgatingFacts = {
  mode: 'readers',
  windowSeconds: 6,
  peoplePerUnlock: 1,
  unlock,
  people: [person(1, 2100, true), person(2, 2800, false)],
};

describe('words', () => {
  it.each<[NvrEvent['type'], NvrEvent['detail'], string]>([
    [
      'line-crossing',
      { label: 'person', line: 'Enter', direction: 'forward' },
      'Person crossed Enter inwards',
    ],
    [
      'line-crossing',
      { label: 'car', colour: 'blue', line: 'Gate', direction: 'backward' },
      'Blue car crossed Gate backwards',
    ],
    [
      'line-crossing',
      { label: 'person', line: 'Exit', direction: 'forward' },
      'Person crossed Exit outwards',
    ],
    [
      'tailgating',
      { line: 'Enter', tailgating: facts },
      'Tailgating on Enter: 2 people on one unlock by Tester Smith',
    ],
    [
      'tailgating',
      { line: 'Enter', tailgating: { ...facts, unlock: null, people: [person(1, 1, false)] } },
      'Tailgating on Enter: 1 person without an unlock',
    ],
    ['tailgating', { tailgating: { ...facts, mode: 'no-readers' } }, 'Tailgating: 2 people within 6 s'],
    [
      'loitering',
      { label: 'person', zone: 'door', dwellSeconds: 75 },
      'Person stayed in door for 1 min 15 s',
    ],
    ['crowd', { count: 5, zone: 'door' }, '5 people in door'],
    ['object', { label: 'dog' }, 'Dog seen'],
    ['motion', {}, 'Motion'],
    ['sabotage', { sabotage: 'covered' }, 'Camera covered'],
    ['access', { access: unlock }, 'Tester Smith unlocked Main entrance'],
    ['access', { access: { ...unlock, eventType: 'forced open' } }, 'Main entrance forced open'],
  ])('%s %#', (type, detail, words) => {
    expect(eventWords(event(type, detail))).toBe(words);
  });
  it('is red only for tailgating and forced doors', () => {
    expect(eventHue(event('tailgating', { label: 'person' }))).toBe('alarm');
    expect(eventHue(event('access', { access: { ...unlock, eventType: 'forced open' } }))).toBe('alarm');
    expect(eventHue(event('access', { access: unlock }))).toBe('neutral');
    expect(eventHue(event('line-crossing', { label: 'truck' }))).toBe('vehicle');
  });
  it('names only the facts there are', () => {
    const names = eventFacts(event('line-crossing', { label: 'person', confidence: 0.914 }), String).map(
      (fact) => fact.name,
    );
    expect(names).toEqual(['Camera', 'Seen', 'Confidence', 'Lasted']);
    expect(directionWords('Gate', undefined)).toBe('');
  });
});

describe('filters', () => {
  it('survive the address', () => {
    const text = 'cameras=a%2Cb&types=tailgating&labels=person&from=1795129200000&to=1795129200000';
    expect(buildFilterQuery(parseFilters(new URLSearchParams(text)))).toBe(text);
    expect(buildFilterQuery(parseFilters(new URLSearchParams('types=nonsense&from=x')))).toBe('');
    expect(parseFilters(new URLSearchParams('camera=a')).cameraIds).toEqual(['a']);
  });
  it('count the last day whole, also when it has 25 hours', () => {
    const day = Date.parse('2026-10-25T00:00:00+02:00');
    const query = buildEngineQuery(parseFilters(new URLSearchParams({ from: String(day), to: String(day) })));
    expect(query.toEpochMs! - query.fromEpochMs!).toBe(25 * 3_600_000);
  });
  it('decide whether a new event belongs on the wall', () => {
    const filters = parseFilters(new URLSearchParams('types=tailgating'));
    expect(fitsFilters(event('tailgating'), filters)).toBe(true);
    expect(fitsFilters(event('motion'), filters)).toBe(false);
    expect(
      fitsFilters(event('object', { label: 'dog' }), parseFilters(new URLSearchParams('labels=cat'))),
    ).toBe(false);
  });
});

describe('the wall', () => {
  it('makes two groups of the hour that comes twice', () => {
    const second = event('motion', {}, Date.parse('2026-10-25T02:30:00+01:00'));
    const first = event('motion', {}, Date.parse('2026-10-25T02:30:00+02:00'));
    const before = event('motion', {}, Date.parse('2026-10-24T23:59:00+02:00'));
    expect(
      groupByHour([second, first, before]).map((group) => [group.events.length, group.opensDay]),
    ).toEqual([
      [1, true],
      [1, false],
      [1, true],
    ]);
  });
  it('keeps newest first and each event once', () => {
    const [a, b] = [event('motion', {}, 10), event('motion', {}, 20)];
    expect(mergeEvents([b, a], [{ ...a, endEpochMs: 99 }]).map((one) => one.endEpochMs)).toEqual([2020, 99]);
  });
});

describe('the overlay', () => {
  const path = [
    { atMs: 1000, x: 0.1, y: 0.5 },
    { atMs: 2000, x: 0.3, y: 0.7 },
  ];
  it('moves the foot between known points and lets go after them', () => {
    expect(footAt(path, 1500)).toEqual({ x: 0.2, y: 0.6 });
    expect(footAt(path, 2500)).toEqual(path[1]);
    expect(footAt(path, 4000)).toBeNull();
    expect(trailOf(path, 1500)).toBe('M0.1 0.5 L0.2 0.6');
    expect(trailOf(path, 900)).toBe('');
  });
  it('stands the box on the foot', () => {
    const [track] = tracksOf(event('object', { box: { x: 0.1, y: 0.2, width: 0.2, height: 0.4 }, path }));
    const box = boxAt(track!, { x: 0.5, y: 0.9 })!;
    expect([box.x, box.y]).toEqual([0.4, 0.5]);
  });
  it('marks in red whom no unlock let in', () => {
    const tracks = tracksOf(
      event('tailgating', { trackId: 2, tailgating: facts, box: { x: 0, y: 0, width: 0.1, height: 0.2 } }),
    );
    expect(tracks.map((track) => [track.alarm, track.size !== null])).toEqual([
      [false, false],
      [true, true],
    ]);
  });
  it('points down the picture for a line drawn from left to right', () => {
    const arrow = forwardArrow({ x: 0.2, y: 0.5 }, { x: 0.8, y: 0.5 }, 2, 0.1);
    expect(arrow.startsWith('M0.50000 0.50000L0.50000 0.60000')).toBe(true);
  });
});

describe('the strip', () => {
  it('puts unlock and people in order with the reason', () => {
    const plan = planStrip(facts);
    expect(plan.reason).toBe('The unlock was for one person; 2 went through.');
    expect(plan.points.map((point) => [point.kind, point.offsetWords])).toEqual([
      ['unlock', ''],
      ['admitted', '+2.1 s'],
      ['tailgater', '+2.8 s'],
    ]);
    expect(plan.points.every((point) => point.share > 0 && point.share < 1)).toBe(true);
    expect(plan.window!.to).toBeLessThanOrEqual(1);
  });
  it('says when the unlock had run out, or there was none', () => {
    expect(planStrip({ ...facts, people: [person(1, 9000, false)] }).reason).toContain('run out');
    expect(planStrip({ ...facts, unlock: null }).window).toBeNull();
  });
});
