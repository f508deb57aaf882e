/** Compares what a camera sent with what was recorded of it, and says what was lost, why, and which promises are broken. Pure. */
import type { Gap, GapCause } from '../../src/shared/domain-storage.ts';
import type { EpochRange } from '../../src/shared/units.ts';
import { FRAME_MS, type Recorded, type StoredFrame, type StoredSegment } from './recorded.ts';

export interface Evidence extends Pick<Recorded, 'segments' | 'gaps' | 'disagreements'> {
  /** What is judged, true time: from when all was well until the end. */
  window: EpochRange;
  /** Numbers of the frames that the camera sent; null for a source that only counts its own loop. */
  sent: ReadonlySet<number> | null;
  /** When frames could not be had because of the fault, true time, ascending. */
  outages: readonly EpochRange[];
  /** Instants at which a process was killed, true time. */
  kills: readonly number[];
  /** The causes that are right for this fault. */
  causes: readonly GapCause[];
  /** What the engine's clock was ahead by, at a true time; null: nothing. */
  clockOffsetMs: ((trueEpochMs: number) => number) | null;
}

export interface Limits {
  /** What may be missing beyond an outage. */
  beyondOutageSeconds: number;
  /** From the end of an outage to the first frame stored. */
  backWithinSeconds: number;
  /** The recorded time of a frame against its true one. */
  clockErrorMs: number;
}

export interface Verdict {
  /** Of the window, without a stored frame. */
  lostSeconds: number;
  outageSeconds: number;
  /** The most that was missing beyond one outage. */
  beyondOutageSeconds: number;
  backAfterSeconds: number | null;
  /** The most that was missing before a kill. */
  beforeKillSeconds: number | null;
  causes: GapCause[];
  worstClockErrorMs: number;
  /** Every broken promise, in words. */
  problems: string[];
}

/** A gap may be off by a frame at each border. */
const BORDER_MS = FRAME_MS;
/** A camera that leaves out less than this has skipped frames, and is not away. */
const HELD_PICTURE_MS = 1500;
const KILL_LOSS_MS = 250;

export function judge(evidence: Evidence, limits: Limits): Verdict {
  const { segments, outages, window } = evidence;
  const frames = segments.flatMap((segment) => segment.frames);
  const missing = evidence.sent ? missingFrames(frames, window) : [];
  const problems = [
    ...evidence.disagreements,
    ...overlaps(segments),
    ...(evidence.sent ? doubled(frames) : brokenLoop(evidence)),
    ...withoutCause(evidence, missing),
    ...wrongGaps(evidence),
  ];
  const beyond = outages.map((outage, index) => {
    const until = outages[index + 1]?.startEpochMs ?? window.endEpochMs;
    const lost = missing.filter((at) => at >= outage.startEpochMs - HELD_PICTURE_MS && at < until);
    return (lost.length * FRAME_MS - (outage.endEpochMs - outage.startEpochMs)) / 1000;
  });
  const back = outages.map(({ endEpochMs }) => {
    const first = frames.find(({ number }) => number * FRAME_MS >= endEpochMs);
    return first ? (first.number * FRAME_MS - endEpochMs) / 1000 : Number.POSITIVE_INFINITY;
  });
  const beforeKill = evidence.kills.map((killedEpochMs) => {
    const last = frames.findLast(({ number }) => number * FRAME_MS <= killedEpochMs);
    return (killedEpochMs - (last ? last.number * FRAME_MS : window.startEpochMs)) / 1000;
  });
  const verdict: Verdict = {
    lostSeconds: evidence.sent ? (missing.length * FRAME_MS) / 1000 : holeSeconds(evidence),
    outageSeconds:
      outages.reduce((sum, { startEpochMs, endEpochMs }) => sum + endEpochMs - startEpochMs, 0) / 1000,
    beyondOutageSeconds: Math.max(0, ...beyond),
    backAfterSeconds: evidence.sent && back.length > 0 ? Math.max(...back) : null,
    beforeKillSeconds: evidence.sent && beforeKill.length > 0 ? Math.max(...beforeKill) : null,
    causes: [...new Set(gapsWithin(evidence).map(({ cause }) => cause))],
    worstClockErrorMs: evidence.sent && !evidence.clockOffsetMs ? worstClockError(frames) : 0,
    problems,
  };
  problems.push(...beyondLimits(verdict, limits));
  return verdict;
}

function beyondLimits(verdict: Verdict, limits: Limits): string[] {
  const checks: Array<[number | null, number, string]> = [
    [verdict.beyondOutageSeconds, limits.beyondOutageSeconds, 's lost beyond an outage'],
    [verdict.backAfterSeconds, limits.backWithinSeconds, 's until the stream was back'],
    [verdict.beforeKillSeconds, KILL_LOSS_MS / 1000, 's lost before a kill'],
    [verdict.worstClockErrorMs, limits.clockErrorMs, 'ms between a recorded time and the true one'],
  ];
  return checks.flatMap(([value, limit, words]) =>
    value !== null && value > limit ? [`${value.toFixed(2)} ${words}, ${limit} at most`] : [],
  );
}

/** Capture times of the window's frames that are not stored. */
function missingFrames(frames: readonly StoredFrame[], window: EpochRange): number[] {
  const stored = new Set(frames.map(({ number }) => number));
  const missing: number[] = [];
  const last = Math.floor(window.endEpochMs / FRAME_MS);
  for (let number = Math.ceil(window.startEpochMs / FRAME_MS); number < last; number++)
    if (!stored.has(number)) missing.push(number * FRAME_MS);
  return missing;
}

