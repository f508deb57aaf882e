import { expect, test } from 'vitest';
import type { AccessEvent } from '../../shared/domain-events.ts';
import type { CameraInput } from './step-camera.ts';
import { inputsOf, line, play, type Timeline, walk } from './timeline.ts';

/** Somebody who crosses the door at `seconds`; backward is to the right. */
function person(id: number, seconds: number, more: Partial<Timeline> & { back?: boolean } = {}): Timeline {
  const [from, to] = more.back ? [0.6, 0.4] : [0.4, 0.6];
  return { id, rows: walk([seconds - 1, from, 0.5], [seconds + 1, to, 0.5]), ...more };
}

function unlock(seconds: number, actorName = 'Ann', more: Partial<AccessEvent> = {}): AccessEvent {
  return {
    deviceId: 'reader',
    atMs: seconds * 1000,
    eventType: 'entry unlocked',
    labels: [],
    actorName,
    ...more,
  };
}

/** Plays people and unlocks; each unlock arrives `late` seconds after it happened. */
function tailgating(
  people: Timeline[],
  unlocks: AccessEvent[] | null,
  rule: Parameters<typeof line>[4] = { windowSeconds: 5 },
  late = 0,
) {
  const access = (unlocks ?? []).map((event) => ({
    at: event.atMs + late * 1000,
    input: { kind: 'access', event } as const,
  }));
  const seen = inputsOf(people).map((input) => ({
    at: input.kind === 'observation' ? input.observation.atMs : Infinity,
    input,
  }));
  const inputs: CameraInput[] = [...access, ...seen].sort((a, b) => a.at - b.at).map(({ input }) => input);
  const rules = { lines: [line(0.5, 0.1, 0.5, 0.9, rule)], readers: unlocks && ['reader'] };
  return play(inputs, rules).filter((finding) => finding.type === 'tailgating');
}

const words = (findings: ReturnType<typeof tailgating>) =>
  findings.map(
    ({ atMs, detail }) =>
      `#${detail.trackId} ${(atMs / 1000).toFixed(1)} ${detail.tailgating?.unlock?.actorName ?? 'nobody'}`,
  );

test.each<[string, Timeline[], AccessEvent[], string[]]>([
  ['one person with an unlock', [person(1, 4)], [unlock(2)], []],
  ['a second person in the window', [person(1, 4), person(2, 5)], [unlock(2)], ['#2 5.0 Ann']],
  [
    'a third one raises another',
    [person(1, 4), person(2, 5), person(3, 6)],
    [unlock(2)],
    ['#2 5.0 Ann', '#3 6.0 Ann'],
  ],
  ['nobody unlocked', [person(1, 4), person(2, 9)], [], ['#1 4.0 nobody', '#2 9.0 nobody']],
  ['the unlock has run out', [person(1, 8)], [unlock(2)], ['#1 8.0 nobody']],
  ['two unlocks admit two', [person(1, 4), person(2, 5)], [unlock(2), unlock(3, 'Bob')], []],
  [
    'of three with two unlocks the last is named by the newer',
    [person(1, 4), person(2, 5), person(3, 6)],
    [unlock(2), unlock(3, 'Bob')],
    ['#3 6.0 Bob'],
  ],
  [
    'the oldest unlock is used up first',
    [person(1, 4), person(2, 9)],
    [unlock(3), unlock(3.5, 'Bob'), unlock(8, 'Cid')],
    [],
  ],
  ['an unlock after the person admits nobody before it', [person(1, 4)], [unlock(4.5)], ['#1 4.0 nobody']],
  [
    'other reports unlock nothing',
    [person(1, 4)],
    [unlock(2, 'Ann', { eventType: 'forced open' })],
    ['#1 4.0 nobody'],
  ],
  [
    'another reader unlocks nothing here',
    [person(1, 4)],
    [unlock(2, 'Ann', { deviceId: 'other' })],
    ['#1 4.0 nobody'],
  ],
  ['only people tailgate', [person(1, 4), person(2, 5, { label: 'car' })], [unlock(2)], []],
  ['each direction has its own places', [person(1, 4), person(2, 5, { back: true })], [unlock(2)], []],
  ['a look-alike that never moved', [person(1, 4), person(2, 5, { still: true })], [unlock(2)], []],
])('readers: %s', (_, people, unlocks, expected) => {
  expect(words(tailgating(people, unlocks))).toEqual(expected);
});

test('readers: an unlock may admit several', () => {
  const people = [person(1, 4), person(2, 5), person(3, 6)];
  expect(words(tailgating(people, [unlock(2)], { windowSeconds: 5, peoplePerUnlock: 2 }))).toEqual([
    '#3 6.0 Ann',
  ]);
});

test('readers: a report that comes up to 1.5 s after the person still admits, a later one does not', () => {
  const bystander = { id: 50, rows: walk([0, 0.1, 0.5], [12, 0.2, 0.5]) };
  expect(
    words(tailgating([bystander, person(1, 4), person(9, 8)], [unlock(3.5), unlock(7)], undefined, 1.5)),
  ).toEqual([]);
  expect(words(tailgating([bystander, person(1, 4)], [unlock(3.5)], undefined, 4))).toEqual([
    '#1 4.0 nobody',
  ]);
});

test('readers: a direction that is not watched raises nothing', () => {
  const rule = { windowSeconds: 5, direction: 'forward' } as const;
  expect(words(tailgating([person(1, 4), person(2, 9, { back: true })], [], rule))).toEqual([
    '#2 9.0 nobody',
  ]);
});

test('the event explains itself', () => {
  const [finding] = tailgating([person(1, 4), person(2, 5)], [unlock(2)]);
  expect(finding?.startMs).toBe(2000);
  const facts = finding?.detail.tailgating;
  expect(facts).toMatchObject({ mode: 'readers', windowSeconds: 5, peoplePerUnlock: 1 });
  expect(facts?.unlock).toMatchObject({ actorName: 'Ann', deviceId: 'reader', atMs: 2000 });
  expect(facts?.people.map(({ trackId, admitted }) => [trackId, admitted])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(facts?.people.every(({ path }) => path.length > 2)).toBe(true);
});

test.each<[string, Timeline[], string[]]>([
  ['two far apart', [person(1, 4), person(2, 10)], []],
  ['a second close behind', [person(1, 4), person(2, 5)], ['#2 5.0 nobody']],
  ['a chain of three', [person(1, 4), person(2, 5), person(3, 6)], ['#2 5.0 nobody', '#3 6.0 nobody']],
  ['the other way', [person(1, 4), person(2, 5, { back: true })], []],
  [
    'the same person back and forth',
    [
      {
        id: 1,
        rows: [
          ...walk([0, 0.4, 0.5], [1, 0.6, 0.5]),
          ...walk([1.2, 0.6, 0.5], [2, 0.4, 0.5]),
          ...walk([2.2, 0.4, 0.5], [3, 0.6, 0.5]),
        ],
      },
    ],
    [],
  ],
  ['a car behind a person', [person(1, 4), person(2, 5, { label: 'car' })], []],
])('no readers: %s', (_, people, expected) => {
  expect(words(tailgating(people, null))).toEqual(expected);
});
