import { expect, test } from 'vitest';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import { ManualClock } from '../platform/clock.ts';
import { LiveHub } from './hub.ts';

const DESCRIPTION: StreamDescription = {
  video: { codec: 'h264', codecString: 'avc1.640028', width: 1920, height: 1080, timescale: 90_000 },
  audio: null,
  initSegment: Buffer.from('init'),
  videoInit: Buffer.from('video init'),
  audioInit: null,
};

/** Bytes that differ from frame to frame. */
function frame(number: number, bytes: number, keyframe = false): Fragment {
  const times = {
    decodeTime: number * 3600,
    duration: 3600,
    captureEpochMs: 1_800_000_000_000 + number * 40,
  };
  return { track: 'video', data: Buffer.alloc(bytes, number), tfdtOffset: 60, keyframe, ...times };
}

/** What somebody who joins now gets, and what came after. */
function join(hub: LiveHub) {
  const got: Array<{ fragment: Fragment; startsGop: boolean }> = [];
  hub.attach({
    bufferedBytes: 0,
    start: () => got.splice(0),
    item({ fragment, startsGop }, sent) {
      got.push({ fragment, startsGop });
      sent();
    },
    end() {},
  });
  return got;
}

function startHub(): LiveHub {
  const hub = new LiveHub(new ManualClock());
  hub.stream(DESCRIPTION);
  return hub;
}

test('who joins gets copies of the current group of pictures, whatever the sizes of its frames and of those before', () => {
  const hub = startHub();
  const sizes = [300_000, 20_000, 120_000, 131_072, 1, 700_000, 10];
  let number = 0;
  for (const group of [sizes, sizes.toReversed(), [5, 6], sizes.toSorted()]) {
    const sent = group.map((bytes, index) => frame(number++ % 256, bytes, index === 0));
    const follower = join(hub);
    for (const one of sent) hub.fragment(one);
    const joined = join(hub);
    expect(joined.map(({ startsGop }) => startsGop)).toEqual(sent.map(({ keyframe }) => keyframe));
    for (const [index, one] of sent.entries()) {
      const { data, headroom, ...facts } = joined[index]!.fragment;
      const { data: sentData, ...sentFacts } = one;
      expect(data.equals(sentData)).toBe(true);
      expect(data.buffer === sentData.buffer).toBe(false);
      expect(facts).toEqual(sentFacts);
      expect(headroom).toBe(true);
      // Who is there already gets the frame itself.
      expect(follower.at(index - sent.length)!.fragment === one).toBe(true);
    }
  }
});

test('what somebody got stays as it was when the group after it comes', () => {
  const hub = startHub();
  hub.fragment(frame(1, 1000, true));
  const [first] = join(hub);
  hub.fragment(frame(2, 1000, true));
  expect(first!.fragment.data.equals(Buffer.alloc(1000, 1))).toBe(true);
});

test('the newest key frame can be decoded while the stream is interrupted, but nobody gets its group', () => {
  const hub = startHub();
  expect(hub.newestKeyframe).toBeNull();
  expect(hub.copyKeyframe()).toBeNull();
  hub.fragment(frame(7, 1000, true));
  hub.fragment(frame(8, 1000));
  hub.lost('camera-unreachable', 'The camera does not answer.');
  expect(hub.newestKeyframe).toEqual({
    description: DESCRIPTION,
    captureEpochMs: frame(7, 1).captureEpochMs,
  });
  expect(hub.copyKeyframe()).toEqual(Buffer.concat([Buffer.from('video init'), Buffer.alloc(1000, 7)]));
  hub.stream(DESCRIPTION);
  expect(join(hub)).toEqual([]);
  hub.fragment(frame(9, 1000));
  expect(join(hub)).toEqual([]);
  hub.fragment(frame(10, 1000, true));
  expect(join(hub)).toHaveLength(1);
  hub.end();
  expect(hub.newestKeyframe).toBeNull();
});
