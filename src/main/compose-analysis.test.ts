/** A camera that goes away in the middle of things: the analysis and the rules together, on a clock that moves when told to. */
import { expect, test } from 'vitest';
import { AnalysisSchema } from '../shared/domain-camera.ts';
import type { AccessEvent, Finding, Observation } from '../shared/domain-events.ts';
import { LiveRules } from './compose-analysis.ts';
import { ManualClock } from './platform/clock.ts';
import { silentLogger } from './platform/log.ts';
import { line, observe, type Timeline, walk, zone } from './rules/timeline.ts';
import { AnalysedCamera } from './vision/analysed-camera.ts';
import type { WorkerThread } from './vision/worker-thread.ts';

const STREAM = { video: { width: 640, height: 360, timescale: 1000 }, videoInit: Buffer.from('init') };
const START = Date.UTC(2026, 0, 1);
/** Over the line at 2 s, into the zone, and still there at the last picture. */
const WALKER: Timeline = { id: 1, rows: walk([0, 0.1, 0.6], [3, 0.7, 0.6]) };
const UNLOCK: AccessEvent = { deviceId: 'door', atMs: START + 2800, eventType: 'entry unlocked', labels: [] };

function setUp() {
  const clock = new ManualClock(START);
  const findings: Finding[] = [];
  const analysis = AnalysisSchema.parse({});
  const rules = new LiveRules(
    {
      lines: [line(0.5, 0, 0.5, 1, { windowSeconds: 30 })],
      zones: [zone(0.5, 0, 1, 1)],
      ...{ analysis, readers: ['door'] },
    },
    (found) => findings.push(...found),
    silentLogger,
  );
  const camera = new AnalysedCamera({
    ...{ cameraId: 'front', analysis, clock },
    worker: { send: () => {} } as unknown as WorkerThread,
    onObservation: (observation) => rules.observe(observation),
    onGone: (lastMs) => rules.end(lastMs),
    onProblem: () => {},
  });
  camera.stream(STREAM);
  const show = (scene: Timeline, fromMs: number) => {
    for (const { atMs, tracks, ...rest } of observe([scene]).filter((each) => each.tracks.length > 0))
      camera.observed({ ...rest, atMs: fromMs + atMs, tracks: tracks.map((track) => later(track, fromMs)) });
  };
  const told = () => findings.map(({ type, atMs }) => `${type} ${((atMs - START) / 1000).toFixed(1)}`);
  return { clock, camera, rules, show, told, findings };
}

function later(track: Observation['tracks'][number], ms: number): Observation['tracks'][number] {
  return { ...track, firstSeenMs: track.firstSeenMs + ms, lastSeenMs: track.lastSeenMs + ms };
}

test('a camera that is gone: what waits is judged at once and with its picture, not when it is back', () => {
  const { clock, camera, show, told, findings } = setUp();
  show(WALKER, START);
  expect(told()).toEqual(['object 0.0', 'line-crossing 2.0', 'zone-enter 2.0']);
  camera.lost();
  clock.advance(5000);
  expect(told().slice(3)).toEqual(['tailgating 2.0', 'zone-leave 3.0']);
  expect(findings.slice(3).map(({ pictureMs }) => pictureMs)).toEqual([START + 2000, START + 3000]);
  camera.stream(STREAM);
  show({ id: 2, rows: walk([0, 0.1, 0.2], [1, 0.2, 0.2]) }, START + 7_200_000);
  expect(told().slice(5)).toEqual(['object 7200.0']);
});

test('what outlasts the people stays: an unlock before the stream was lost admits who comes after', () => {
  const { clock, camera, rules, show, told } = setUp();
  show(WALKER, START);
  rules.access(UNLOCK);
  camera.lost();
  clock.advance(5000);
  camera.stream(STREAM);
  show({ ...WALKER, id: 2 }, START + 10_000);
  show({ ...WALKER, id: 3 }, START + 20_000);
  camera.lost();
  clock.advance(5000);
  const tailgating = told().filter((each) => each.startsWith('tailgating'));
  // The unlock came after the first, admits the second, and has no place for the third.
  expect(tailgating).toEqual(['tailgating 2.0', 'tailgating 22.0']);
});

test('a stream that is back soon goes on with the people it had', () => {
  const { clock, camera, show, told } = setUp();
  show(WALKER, START);
  camera.lost();
  clock.advance(2000);
  camera.stream(STREAM);
  show(
    {
      id: 1,
      rows: [
        [0, 0.75, 0.6],
        [0.2, 0.76, 0.6],
      ],
    },
    START + 5000,
  );
  clock.advance(60_000);
  expect(told().slice(3)).toEqual(['tailgating 2.0']);
});
