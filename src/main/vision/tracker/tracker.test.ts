import { expect, test } from 'vitest';
import type { Detection } from '../detector/detection.ts';
import { Tracker } from './tracker.ts';
import { car, follow, person } from './tracker-fixture.ts';

test.each([3.3, 5, 10])('one walker is one identity at %d pictures a second', (fps) => {
  const { all, moved } = follow(8, (t) => [person(0.1 + 0.1 * t, 0.6)], { fps });
  expect(all).toHaveLength(1);
  expect(moved).toHaveLength(1);
  expect(moved[0]!.label).toBe('person');
});

test.each([3.3, 5])(
  'a fast car whose boxes do not overlap is one identity at %d pictures a second',
  (fps) => {
    const { moved } = follow(1.6, (t) => [car(0.05 + 0.75 * t, 0.6)], { fps });
    expect(moved).toHaveLength(1);
  },
);

test('the way before it was sure comes with the first report', () => {
  const { pictures } = follow(2, (t) => [person(0.2 + 0.1 * t, 0.6, t < 0.5 ? 0.2 : 0.7)]);
  const first = pictures.find(({ tracks }) => tracks.length > 0)!;
  expect(first.tracks[0]!.earlier?.[0]?.atMs).toBe(0);
  expect(first.tracks[0]!.firstSeenMs).toBe(0);
  expect(pictures.flatMap(({ tracks }) => tracks.filter((track) => track.earlier))).toHaveLength(1);
});

test('two people who cross each other, one hidden behind the other, keep their identities', () => {
  const { all, pictures } = follow(6, (t) => {
    const right = person(0.2 + 0.1 * t, 0.62);
    const left = person(0.8 - 0.1 * t, 0.6);
    return [right, Math.abs(right.box.x - left.box.x) > 0.03 && left];
  });
  expect(all).toHaveLength(2);
  const [first, second] = [pictures[8]!, pictures.at(-1)!].map(({ tracks }) =>
    tracks.map(({ trackId, foot }) => ({ trackId, x: foot.x })),
  );
  const goesRight = first!.find(({ x }) => x < 0.5)!.trackId;
  expect(second!.find(({ x }) => x > 0.5)!.trackId).toBe(goesRight);
});

test('an identity survives two seconds without being seen, and is given up after', () => {
  const gap = (from: number, to: number) =>
    follow(8, (t) => [(t < from || t > to) && person(0.2 + 0.05 * t, 0.6)]);
  expect(gap(2, 4).all).toHaveLength(1);
  expect(gap(2, 4).ended).toEqual([]);
  expect(gap(2, 7.4).ended).toHaveLength(1);
  const hidden = gap(2, 4).pictures.find(({ t }) => t === 3)!.tracks[0]!;
  expect(hidden.lastSeenMs).toBe(2000 - 200);
  expect(hidden.foot.x).toBeGreaterThan(0.32);
});

test('a faint detection continues a track but does not make one', () => {
  expect(follow(4, (t) => [person(0.2 + 0.1 * t, 0.6, t > 1 && t < 3 ? 0.15 : 0.8)]).all).toHaveLength(1);
  expect(follow(4, (t) => [person(0.2 + 0.1 * t, 0.6, 0.15)]).all).toHaveLength(0);
});

test('flickering false detections make no object', () => {
  const { all } = follow(20, (t) => [Math.round(t * 5) % 7 === 0 && person(0.1 + ((t * 7) % 0.8), 0.7, 0.6)]);
  expect(all).toHaveLength(0);
});

test.each([
  ['a notice board', 0.004, 0],
  ['one whose box is now whole, now half', 0.002, 0.08],
])('%s never moves', (_, sway, stretch) => {
  const { moved } = follow(60, (t) => {
    const i = Math.round(t * 5);
    return [
      person(
        0.5 + sway * Math.sin(i * 1.7),
        0.6 - (i % 3 === 0 ? stretch : 0),
        0.6,
        0.2 - (i % 3 === 0 ? stretch : 0),
        0.05,
      ),
    ];
  });
  expect(moved).toEqual([]);
});

test('somebody who sits down for long and walks on has moved and stays one', () => {
  const { moved, all } = follow(40, (t) => [
    person(t < 3 ? 0.2 + 0.1 * t : t < 35 ? 0.5 : 0.5 + 0.08 * (t - 35), 0.6),
  ]);
  expect(all).toHaveLength(1);
  expect(moved).toHaveLength(1);
});

test('somebody who comes straight at the camera has moved', () => {
  expect(follow(6, (t) => [person(0.5, 0.5 + 0.05 * t, 0.8, 0.15 + 0.05 * t)]).moved).toHaveLength(1);
});

test('hidden legs do not lift the foot', () => {
  const { pictures } = follow(5, (t) => {
    const whole = person(0.2 + 0.08 * t, 0.7, 0.8, 0.3);
    const hidden = t >= 2.4 && t <= 3.6;
    return [hidden ? { ...whole, box: { ...whole.box, height: 0.19 } } : whole];
  });
  for (const { t, tracks } of pictures.filter((picture) => picture.t >= 1)) {
    expect(tracks[0]!.foot.y, `at ${t} s`).toBeGreaterThan(0.67);
  }
});

