import { beforeEach, describe, expect, test } from 'vitest';
import { RecordingSchema } from '../../shared/domain-camera.ts';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import { ManualClock } from '../platform/clock.ts';
import { EventGate } from './event-gate.ts';
import { planCarve } from './gap-keeper.ts';

const START = 1_000_000_000;
const DESCRIPTION = { video: { timescale: 1000 } } as StreamDescription;
const SETTINGS = RecordingSchema.parse({ mode: 'events', preRollSeconds: 2, postRollSeconds: 2 });
const at = (seconds: number, until = seconds) => ({
  startEpochMs: START + seconds * 1000,
  endEpochMs: START + until * 1000,
});

let clock: ManualClock;
let gate: EventGate;
/** What the recorder got: seconds of key frames, `a-b` for footage apart, and words. */
let got: string[];

/** A group of 100 bytes that lasts a second, as two frames. */
function group(second: number): void {
  clock.step(START + second * 1000 + 900 - clock.epochMs());
  for (const part of [0, 0.5]) {
    const fragment: Fragment = {
      ...{ track: 'video', keyframe: part === 0, data: Buffer.alloc(50), tfdtOffset: 0, duration: 500 },
      ...{ decodeTime: (second + part) * 1000, captureEpochMs: START + (second + part) * 1000 },
    };
    gate.fragment(fragment);
  }
}

function groups(from: number, to: number): void {
  for (let second = from; second < to; second++) group(second);
}

function build(settings: Partial<typeof SETTINGS> = {}): void {
  got = [];
  const secondOf = (fragment: Fragment) => (fragment.captureEpochMs - START) / 1000;
  gate = new EventGate(
    {
      clock,
      sink: {
        stream: () => got.push('stream'),
        fragment: (fragment) => fragment.keyframe && got.push(String(secondOf(fragment))),
        late: ({ fragments }) => got.push(`${secondOf(fragments[0]!)}-${secondOf(fragments.at(-1)!) + 0.5}`),
        lost: (cause) => got.push(cause),
      },
    },
    { ...SETTINGS, ...settings },
  );
  gate.stream(DESCRIPTION);
  got = [];
}

beforeEach(() => {
  clock = new ManualClock(START);
  build();
});

describe('what an event keeps', () => {
  test('from its pre-roll to its post-roll, in whole groups', () => {
    groups(0, 6);
    gate.note(at(5.2));
    groups(6, 12);
    expect(got).toEqual(['no-event', '3', '4', '5', '6', '7', 'no-event']);
  });

  test('nothing without an event, and memory holds no more than the rolls need', () => {
    groups(0, 60);
    expect(got).toEqual(['no-event']);
    expect(gate.held).toEqual({ bytes: 8 * 100, droppedGroups: 0 });
  });

  test('goes on while what it is about goes on, and not for something else', () => {
    groups(0, 6);
    gate.extend(START + 5500);
    expect(got).toEqual(['no-event']);
    gate.note(at(5.5));
    gate.extend(START + 7000);
    groups(6, 12);
    expect(got.slice(1)).toEqual(['3', '4', '5', '6', '7', '8', 'no-event']);
  });

  test('an event in the future is taken to be now, one from long ago keeps nothing', () => {
    groups(0, 6);
    gate.note(at(-20, -10));
    expect(got).toEqual(['no-event']);
    gate.note(at(1000, 2000));
    groups(6, 10);
    expect(got.slice(1)).toEqual(['3', '4', '5', '6', '7', 'no-event']);
  });

  test('a late one keeps what is apart from the stream that goes on', () => {
    groups(0, 8);
    gate.note(at(3));
    expect(got.slice(1)).toEqual(['1-5']);
    gate.note(at(7.9));
    groups(8, 9);
    gate.note(at(7));
    expect(got.slice(1)).toEqual(['1-5', '5', '6', '7', '8']);
  });

  test('the clock set back by an hour does not keep an hour', () => {
    groups(3600, 3606);
    gate.note(at(3605.5));
    groups(5, 8);
    expect(got.slice(1)).toEqual(['3603', '3604', '3605', 'no-event']);
  });
});

test('what was in memory when the camera went is kept apart', () => {
  groups(0, 4);
  gate.lost('camera-unreachable', '');
  gate.stream(DESCRIPTION);
  groups(5, 7);
  gate.note(at(5));
  groups(7, 9);
  expect(got).toEqual(['no-event', 'camera-unreachable', 'stream', 'no-event', '3-4', '5', '6', 'no-event']);
});

test('memory is bounded: the oldest group goes first, and a group that is too long is given up', () => {
  build({ preRollMaxBytes: 250 });
  groups(0, 4);
  expect(gate.held).toEqual({ bytes: 200, droppedGroups: 2 });
  gate.note(at(3.5));
  expect(got).toEqual(['no-event', '2', '3']);
  build({ preRollMaxBytes: 90 });
  groups(0, 4);
  expect(gate.held).toEqual({ bytes: 0, droppedGroups: 4 });
  gate.note(at(3.5));
  groups(4, 5);
  expect(got).toEqual(['no-event', '4']);
});

test.each([
  [
    'the middle',
    300,
    600,
    [
      [0, 300],
      [600, 1000],
    ],
  ],
  ['the start', -50, 600, [[600, 1000]]],
  ['all of it', 0, 1000, []],
  ['none of it', 1000, 2000, [[0, 1000]]],
  ['all but jitter', 100, 900, []],
])('footage out of %s of a gap', (_, start, end, left) => {
  const gap = { startEpochMs: 0, endEpochMs: 1000, cause: 'no-event' as const, detail: '' };
  expect(planCarve(gap, start, end).map((one) => [one.startEpochMs, one.endEpochMs])).toEqual(left);
});
