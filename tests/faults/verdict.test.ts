/** The judge of the faults must itself be right: each broken promise is seen, and only that. */
import { expect, test } from 'vitest';
import type { GapCause } from '../../src/shared/domain-storage.ts';
import { FRAME_MS, type StoredSegment } from './recorded.ts';
import { type Evidence, judge, type Limits } from './verdict.ts';

const LIMITS: Limits = { beyondOutageSeconds: 2.75, backWithinSeconds: 3, clockErrorMs: 150 };
/** A hundred frames a segment, in a window of 300: the second segment is where things go wrong. */
const FIRST = 1_000_000;
const at = (frame: number) => (FIRST + frame) * FRAME_MS;

function segment(from: number, to: number, lateMs = 0): StoredSegment {
  const numbers = Array.from({ length: to - from }, (_, index) => FIRST + from + index);
  return {
    path: `segment ${from}`,
    startEpochMs: at(from) + lateMs,
    endEpochMs: at(to) + lateMs,
    frames: numbers.map((number) => ({ number, recordedEpochMs: number * FRAME_MS + lateMs })),
    soundSeconds: 0,
  };
}

function evidence(changed: Partial<Evidence> = {}): Evidence {
  return {
    window: { startEpochMs: at(0), endEpochMs: at(300) },
    sent: new Set(Array.from({ length: 300 }, (_, index) => FIRST + index)),
    segments: [segment(0, 100), segment(100, 200), segment(200, 300)],
    gaps: [],
    disagreements: [],
    outages: [],
    kills: [],
    causes: [],
    clockOffsetMs: null,
    ...changed,
  };
}

const gap = (from: number, to: number, cause: GapCause = 'stream-stalled') => ({
  startEpochMs: at(from),
  endEpochMs: at(to),
  cause,
  detail: 'No pictures.',
});
const holed = [segment(0, 100), segment(150, 300)];

test('all is stored', () => {
  expect(judge(evidence(), LIMITS)).toMatchObject({ lostSeconds: 0, causes: [], problems: [] });
});

test('an outage with its cause', () => {
  const given = evidence({
    segments: holed,
    gaps: [gap(100, 150)],
    outages: [{ startEpochMs: at(100), endEpochMs: at(125) }],
    causes: ['stream-stalled'],
  });
  expect(judge(given, LIMITS)).toMatchObject({
    lostSeconds: 2,
    outageSeconds: 1,
    beyondOutageSeconds: 1,
    backAfterSeconds: 1,
    causes: ['stream-stalled'],
    problems: [],
  });
});

test.each<[string, Partial<Evidence>, RegExp]>([
  [
    'a hole without a gap',
    { segments: holed },
    /50 frames were sent, and are neither stored nor in the ledger/,
  ],
  [
    'a gap with a wrong cause',
    { segments: holed, gaps: [gap(100, 150)], causes: ['disk-full'] },
    /stream-stalled/,
  ],
  [
    'a gap that is too short',
    { segments: holed, gaps: [gap(100, 140)], causes: ['stream-stalled'] },
    /9 frames/,
  ],
  ['a gap over footage', { gaps: [gap(100, 150)], causes: ['stream-stalled'] }, /inside of a gap/],
  ['a frame twice', { segments: [segment(0, 101), segment(100, 300, 60)] }, /1 frames are stored twice/],
  ['an overlap', { segments: [segment(0, 150, 40), segment(150, 300)] }, /overlaps the one before by 40 ms/],
  ['a wrong time', { segments: [segment(0, 150), segment(150, 300, 200)] }, /200.00 ms between/],
  [
    'what the camera left out for long, unnoted',
    { segments: holed, sent: new Set() },
    /the ledger lacks a gap: 50 from/,
  ],
  [
    'back too late',
    {
      segments: [segment(0, 100), segment(200, 300)],
      gaps: [gap(100, 200)],
      causes: ['stream-stalled'],
      outages: [{ startEpochMs: at(100), endEpochMs: at(101) }],
    },
    /3.96 s until the stream was back/,
  ],
  ['a kill that costs too much', { kills: [at(320)] }, /0.84 s lost before a kill/],
])('%s', (_name, changed, words) => {
  expect(judge(evidence(changed), LIMITS).problems.join('\n')).toMatch(words);
});

test('single frames that the camera left out are no loss', () => {
  const given = evidence();
  const frames = given.segments[1]!.frames.filter((_, index) => index % 10 !== 0);
  const sent = new Set([...given.sent!].filter((number) => number < FIRST + 100 || number % 10 !== 0));
  const segments = [given.segments[0]!, { ...given.segments[1]!, frames }, given.segments[2]!];
  expect(judge({ ...given, sent, segments }, LIMITS)).toMatchObject({ lostSeconds: 0.4, problems: [] });
});