test('a driver behind the windscreen is no person, whoever gets out is', () => {
  const driving = follow(5, (t) => [car(0.2 + 0.1 * t, 0.6), person(0.22 + 0.1 * t, 0.56, 0.6, 0.07)]);
  expect(driving.moved.map(({ label }) => label)).toEqual(['car']);
  const gettingOut = follow(12, (t) => {
    const x = Math.min(0.5, 0.2 + 0.1 * t);
    const walker = t < 4 ? person(x + 0.02, 0.56, 0.6, 0.07) : person(0.52, 0.6 + 0.03 * (t - 4), 0.8, 0.2);
    return [car(x, 0.6), walker];
  });
  expect(gettingOut.moved.map(({ label }) => label).sort()).toEqual(['car', 'person']);
});

test('a pedestrian who passes in front of a standing van is a person throughout', () => {
  const van: Detection = {
    label: 'truck',
    confidence: 0.8,
    box: { x: 0.4, y: 0.2, width: 0.25, height: 0.4 },
  };
  const { all, pictures } = follow(8, (t) => [van, person(0.2 + 0.08 * t, 0.55)]);
  expect(all.filter(({ label }) => label === 'person')).toHaveLength(1);
  const reported = pictures.filter(
    ({ t, tracks }) => t > 1 && tracks.some(({ label }) => label === 'person'),
  );
  expect(reported).toHaveLength(pictures.filter(({ t }) => t > 1).length);
});

test('a cyclist is a person on a bicycle', () => {
  const { moved } = follow(5, (t) => [
    person(0.2 + 0.12 * t, 0.58, 0.7, 0.15),
    { label: 'bicycle', confidence: 0.6, box: { x: 0.15 + 0.12 * t, y: 0.5, width: 0.1, height: 0.12 } },
  ]);
  expect(moved.map(({ label }) => label).sort()).toEqual(['bicycle', 'person']);
});

test('a second box of the same person is no second person', () => {
  const { all } = follow(5, (t) => {
    const whole = person(0.2 + 0.1 * t, 0.6, 0.8, 0.25);
    return [whole, { ...whole, confidence: 0.5, box: { ...whole.box, height: 0.12 } }];
  });
  expect(all).toHaveLength(1);
});

test('a rider drawn first with the bicycle and then alone is one person', () => {
  const { pictures } = follow(7, (t) => {
    const x = 0.2 + 0.08 * t;
    const whole = person(x, 0.6, t < 2 ? 0.45 : 0.15, 0.2);
    const rider = person(x + 0.01, 0.56, 0.6, 0.11);
    return t < 2 ? [whole] : Math.round(t * 5) % 3 === 0 ? [whole, rider] : [rider];
  });
  for (const { t, tracks } of pictures) if (t > 3.5) expect(tracks).toHaveLength(1);
});

test('the bicycle taken for a faint person around its rider is nobody, also while the rider is missed', () => {
  const { all } = follow(5, (t) => {
    const x = 0.1 + 0.16 * t;
    const around = { x: x - 0.05, y: 0.45, width: 0.1, height: 0.17 };
    const isMissed = t > 3.1;
    return [
      !isMissed && person(x, 0.56, 0.6, 0.11),
      { label: 'person', confidence: isMissed ? 0.3 : 0.25, box: around },
    ];
  });
  expect(all).toHaveLength(1);
});

test('the label is what most pictures say', () => {
  const { all } = follow(6, (t) => [
    car(0.1 + 0.1 * t, 0.6, 0.7, Math.round(t * 5) % 4 === 1 ? 'truck' : 'car'),
  ]);
  expect(all.map(({ label }) => label)).toEqual(['car']);
});

test('a person taken for a dog for a few pictures stays one person', () => {
  const { all } = follow(5, (t) => [
    { ...person(0.2 + 0.1 * t, 0.6), label: t > 1.9 && t < 2.7 ? 'dog' : 'person' },
  ]);
  expect(all.map(({ label }) => label)).toEqual(['person']);
});

test('a person whom the detector also takes for a cat, and first for that, is a person', () => {
  const { moved } = follow(6, (t) => {
    const walker = person(0.2 + 0.08 * t, 0.8, t < 0.5 ? 0.2 : 0.65, 0.5);
    return [walker, { ...walker, label: 'cat' as const, confidence: t < 0.5 ? 0.55 : 0.5 }];
  });
  expect(moved.filter((track) => track.label === 'person')).toHaveLength(1);
});

test('overhead, nothing is reported before it has moved', () => {
  expect(follow(10, () => [car(0.5, 0.5)], { overheadView: true }).all).toEqual([]);
  expect(follow(4, (t) => [car(0.2 + 0.1 * t, 0.5)], { overheadView: true }).all).toHaveLength(1);
});

test('times that do not ascend change nothing', () => {
  const tracker = new Tracker({ overheadView: false, minConfidence: 0.4 });
  for (const t of [0, 200, 400]) tracker.step(t, [person(0.2 + t / 4000, 0.6)]);
  const again = tracker.step(400, [person(0.8, 0.6)]);
  expect(again.tracks).toHaveLength(1);
  expect(again.tracks[0]!.foot.x).toBeLessThan(0.4);
});

test('after a minute without pictures nobody is who was there before', () => {
  const tracker = new Tracker({ overheadView: false, minConfidence: 0.4 });
  for (let i = 0; i < 10; i++) tracker.step(i * 200, [person(0.2 + i / 50, 0.6)]);
  const step = tracker.step(60_000, [person(0.4, 0.6)]);
  expect(step.endedTrackIds).toEqual([1]);
  expect(step.tracks).toEqual([]);
});

test('hundreds of detections in a picture are borne', () => {
  const crowd = Array.from({ length: 600 }, (_, i) =>
    person((i % 30) / 30, 0.3 + Math.floor(i / 30) / 30, 0.6, 0.03),
  );
  const { all } = follow(1, () => crowd);
  expect(all.length).toBeLessThanOrEqual(300);
});
