import { expect, test } from 'vitest';
import { CaptureClock } from './capture-clock.ts';

const START = 1_000_000;

/** Feeds 25 fps; `lateMs` says how late each frame arrives and `skewMs` how far the camera's clock is off by then. */
function play(
  clock: CaptureClock,
  seconds: number,
  lateMs: (frame: number) => number,
  skewMs = (_ms: number) => 0,
  from = 0,
) {
  const verdicts: string[] = [];
  for (let frame = 0; frame < seconds * 25; frame++) {
    const trueMs = from + frame * 40;
    verdicts.push(clock.observe(trueMs + skewMs(trueMs), START + trueMs + lateMs(frame)));
  }
  return verdicts;
}

test('jitter only delays: the earliest arrival counts', () => {
  const clock = new CaptureClock();
  play(clock, 2, (frame) => [80, 30, 5, 60][frame % 4]!);
  expect(clock.offsetMs).toBe(START + 5);
});

test('once settled it moves by at most 500 ppm', () => {
  const clock = new CaptureClock();
  play(clock, 1, () => 50);
  clock.settle();
  expect(clock.offsetMs).toBe(START + 50);
  play(clock, 10, () => 10, undefined, 1000);
  expect(clock.offsetMs).toBeGreaterThan(START + 50 - 5.1);
  expect(clock.offsetMs).toBeLessThan(START + 50 - 4.5);
});

test('reordered frames, which come after their time, hold nothing up', () => {
  const clock = new CaptureClock();
  // 5 frames a second, two B-frames between references.
  const order = (at: number) => (at === 0 ? 0 : Math.floor((at - 1) / 3) * 3 + [3, 1, 2][(at - 1) % 3]!);
  for (let at = 0; at < 10; at++) clock.observe(order(at) * 200, START + at * 200);
  expect(clock.steadyMs).toBe(8 * 200);
});

test('a clock that drifts by 100 ppm is followed', () => {
  const clock = new CaptureClock();
  const drift = (ms: number) => -ms * 100e-6;
  play(clock, 1, () => 2);
  clock.settle();
  play(clock, 300, () => 2, drift, 1000);
  expect(Math.abs(clock.offsetMs - (START + 2 + 30))).toBeLessThan(4);
});

test('a hiccup of the network is no step', () => {
  const clock = new CaptureClock();
  play(clock, 1, () => 2);
  clock.settle();
  // Everything waits for 1.5 s and then comes at once.
  const verdicts = play(clock, 4, (frame) => Math.max(2, 1500 - frame * 40), undefined, 1000);
  expect(verdicts).not.toContain('stepped');
  expect(Math.abs(clock.offsetMs - (START + 2))).toBeLessThan(3);
});

test.each([
  ['forward', 5000],
  ['back', -5000],
])('a step %s is seen at its first frame', (_name, stepMs) => {
  const clock = new CaptureClock();
  play(clock, 1, () => 2);
  clock.settle();
  const verdicts = play(
    clock,
    1,
    () => 2,
    () => stepMs,
    1000,
  );
  expect(verdicts.indexOf('stepped')).toBe(0);
  expect(verdicts.filter((one) => one === 'stepped')).toHaveLength(1);
  expect(clock.offsetMs).toBe(START + 2 - stepMs);
});

test('a camera that falls behind for good is re-anchored after two seconds', () => {
  const clock = new CaptureClock();
  play(clock, 1, () => 2);
  clock.settle();
  const verdicts = play(clock, 5, () => 400, undefined, 1000);
  expect(verdicts.indexOf('stepped')).toBeGreaterThan(45);
  expect(clock.offsetMs).toBe(START + 400);
});

test.each([5000, 3_600_000])(
  'our own clock set forwards by %d ms moves the anchor once, and wholly',
  (stepMs) => {
    const clock = new CaptureClock();
    play(clock, 1, () => 2);
    clock.settle();
    const verdicts: string[] = [];
    for (let frame = 0; frame < 100; frame++) {
      const trueMs = 1000 + frame * 40;
      verdicts.push(clock.observe(trueMs, START + trueMs + 2 + stepMs));
      if (verdicts.at(-1) === 'steady' && !verdicts.includes('stepped'))
        expect(Math.abs(clock.offsetMs - START - 2)).toBeLessThan(3);
    }
    expect(verdicts.filter((one) => one === 'stepped')).toHaveLength(1);
    expect(clock.offsetMs).toBe(START + 2 + stepMs);
  },
);

test('a clock that drifts by 500 ppm is followed without a step, for an hour', () => {
  for (const ppm of [500, -500]) {
    const clock = new CaptureClock();
    const drift = (ms: number) => ms * ppm * 1e-6;
    play(clock, 1, () => 2, drift);
    clock.settle();
    const verdicts = play(clock, 3600, (frame) => [2, 9, 4, 20][frame % 4]!, drift, 1000);
    expect(verdicts).not.toContain('stepped');
    expect(Math.abs(clock.offsetMs - (START + 2 - 3601 * ppm * 1e-3))).toBeLessThan(20);
  }
});