function overlaps(segments: readonly StoredSegment[]): string[] {
  return segments.slice(1).flatMap((segment, index) => {
    const overlapMs = segments[index]!.endEpochMs - segment.startEpochMs;
    return overlapMs > 1 ? [`${segment.path} overlaps the one before by ${overlapMs.toFixed(0)} ms`] : [];
  });
}

function doubled(frames: readonly StoredFrame[]): string[] {
  const seen = new Set<number>();
  const twice = frames.filter(({ number }) => seen.size === seen.add(number).size);
  return twice.length > 0 ? [`${twice.length} frames are stored twice`] : [];
}

/** A frame that was sent must be in a gap where it is not stored; so must be what was not sent for longer than a held picture. */
function withoutCause(evidence: Evidence, missing: readonly number[]): string[] {
  const isCovered = (at: number) => {
    const recorded = at + (evidence.clockOffsetMs?.(at) ?? 0);
    return evidence.gaps.some(
      ({ startEpochMs, endEpochMs }) =>
        recorded >= startEpochMs - BORDER_MS &&
        recorded < (endEpochMs ?? Number.POSITIVE_INFINITY) + BORDER_MS,
    );
  };
  const bare = missing.filter((at) => !isCovered(at));
  const sent = bare.filter((at) => evidence.sent?.has(Math.round(at / FRAME_MS)));
  const silent = runs(bare).filter((run) => run.length * FRAME_MS > HELD_PICTURE_MS);
  return [
    ...(sent.length > 0
      ? [`${sent.length} frames were sent, and are neither stored nor in the ledger (${describeRuns(sent)})`]
      : []),
    ...(silent.length > 0 ? [`the ledger lacks a gap: ${describeRuns(silent.flat())}`] : []),
  ];
}

/** Gaps of the window: their cause must be right, and nothing may be stored inside of them. */
function wrongGaps(evidence: Evidence): string[] {
  const frames = evidence.segments.flatMap((segment) => segment.frames);
  return gapsWithin(evidence).flatMap((gap) => {
    const endEpochMs = gap.endEpochMs ?? Number.POSITIVE_INFINITY;
    const inside = frames.filter(
      ({ recordedEpochMs: at }) => at >= gap.startEpochMs + BORDER_MS && at < endEpochMs - BORDER_MS,
    ).length;
    const span = `${clockWords(gap.startEpochMs)} to ${gap.endEpochMs === null ? 'now' : clockWords(endEpochMs)}`;
    return [
      ...(evidence.causes.includes(gap.cause)
        ? []
        : [`a gap has the cause ${gap.cause} (${span}: ${gap.detail})`]),
      ...(inside > 0 ? [`${inside} frames are stored inside of a gap (${span})`] : []),
    ];
  });
}

function gapsWithin({ gaps, window, clockOffsetMs }: Evidence): Gap[] {
  const from = window.startEpochMs + (clockOffsetMs?.(window.startEpochMs) ?? 0);
  const to = window.endEpochMs + (clockOffsetMs?.(window.endEpochMs) ?? 0);
  return gaps.filter(
    ({ startEpochMs, endEpochMs }) => (endEpochMs ?? Number.POSITIVE_INFINITY) > from && startEpochMs < to,
  );
}

/** A `file:` source counts its frames in a loop: they must follow on each other wherever the ledger has no gap. */
function brokenLoop({ segments, gaps, window }: Evidence): string[] {
  const frames = segments.flatMap((segment) => segment.frames);
  const loopEnd = Math.max(0, ...frames.map(({ number }) => number));
  const breaks = frames.slice(1).filter((frame, index) => {
    const before = frames[index]!;
    const follows = frame.number === before.number + 1 || (frame.number === 0 && before.number === loopEnd);
    const isInGap = gaps.some(
      ({ startEpochMs, endEpochMs }) =>
        startEpochMs < frame.recordedEpochMs + BORDER_MS &&
        (endEpochMs ?? Number.POSITIVE_INFINITY) > before.recordedEpochMs - BORDER_MS,
    );
    return !follows && !isInGap && frame.recordedEpochMs >= window.startEpochMs;
  });
  return breaks.length > 0 ? [`the frames do not follow on each other at ${breaks.length} places`] : [];
}

function holeSeconds({ segments, window }: Evidence): number {
  const times = segments.flatMap((segment) => segment.frames.map(({ recordedEpochMs }) => recordedEpochMs));
  const holes = times.slice(1).flatMap((at, index) => {
    const isInWindow = at >= window.startEpochMs && at <= window.endEpochMs;
    return isInWindow ? [at - times[index]! - FRAME_MS] : [];
  });
  return holes.filter((ms) => ms > FRAME_MS).reduce((sum, ms) => sum + ms, 0) / 1000;
}

function worstClockError(frames: readonly StoredFrame[]): number {
  return frames.reduce(
    (worst, { number, recordedEpochMs }) => Math.max(worst, Math.abs(recordedEpochMs - number * FRAME_MS)),
    0,
  );
}

/** Capture times that follow on each other, together. */
function runs(times: readonly number[]): number[][] {
  const found: number[][] = [];
  for (const at of times) {
    const last = found.at(-1);
    if (last && at - last.at(-1)! <= FRAME_MS * 1.5) last.push(at);
    else found.push([at]);
  }
  return found;
}

function describeRuns(times: readonly number[]): string {
  const found = runs(times);
  const words = found.slice(0, 4).map((run) => `${run.length} from ${clockWords(run[0]!)}`);
  return found.length > 4 ? `${words.join(', ')}, …` : words.join(', ');
}

function clockWords(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(11, 23);
}
