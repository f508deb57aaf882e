/** What of a camera's streams should be otherwise, in the user's words. Pure. */
import type { ProbeResult, StreamFacts } from '../../shared/contract-cameras.ts';
import type { StreamFinding } from '../../shared/onboarding.ts';

export interface LookedAt {
  main: ProbeResult;
  sub: ProbeResult | null;
  /** By which the camera's clock is ahead of ours, where it told the time otherwise than in its stream. */
  clockAheadMs: number | null;
  /** How long key frames were waited for after the first one. */
  watchedSeconds: number;
  /** A built-in scene or a file: has neither sub stream nor clock, and needs none. */
  isLocal: boolean;
}

/** Recording is cut, played and searched at key frames. */
const LONGEST_GOP_SECONDS = 4;
const CLOCK_OFF_MS = 60_000;
/** A main stream of more pixels than this is dear to decode for analysis. */
const DEAR_PIXELS = 1280 * 720;
/** A person must be this many pixels tall to be found well. */
const LEAST_PERSON_PIXELS = 40;
/** How much of the picture's height a person at the line fills, where a camera overlooks an entrance. */
const PERSON_SHARE = 1 / 8;

/** The gravest first. */
export function judgeStreams(looked: LookedAt): StreamFinding[] {
  const { main, sub } = looked;
  if (!main.ok || !main.facts) return [unreachable(main)];
  return [
    ...(sub && !sub.ok ? [subProblem(sub)] : []),
    ...codecFinding(main.facts),
    ...gopFinding('main', main.facts, looked.watchedSeconds),
    ...(sub?.facts ? gopFinding('sub', sub.facts, looked.watchedSeconds) : []),
    ...clockFinding(looked.clockAheadMs ?? main.facts.network?.clockAheadMs ?? null),
    ...(looked.isLocal || sub ? [] : noSubStream(main.facts)),
    ...smallPeople(sub?.facts ?? null, main.facts),
  ];
}

function unreachable({ problem, advice }: ProbeResult): StreamFinding {
  return {
    kind: 'unreachable',
    words: problem ?? 'The camera sent nothing that can be recorded',
    advice: advice ?? 'Check its address and its settings.',
  };
}

function subProblem({ problem, advice }: ProbeResult): StreamFinding {
  return {
    kind: 'sub-stream',
    words: `The sub stream does not come: ${problem ?? 'it sent nothing'}`,
    advice: `${advice ?? 'Check its address.'} Without it the main stream is analysed, which needs more of this machine.`,
  };
}

/** `note`: why it cannot be recorded as it comes. */
function codecFinding({ note, videoCodec }: StreamFacts): StreamFinding[] {
  if (note !== null)
    return [
      { kind: 'codec', words: note, advice: 'Set the stream to H.264 or H.265 in the camera’s settings.' },
    ];
  if (/^(h265|hevc)$/i.test(videoCodec))
    return [
      {
        kind: 'codec',
        words: 'H.265: recorded as it comes, but some browsers cannot play it',
        advice:
          'If a live picture stays dark, set the stream to H.264 in the camera, or use another browser.',
      },
    ];
  return [];
}

function gopFinding(which: 'main' | 'sub', facts: StreamFacts, watchedSeconds: number): StreamFinding[] {
  const measured = facts.keyframeIntervalSeconds;
  if (measured === null && watchedSeconds < LONGEST_GOP_SECONDS) return [];
  if (measured !== null && measured <= LONGEST_GOP_SECONDS) return [];
  const far =
    measured === null ? `more than ${Math.floor(watchedSeconds)} s` : `${Number(measured.toFixed(1))} s`;
  return [
    {
      kind: 'key-frames',
      words: `Key frames of the ${which} stream are ${far} apart: live pictures begin late, and a fault loses more`,
      advice:
        'Set the key frame (I frame, GOP) interval to 2 s in the camera, and switch “smart” or “plus” codecs off.',
    },
  ];
}

function clockFinding(aheadMs: number | null): StreamFinding[] {
  if (aheadMs === null || Math.abs(aheadMs) < CLOCK_OFF_MS) return [];
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const words =
    minutes < 120
      ? `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
      : minutes < 2880
        ? `${Math.round(minutes / 60)} hours`
        : `${Math.round(minutes / 1440)} days`;
  return [
    {
      kind: 'clock',
      words: `The camera’s clock is ${words} ${aheadMs > 0 ? 'ahead' : 'behind'}: the time that it writes into its picture will be wrong`,
      advice:
        'Set its time server (NTP) and time zone in the camera. Recordings carry this recorder’s own time.',
    },
  ];
}

function noSubStream({ width, height }: StreamFacts): StreamFinding[] {
  if (width * height <= DEAR_PIXELS) return [];
  return [
    {
      kind: 'no-sub-stream',
      words: `No sub stream: analysis and the grid decode ${width} × ${height}, which this machine can do for few cameras`,
      advice: 'Switch a second stream of about 640 × 360 on in the camera.',
    },
  ];
}

/** Of the stream that is analysed. */
function smallPeople(sub: StreamFacts | null, main: StreamFacts): StreamFinding[] {
  const { height } = sub ?? main;
  const tall = Math.round(height * PERSON_SHARE);
  if (tall >= LEAST_PERSON_PIXELS) return [];
  const remedy =
    sub && main.height * PERSON_SHARE >= LEAST_PERSON_PIXELS
      ? 'Set the sub stream to 640 × 360 or more in the camera, or do without it.'
      : 'Set the stream to 640 × 360 or more in the camera.';
  return [
    {
      kind: 'small-people',
      words: `People at the line will be too small: of ${height} lines, somebody who fills an eighth of the height has ${tall}, and ${LEAST_PERSON_PIXELS} are needed`,
      advice: `${remedy} A camera that stands nearer helps too.`,
    },
  ];
}
