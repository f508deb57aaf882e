import { expect, test } from 'vitest';
import type { Detection } from '../detector/detection.ts';
import { paintPicture } from '../pictures/painted.ts';
import type { Picture } from '../pictures/picture.ts';
import { InferenceGate } from './gate.ts';
import { shrinkToGrey } from './grey.ts';
import { MotionDetector } from './motion.ts';
import { SabotageWatch } from './sabotage.ts';

const WIDTH = 320;
const HEIGHT = 180;

/** Repeatable noise in -1..1. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

type Level = (x: number, y: number) => number;

/** A textured scene with sensor noise; `alter` changes the level of a pixel. */
function scene(
  atMs: number,
  alter: (level: number, x: number, y: number) => number = (level) => level,
): Picture {
  const random = randomSource(atMs + 7);
  return paint(atMs, (x, y) => alter(texture(x, y), x, y) + 3 * random());
}

function draw(x: number, y: number): number {
  return 110 + 50 * Math.sin(x / 9) * Math.cos(y / 7) + (((x >> 3) + (y >> 3)) % 2) * 24;
}

const TEXTURE = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
  draw(i % WIDTH, Math.floor(i / WIDTH)),
);

/** The same scene in every picture; drawn once, since the tests paint thousands. */
const texture: Level = (x, y) =>
  x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT ? TEXTURE[y * WIDTH + x]! : draw(x, y);

function paint(atMs: number, level: Level): Picture {
  return paintPicture(WIDTH, HEIGHT, atMs, (x, y) => {
    const value = Math.max(0, Math.min(255, Math.round(level(x, y))));
    return [value, value, value];
  });
}

/** Runs pictures at 5 a second through motion and gate. */
function run(
  count: number,
  picture: (atMs: number) => Picture,
  found: (atMs: number) => Detection[] = () => [],
) {
  const motion = new MotionDetector();
  const gate = new InferenceGate();
  const steps = [];
  for (let i = 0; i < count; i++) {
    const atMs = i * 200;
    const grey = shrinkToGrey(picture(atMs));
    const seen = motion.step(atMs, grey);
    const looked = gate.decide(atMs, grey, motion.noise, false);
    if (looked) gate.learn(atMs, found(atMs));
    steps.push({ atMs, ...seen, looked });
  }
  return steps;
}

test('a still scene with sensor noise has no motion and costs a look every few seconds', () => {
  const steps = run(150, (atMs) => scene(atMs));
  expect(steps.every((step) => step.ratio === 0)).toBe(true);
  const looked = steps.slice(10).filter((step) => step.looked).length;
  expect(looked).toBeGreaterThan(1);
  expect(looked).toBeLessThan(8);
});

test('something small that moves is seen in its first picture, and its region is where it is', () => {
  const steps = run(80, (atMs) =>
    scene(atMs, (level, x, y) => {
      const left = 40 + ((atMs - 10_000) / 1000) * 40;
      return atMs >= 10_000 && x >= left && x < left + 10 && y >= 90 && y < 114 ? 30 : level;
    }),
  );
  expect(steps[50]!.looked).toBe(true);
  expect(steps[50]!.boxes).toHaveLength(1);
  const box = steps[50]!.boxes[0]!;
  expect(box.x).toBeGreaterThan(0.1);
  expect(box.x + box.width).toBeLessThan(0.18);
  expect(box.y).toBeGreaterThan(0.45);
  expect(steps.slice(50).every((step) => step.looked)).toBe(true);
});

test('a change of light opens the gate, but does not keep it open', () => {
  const steps = run(150, (atMs) => scene(atMs, (level) => (atMs >= 10_000 ? level * 0.7 + 10 : level)));
  expect(steps[50]!.looked).toBe(true);
  expect(steps.slice(90).filter((step) => step.looked).length).toBeLessThan(8);
  expect(steps.slice(100).every((step) => step.ratio === 0)).toBe(true);
});

test('what the detector has found keeps every picture looked at, and what it finds unchanged does not', () => {
  const box = (atMs: number) => ({ x: 0.05 + atMs / 20_000, y: 0.3, width: 0.1, height: 0.4 });
  const person = (atMs: number): Detection[] => [{ label: 'person', confidence: 0.8, box: box(atMs) }];
  const walker = (atMs: number) =>
    scene(atMs, (level, x, y) =>
      Math.abs(x / WIDTH - box(atMs).x - 0.05) < 0.05 && Math.abs(y - 90) < 30 ? 30 : level,
    );
  expect(run(60, walker, person).every((step) => step.looked)).toBe(true);
  const parked = run(
    150,
    (atMs) => scene(atMs),
    () => person(10_000),
  );
  expect(parked.slice(10).filter((step) => step.looked).length).toBeLessThan(12);
});

test('blocks that flicker like bad compression are learned, and somebody who comes then is still seen at once', () => {
  const flicker = (atMs: number, x: number, y: number) =>
    ((x >> 4) * 7 + (y >> 4) * 13 + (atMs / 200) * 5) % 17 === 0 ? 5 : 0;
  const steps = run(200, (atMs) =>
    scene(atMs, (level, x, y) => {
      const comes = atMs >= 38_000 && Math.abs(x - 160) < 10 && Math.abs(y - 90) < 25;
      return comes ? level - 35 : level + flicker(atMs, x, y);
    }),
  );
  expect(steps.slice(100, 190).filter((step) => step.looked).length).toBeLessThan(30);
  expect(steps[190]!.looked).toBe(true);
});

type Alter = (t: number, level: number, x: number, y: number) => number;

