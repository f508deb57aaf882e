import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FrameIndex } from './frame-index.ts';
import { NearJump } from './near-jump.ts';

let frames: FrameIndex;
let shown: Array<() => void>;
let video: { currentTime: number; requestVideoFrameCallback: HTMLVideoElement['requestVideoFrameCallback'] };
let jump: NearJump;

beforeEach(() => {
  vi.useFakeTimers();
  frames = new FrameIndex();
  shown = [];
  video = {
    currentTime: 0,
    requestVideoFrameCallback: (then) => shown.push(() => then(0, {} as VideoFrameCallbackMetadata)),
  };
  jump = new NearJump(video, frames);
});
afterEach(() => vi.useRealTimers());

const take = (seconds: number, keyframe = false) => {
  jump.take({ timesSeconds: [seconds], keyframe });
};
const go = (seconds: number, withinSeconds: number, settles = false) =>
  jump.go({ seconds, withinSeconds, settles });
const picture = () => frames.shownAt(video.currentTime);

it('lands on a key frame that is near enough', () => {
  for (const time of [10, 10.04, 10.08, 12, 12.04]) take(time, time % 1 === 0);
  go(10.09, 0.1);
  expect(picture()).toBe(10);
  for (const [seconds, within] of [
    [10.09, 0.05],
    [11.9, 1],
    [9, 5],
  ] as const) {
    go(seconds, within);
    expect(video.currentTime).toBe(seconds);
  }
  go(12.03, 1);
  expect(picture()).toBe(12);
});

it('lands on a key frame that comes after the jump, once', () => {
  go(20.5, 1);
  expect(video.currentTime).toBe(20.5);
  take(20, true);
  expect(picture()).toBe(20);
  video.currentTime = 20.3;
  take(20.04);
  expect(video.currentTime).toBe(20.3);
  go(30.5, 1);
  go(30.6, 0);
  take(30, true);
  expect(video.currentTime).toBe(30.6);
});

it('goes on to the moment once the key frame is shown', () => {
  go(20.5, 1, true);
  take(20, true);
  expect(jump.isSettling).toBe(true);
  expect(picture()).toBe(20);
  shown[0]!();
  vi.runAllTimers();
  expect(jump.isSettling).toBe(false);
  expect(video.currentTime).toBe(20.5);
});

it('goes on to no moment that is no longer meant', () => {
  go(20.5, 1, true);
  take(20, true);
  go(20.2, 0);
  shown[0]!();
  vi.runAllTimers();
  expect(video.currentTime).toBe(20.2);
});
