import { expect, test } from 'vitest';
import type { ProbeResult } from '../../shared/contract-cameras.ts';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import { ManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import type { CaptureAttempt, CaptureAttemptOptions } from './attempt.ts';
import { probeSource } from './probe.ts';

const DESCRIPTION: StreamDescription = {
  video: { codec: 'h264', codecString: 'avc1.640028', width: 1920, height: 1080, timescale: 90_000 },
  audio: null,
  initSegment: Buffer.alloc(0),
  videoInit: Buffer.alloc(0),
  audioInit: null,
};

/** A camera that sends ten frames a second, the key frames at these seconds, up to when the look at it ends. */
async function look(keyframesAtSeconds: readonly number[], watchKeyframesMs?: number, firstPictureS = 0) {
  const clock = new ManualClock();
  const ended: { result: ProbeResult | null } = { result: null };
  let camera = null as Omit<CaptureAttemptOptions, 'url'> | null;
  const attempt: CaptureAttempt = {
    names: { video: 'h264', audio: null, note: null },
    network: () => null,
    reports: () => [],
    start: async () => {},
    stop: async () => {},
  };
  const probing = probeSource({
    ...{ url: 'rtsp://camera/', transport: 'tcp', clock, log: silentLogger, ffmpegPath: null },
    resolveSource: (url) => url,
    ...(watchKeyframesMs !== undefined && { watchKeyframesMs }),
    open: (_url, options) => {
      camera = options;
      return attempt;
    },
  }).then((result) => {
    ended.result = result;
  });
  await settle();
  for (let tenth = 0; tenth < 400 && !ended.result; tenth++) {
    if (tenth >= firstPictureS * 10)
      sendFrame(camera!, clock.epochMs(), keyframesAtSeconds.includes(tenth / 10));
    clock.advance(100);
    await settle();
  }
  await probing;
  return { result: ended.result!, tookMs: clock.monotonicMs() };
}

function sendFrame(
  { sink, onAlive, onFrame }: Omit<CaptureAttemptOptions, 'url'>,
  atMs: number,
  keyframe: boolean,
) {
  onAlive();
  if (keyframe) sink.stream(DESCRIPTION);
  onFrame({ atMs, bytes: 1000, keyframe });
  const times = { tfdtOffset: 0, decodeTime: 0, duration: 9000, captureEpochMs: atMs };
  sink.fragment({ track: 'video', data: Buffer.alloc(1000), keyframe, ...times } satisfies Fragment);
}

/** Promises that wait for each other go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await null;
}

test('a look without a watch for key frames ends once the rates are measured', async () => {
  const { result, tookMs } = await look([2, 4, 6]);
  expect(result).toMatchObject({ ok: true, facts: { framesPerSecond: 10 } });
  expect(tookMs).toBe(3200);
});

test('a second key frame ends the watch', async () => {
  const { result, tookMs } = await look([1, 6], 6500);
  expect(result.facts?.keyframeIntervalSeconds).toBe(5);
  expect(tookMs).toBeLessThan(6200);
});

test.each([0, 5, 9.5, 15])(
  'key frames are watched for as long as asked, whenever the first one came (after %s s)',
  async (firstKeyS) => {
    const { result, tookMs } = await look([firstKeyS], 6500);
    expect(result.ok).toBe(true);
    expect(result.facts?.keyframeIntervalSeconds).toBeNull();
    expect(tookMs).toBe(firstKeyS * 1000 + 6500);
  },
);

test('key frames 6 s apart are found, though the first one came late', async () => {
  const { result } = await look([9, 15], 6500);
  expect(result.facts?.keyframeIntervalSeconds).toBe(6);
});

test('a camera without pictures, and one without key frames, are given up in time and in words', async () => {
  expect(await look([], 6500, 60)).toMatchObject({
    result: { ok: false, problem: 'No pictures within 10 s' },
    tookMs: 10_000,
  });
  const withoutKeys = await look([], 6500);
  expect(withoutKeys.result).toMatchObject({ ok: false, facts: null });
  expect(withoutKeys.result.problem).toMatch(/key frame/i);
  expect(withoutKeys.tookMs).toBe(16_000);
});
