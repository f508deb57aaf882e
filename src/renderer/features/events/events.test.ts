import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NvrEvent, TailgatingFacts } from '../../../shared/domain-events.ts';
import { groupVisits } from '../../client/event-rank.ts';
import { eventFacts, nameReaders } from './event-facts.ts';
import {
  buildEngineQuery,
  buildFilterQuery,
  fitsFilters,
  groupByHour,
  mergeEvents,
  parseFilters,
} from './event-query.ts';
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

describe('facts', () => {
  it('names only those there are', () => {
    const names = eventFacts(event('line-crossing', { label: 'person', confidence: 0.914 })).map(
      (fact) => fact.name,
    );
    expect(names).toEqual(['Time', 'Camera', 'Seen', 'Confidence', 'Lasted']);
  });
  it('says of a tailgating who unlocked, and how many came and were not let in', () => {
    const named = nameReaders(event('tailgating', { line: 'Enter', tailgating: facts }), [
      { deviceId: 'r', deviceName: 'Side door' },
    ]);
    const of = (name: string) => eventFacts(named).find((fact) => fact.name === name)?.value;
    expect(['Door', 'Unlocked by', 'Came through', 'Not let in'].map(of)).toEqual([
      'Side door',
      'Tester Smith',
      '2 people',
      '1 person',
    ]);
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
    const query = buildEngineQuery(
      parseFilters(new URLSearchParams({ from: String(day), to: String(day) })),
      [],
    );
    expect(query.toEpochMs! - query.fromEpochMs!).toBe(25 * 3_600_000);
  });
  it('narrow to words and a time that were searched for', () => {
    const text = 'word=people&word=blue&span=1000_5000&show=everything';
    const filters = parseFilters(new URLSearchParams(text));
    expect(buildFilterQuery(filters)).toBe(text);
    expect(buildEngineQuery(filters, [])).toMatchObject({
      ...{ labels: 'people,blue', fromEpochMs: 1000, toEpochMs: 5000 },
    });
    const seen = { ...event('object'), labels: ['human', '_color_blue'], startEpochMs: 2000 };
    expect(fitsFilters(seen, filters, [])).toBe(true);
    expect(fitsFilters({ ...seen, startEpochMs: 5000 }, filters, [])).toBe(false);
    expect(fitsFilters({ ...seen, labels: ['human'] }, filters, [])).toBe(false);
  });
  it('decide whether a new event belongs on the wall', () => {
    const filters = parseFilters(new URLSearchParams('types=tailgating'));
    expect(fitsFilters(event('tailgating'), filters, [])).toBe(true);
    expect(fitsFilters(event('motion'), filters, [])).toBe(false);
    expect(
      fitsFilters(event('object', { label: 'dog' }), parseFilters(new URLSearchParams('labels=cat')), []),
    ).toBe(false);
  });
});

describe('the wall', () => {
  it('leaves out what comes with every passer-by unless it is asked for', () => {
    const filters = parseFilters(new URLSearchParams());
    const zone = { name: 'yard', polygons: [], intrusion: true, motion: true };
    const entry = event('zone-enter', { label: 'person', zone: 'yard' });
    expect(fitsFilters(event('motion'), filters, [])).toBe(false);
    expect(fitsFilters(entry, filters, [{ id: 'cam', zones: [{ ...zone, intrusion: false }] }])).toBe(false);
    expect(fitsFilters(entry, filters, [{ id: 'cam', zones: [zone] }])).toBe(true);
    expect(fitsFilters(entry, { ...filters, level: 'everything' }, [])).toBe(true);
    expect(buildEngineQuery(filters, []).types).not.toContain('zone');
    const incidents = parseFilters(new URLSearchParams('show=incidents'));
    expect(fitsFilters(event('object', { label: 'person' }), incidents, [])).toBe(false);
    expect(fitsFilters(event('access', { access: unlock }), incidents, [])).toBe(false);
    const forced = event('access', { access: { ...unlock, eventType: 'forced open' } });
    expect(fitsFilters(forced, incidents, [])).toBe(true);
  });
  it('makes two groups of the hour that comes twice', () => {
    const second = event('motion', {}, Date.parse('2026-10-25T02:30:00+01:00'));
    const first = event('motion', {}, Date.parse('2026-10-25T02:30:00+02:00'));
    const before = event('motion', {}, Date.parse('2026-10-24T23:59:00+02:00'));
    expect(
      groupByHour(groupVisits([second, first, before])).map((group) => [group.visits.length, group.opensDay]),
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
