import { expect, test } from 'vitest';
import { ManualClock } from './clock.ts';
import { type ClockStep, SteadyClock } from './steady-clock.ts';

const START = 1_000_000_000_000;

function build() {
  const computer = new ManualClock(START);
  const clock = new SteadyClock(computer);
  const steps: ClockStep[] = [];
  clock.onStep((step) => steps.push(step));
  return { computer, clock, steps };
}

test.each([
  { name: 'forward', byMs: 5000, isFollowed: true, now: START + 6000 },
  { name: 'forward by an hour', byMs: 3_600_000, isFollowed: true, now: START + 3_601_000 },
  { name: 'back', byMs: -5000, isFollowed: false, now: START + 1000 },
  { name: 'back by an hour', byMs: -3_600_000, isFollowed: false, now: START + 1000 },
  { name: 'back by a day', byMs: -86_400_000, isFollowed: true, now: START - 86_399_000 },
])('a step $name', async ({ byMs, isFollowed, now }) => {
  const { computer, clock, steps } = build();
  computer.advance(1000);
  expect(clock.epochMs()).toBe(START + 1000);
  computer.step(byMs);
  expect(clock.epochMs()).toBeCloseTo(now, 0);
  expect(clock.epochMs()).toBeCloseTo(now, 0);
  await null;
  expect(steps).toEqual([{ byMs, atEpochMs: now, isFollowed }]);
});

test('a lead is given back at 500 ppm, and then it is the computer’s clock again', async () => {
  const { computer, clock, steps } = build();
  computer.step(-5000);
  let last = clock.epochMs();
  for (let second = 0; second < 10_000; second++) {
    computer.advance(1000);
    const now = clock.epochMs();
    expect(now - last).toBeGreaterThanOrEqual(999);
    last = now;
  }
  expect(clock.aheadMs).toBe(0);
  computer.advance(1000);
  expect(clock.epochMs()).toBe(computer.epochMs());
  await null;
  expect(steps).toHaveLength(1);
});

test('set forward again, it is level at once; the corrections of NTP are no steps', async () => {
  const { computer, clock, steps } = build();
  computer.step(-5000);
  clock.epochMs();
  computer.step(6000);
  expect(clock.epochMs()).toBe(START + 1000);
  for (const byMs of [20, -20, 100, -100]) {
    computer.step(byMs);
    clock.epochMs();
  }
  await null;
  expect(steps.map(({ byMs }) => byMs)).toEqual([-5000, 6000]);
});

test('a start goes on from the newest footage, unless that lies in a time that was never', () => {
  const { computer, clock } = build();
  clock.goOnFrom(START - 1000);
  expect(clock.epochMs()).toBe(START);
  clock.goOnFrom(START + 60_000);
  computer.advance(10);
  expect(clock.epochMs()).toBeCloseTo(START + 60_010, 1);
  clock.goOnFrom(START + 86_400_000);
  expect(clock.epochMs()).toBeCloseTo(START + 60_010, 1);
});