/** Somebody this wide with the foot at `at`, darker or lighter than what is behind; there from second 0 on. */
function figure(width: number, contrast: number, at: (t: number) => { x: number; y: number }): Alter {
  return (t, level, x, y) => {
    if (t < 0) return level;
    const foot = at(t);
    const across = (x - foot.x) / (width / 2);
    const up = (y - foot.y + 1.3 * width) / (1.3 * width);
    return across ** 2 + up ** 2 < 1 ? level + contrast : level;
  };
}

const standing = figure(20, -40, () => ({ x: 90, y: 140 }));
const flicker: Alter = (t, level, x, y) =>
  level + (((x >> 4) * 7 + (y >> 4) * 13 + Math.round(t * 25)) % 17 === 0 ? 5 : 0);

test.each<[string, Alter]>([
  ['walks in from the side', figure(20, -40, (t) => ({ x: 40 * t, y: 150 }))],
  ['is small and far away', figure(8, -40, (t) => ({ x: 100 + 12 * t, y: 60 }))],
  ['hardly differs from the wall', figure(20, -14, (t) => ({ x: 100 + 20 * t, y: 150 }))],
  ['creeps along', figure(20, 35, (t) => ({ x: 3 * t + 4, y: 120 }))],
  ['steps out of a door and stands', figure(16, 30, () => ({ x: 200, y: 130 }))],
  ['comes through blocks that flicker', (t, level, x, y) => flicker(t, standing(t, level, x, y), x, y)],
  ['comes as the light goes on', (t, level, x, y) => standing(t, level, x, y) * (t < 0 ? 0.7 : 1)],
])('somebody who %s is looked at within 0.4 s', (_, alter) => {
  const arrivesMs = 39_900;
  const steps = run(206, (atMs) =>
    scene(atMs, (level, x, y) => alter((atMs - arrivesMs) / 1000, level, x, y)),
  );
  expect(steps.slice(-30, -8).some(({ looked }) => !looked)).toBe(true);
  const first = steps.find(({ atMs, looked }) => looked && atMs >= arrivesMs)!;
  expect(first.atMs - arrivesMs).toBeLessThanOrEqual(400);
});

test('slow dusk is no motion', () => {
  const steps = run(150, (atMs) => scene(atMs, (level) => level * (1 - atMs / 60_000)));
  expect(steps.filter((step) => step.ratio > 0).length).toBeLessThan(3);
});

const blurred: Level = (x, y) => {
  let sum = 0;
  for (let dy = -8; dy <= 8; dy += 4) for (let dx = -8; dx <= 8; dx += 4) sum += texture(x + dx, y + dy);
  return sum / 25;
};

test.each([
  ['nothing', null, (atMs: number) => scene(atMs)],
  ['covered', 'covered', (atMs: number) => scene(atMs, (_, x) => 12 + x / 100)],
  ['blinded', 'blinded', (atMs: number) => scene(atMs, () => 252)],
  ['a hand that lets light in from the side', 'covered', (atMs: number) => scene(atMs, (_, x) => 30 + x / 3)],
  [
    'tape with light at one corner',
    'covered',
    (atMs: number) => scene(atMs, (_, x, y) => 20 + 140 * Math.exp(-((x - 300) ** 2 + (y - 30) ** 2) / 6000)),
  ],
  ['a lamp close to the lens', 'blinded', (atMs: number) => scene(atMs, (_, x, y) => 190 + x / 8 + y / 9)],
  ['thick fog', null, (atMs: number) => scene(atMs, (level) => 130 + 0.25 * level)],
  [
    'light that falls in from the side',
    null,
    (atMs: number) => scene(atMs, (level, x) => 0.6 * level + x / 4),
  ],
  [
    'a large van with a shaded side',
    null,
    (atMs: number) => scene(atMs, (level, x) => (x > 50 && x < 290 ? 60 + x / 4 : level)),
  ],
  ['defocused', 'defocused', (atMs: number) => paint(atMs, blurred)],
  ['turned', 'turned', (atMs: number) => scene(atMs, (_, x, y) => draw(y * 1.7 + 31, x * 1.3 + 77))],
  ['the light goes down by half', null, (atMs: number) => scene(atMs, (level) => level * 0.5)],
  [
    'somebody stands close',
    null,
    (atMs: number) => scene(atMs, (level, x) => (x > 120 && x < 220 ? 40 + (x % 7) : level)),
  ],
] as const)('sabotage: %s', (_, verdict, picture) => {
  const watch = new SabotageWatch();
  const verdicts = [];
  for (let atMs = 0; atMs < 16_000; atMs += 200) {
    const now = atMs < 10_000 ? scene(atMs) : picture(atMs);
    verdicts.push(watch.step(atMs, now, shrinkToGrey(now)));
  }
  expect(verdicts.slice(0, 50).every((each) => each === null)).toBe(true);
  // The first picture of another view may still be unsure; from the second look on it is not.
  expect(new Set(verdicts.slice(55))).toEqual(new Set([verdict]));
});

test('a night that falls slowly is no sabotage', () => {
  const watch = new SabotageWatch();
  for (let atMs = 0; atMs < 900_000; atMs += 4000) {
    const share = Math.max(0.05, 1 - atMs / 800_000);
    const picture = paint(atMs, (x, y) => texture(x, y) * share);
    expect(watch.step(atMs, picture, shrinkToGrey(picture))).toBeNull();
  }
}, 30_000);

test.each([
  [1, 1],
  [3, 200],
  [641, 359],
])('a picture of %i x %i is no trouble', (width, height) => {
  const picture = { width, height, atMs: 0, data: new Uint8Array(width * height * 3) };
  const grey = shrinkToGrey(picture);
  const motion = new MotionDetector();
  const watch = new SabotageWatch();
  for (const atMs of [0, 400, 5000]) {
    expect(motion.step(atMs, grey).ratio).toBe(0);
    expect(watch.step(atMs, picture, grey)).toBeNull();
  }
});
