import { expect, test } from 'vitest';
import type { Analysis } from '../../shared/domain-camera.ts';
import type { Observation } from '../../shared/domain-events.ts';
import { ManualClock } from '../platform/clock.ts';
import { AnalysedCamera } from './analysed-camera.ts';
import type { CameraReport, ToWorker } from './worker-messages.ts';
import type { WorkerThread } from './worker-thread.ts';

const ANALYSIS: Analysis = { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false };
const STREAM = { video: { width: 640, height: 360, timescale: 1000 }, videoInit: Buffer.from('init') };

function setUp(analysis = ANALYSIS) {
  const sent: ToWorker[] = [];
  const observations: Observation[] = [];
  const gone: number[] = [];
  const clock = new ManualClock();
  const problems: Array<string | null> = [];
  const worker = { send: (message: ToWorker) => sent.push(message) } as unknown as WorkerThread;
  const camera = new AnalysedCamera({
    cameraId: 'door',
    analysis,
    worker,
    onObservation: (observation) => observations.push(observation),
    onGone: (lastMs) => gone.push(lastMs),
    onProblem: (problem) => problems.push(problem),
    clock,
  });
  const kinds = () => sent.map((message) => message.type).join(' ');
  return { camera, sent, observations, gone, problems, kinds, clock };
}

function fragment(keyframe: boolean, bytes = 32, decodeTime = 4000) {
  const data = Buffer.alloc(bytes, 7);
  return { track: 'video' as const, data, tfdtOffset: 8, keyframe, decodeTime, captureEpochMs: 1_000_000 };
}

function report(analysed: number, dropped: number): CameraReport {
  return { cameraId: 'door', analysed, inferred: analysed, dropped, problem: null };
}

test('fragments go on from the first keyframe, as copies with their own decode time', () => {
  const { camera, sent, kinds } = setUp();
  camera.fragment(fragment(true));
  camera.stream(STREAM);
  camera.fragment(fragment(false));
  const first = fragment(true);
  camera.fragment(first);
  camera.fragment({ ...fragment(false), track: 'audio' });
  camera.fragment(fragment(false));
  expect(kinds()).toBe('add stream fragment fragment');
  const [message] = sent.filter((each) => each.type === 'fragment');
  expect(Buffer.from(message!.fragment.data).readBigUInt64BE(8)).toBe(4000n);
  expect(first.data.every((byte) => byte === 7)).toBe(true);
});

test('what the worker does not take is dropped up to the next keyframe', () => {
  const { camera, kinds } = setUp();
  camera.stream(STREAM);
  for (const keyframe of [true, false, false, false]) camera.fragment(fragment(keyframe, 6_000_000));
  expect(kinds()).toBe('add stream fragment fragment fragment');
  camera.taken(18_000_000);
  camera.fragment(fragment(false));
  expect(kinds()).toBe('add stream fragment fragment fragment');
  camera.fragment(fragment(true));
  expect(kinds()).toBe('add stream fragment fragment fragment fragment');
});

test('what was sent to a worker that did not run yet counts no more once it runs', () => {
  const { camera, kinds } = setUp();
  camera.stream(STREAM);
  for (const keyframe of [true, false, false, false]) camera.fragment(fragment(keyframe, 6_000_000));
  camera.workerStarted();
  camera.fragment(fragment(false));
  expect(kinds()).toBe('add stream fragment fragment fragment add stream');
  camera.fragment(fragment(true));
  expect(kinds()).toBe('add stream fragment fragment fragment add stream fragment');
});

test('a worker that starts again gets the camera and its stream again, and all tracks have ended', () => {
  const { camera, observations, problems, sent, kinds } = setUp();
  camera.stream(STREAM);
  const track = { trackId: 3 } as Observation['tracks'][number];
  const motion = { ratio: 0, boxes: [] };
  camera.observed({ atMs: 5000, tracks: [track], endedTrackIds: [], motion, sabotage: null });
  camera.workerCrashed('out of memory');
  expect(observations.at(-1)).toEqual({ atMs: 5001, tracks: [], endedTrackIds: [3], motion, sabotage: null });
  expect(problems).toEqual(['The analysis ended unexpectedly and is started again: out of memory']);
  camera.workerStarted();
  expect(kinds()).toBe('add stream add stream');
  expect(sent.filter((each) => each.type === 'add').map((each) => each.trackIdOffset)).toEqual([
    0, 1_000_000_000,
  ]);
  camera.reported(report(5, 0), 1000);
  expect(problems.at(-1)).toBeNull();
});

test('a slow machine is told once, and once that it keeps up again', () => {
  const { camera, problems } = setUp();
  for (let second = 0; second < 8; second++) camera.reported(report(2 + (second % 2), 3), 1000);
  expect(camera.analysedFps).toBeCloseTo(2.5, 0);
  for (let second = 0; second < 8; second++) camera.reported(report(5, 0), 1000);
  expect(problems).toEqual([expect.stringMatching(/^This machine is too slow for all cameras/), null]);
  expect(camera.analysedFps).toBe(5);
});

test('switched off: nothing is sent, nothing reported; a missing model is no problem then', () => {
  const { camera, problems, kinds } = setUp({ ...ANALYSIS, enabled: false });
  camera.setModelProblem('No detector model is installed.');
  camera.stream(STREAM);
  camera.fragment(fragment(true));
  expect(kinds()).toBe('');
  expect(camera.analysedFps).toBeNull();
  camera.update(ANALYSIS);
  expect(kinds()).toBe('add stream');
  expect(problems).toEqual(['No detector model is installed.']);
  camera.update({ ...ANALYSIS, enabled: false });
  expect(kinds()).toBe('add stream remove');
  expect(problems.at(-1)).toBeNull();
});

const MOTION = { ratio: 0, boxes: [] };
const seen = (atMs: number): Observation => ({
  ...{ atMs, endedTrackIds: [], motion: MOTION, sabotage: null },
  tracks: [{ trackId: 3 } as Observation['tracks'][number]],
});

test('some seconds after the stream was lost all tracks end, at the time of the last picture, once', () => {
  const { camera, observations, gone, kinds, clock } = setUp();
  camera.stream(STREAM);
  camera.observed(seen(5000));
  camera.lost();
  // The decoder's last picture still comes.
  camera.observed(seen(5200));
  clock.advance(4000);
  camera.lost();
  expect(gone).toEqual([]);
  clock.advance(1000);
  expect(observations.at(-1)).toMatchObject({ atMs: 5201, tracks: [], endedTrackIds: [3] });
  expect(gone).toEqual([5200]);
  expect(kinds()).toBe('add stream lost lost gone');
  camera.lost();
  clock.advance(60_000);
  expect(gone).toEqual([5200]);
});

test('a stream that is back soon goes on, and one whose analysis was ended meanwhile is not ended again', () => {
  const { camera, gone, kinds, clock } = setUp();
  camera.stream(STREAM);
  camera.observed(seen(5000));
  camera.lost();
  clock.advance(3000);
  camera.stream(STREAM);
  clock.advance(60_000);
  expect(kinds()).toBe('add stream lost stream');
  camera.lost();
  camera.update({ ...ANALYSIS, enabled: false });
  clock.advance(60_000);
  expect(kinds()).toBe('add stream lost stream lost remove');
  expect(gone).toEqual([]);
});
