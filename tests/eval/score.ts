/** Compares what the rules found in a clip with its truth. Pure. */

import { type CameraRules, initialCameraState, stepCamera } from '../../src/main/rules/step-camera.ts';
import type { Finding, Observation } from '../../src/shared/domain-events.ts';
import { directionOf, isOfClass, rulesFor, type Truth } from './truth.ts';

/** Hits, misses and inventions of one kind of event, in words one can act on. */
export interface Tally {
  expected: number;
  found: number;
  hits: number;
  missed: string[];
  invented: string[];
}

export interface Score {
  crossings: Tally;
  zones: Tally & { errorsSeconds: number[] };
  loitering: Tally;
  tailgating: Tally;
  /** 'object' events by label group; every one is a false alarm where the truth knows no objects. */
  objects: number;
  falseObjects: number;
}

const CROSSING_SECONDS = 0.75;
/** Lines judged by the middle of the object and not by its foot point: a steep line is met at another time. */
const CENTRE_SECONDS = 1.25;
const ZONE_REACH_SECONDS = 2.5;

/** Runs the rules over the observations of a clip, as live. */
export function runRules(observations: readonly Observation[], rules: CameraRules): Finding[] {
  const findings: Finding[] = [];
  let state = initialCameraState();
  for (const observation of observations) {
    const step = stepCamera(state, { kind: 'observation', observation }, rules);
    state = step.state;
    findings.push(...step.findings);
  }
  findings.push(...stepCamera(state, { kind: 'end', atMs: observations.at(-1)?.atMs ?? 0 }, rules).findings);
  return findings;
}

export function scoreClip(truth: Truth, observations: readonly Observation[]): Score {
  const findings = runRules(observations, rulesFor(truth));
  const objects = findings.filter((finding) => finding.type === 'object');
  return {
    crossings: scoreCrossings(truth, findings),
    zones: scoreZones(truth, findings),
    loitering: scoreLoitering(truth, observations),
    tailgating: scoreTailgating(truth, findings),
    objects: objects.length,
    falseObjects: isEmptyScene(truth) ? objects.length : 0,
  };
}

interface Moment {
  t: number;
  words: string;
  tolerance: number;
}

/** Pairs expected and found moments, nearest first, each once. */
function pair(
  expected: readonly Moment[],
  found: readonly Moment[],
): { tally: Tally; errorsSeconds: number[] } {
  const pairs = expected
    .flatMap((e) => found.map((f) => ({ e, f, error: Math.abs(e.t - f.t) })))
    .filter(({ e, error }) => error <= e.tolerance)
    .sort((a, b) => a.error - b.error);
  const used = new Set<Moment>();
  const errorsSeconds: number[] = [];
  for (const { e, f, error } of pairs) {
    if (used.has(e) || used.has(f)) continue;
    used.add(e).add(f);
    errorsSeconds.push(error);
  }
  const say = (moment: Moment) => `${moment.words} at ${moment.t.toFixed(2)} s`;
  const tally = {
    expected: expected.length,
    found: found.length,
    hits: errorsSeconds.length,
    missed: expected.filter((e) => !used.has(e)).map(say),
    invented: found.filter((f) => !used.has(f)).map(say),
  };
  return { tally, errorsSeconds };
}

function scoreCrossings(truth: Truth, findings: readonly Finding[]): Tally {
  const tallies: Tally[] = [];
  for (const line of truth.lines) {
    for (const direction of ['forward', 'backward'] as const) {
      const tolerance = line.anchor.startsWith('foot') ? CROSSING_SECONDS : CENTRE_SECONDS;
      const words = `${line.id} ${direction}`;
      const expected = line.crossings
        .filter((crossing) => directionOf(line, crossing.dir) === direction)
        .map((crossing) => ({
          t: crossing.t,
          words: `${words} ${crossing.object}`,
          tolerance: Math.max(tolerance, crossing.tol),
        }));
      const found = findings
        .filter(
          ({ type, detail }) =>
            type === 'line-crossing' && detail.line === line.id && detail.direction === direction,
        )
        .filter(({ detail }) => isOfClass(detail.label, line.classes))
        .map((finding) => moment(finding, `${words} ${finding.detail.label} #${finding.detail.trackId}`));
      tallies.push(pair(expected, found).tally);
    }
  }
  return sum(tallies);
}

function scoreZones(truth: Truth, findings: readonly Finding[]): Tally & { errorsSeconds: number[] } {
  const tallies: Tally[] = [];
  const errorsSeconds: number[] = [];
  for (const zone of truth.zones) {
    const classes = zone.classes ?? ['person'];
    for (const kind of ['enter', 'leave'] as const) {
      const expected = zone.events.flatMap((event) => {
        const t = event[kind];
        return typeof t === 'number'
          ? [{ t, words: `${zone.id} ${kind} ${event.object}`, tolerance: ZONE_REACH_SECONDS }]
          : [];
      });
      const found = findings
        .filter(
          ({ type, detail }) =>
            type === `zone-${kind}` && detail.zone === zone.id && isOfClass(detail.label, classes),
        )
        .map((finding) => moment(finding, `${zone.id} ${kind} #${finding.detail.trackId}`));
      const result = pair(expected, found);
      tallies.push(result.tally);
      errorsSeconds.push(...result.errorsSeconds);
    }
  }
  return { ...sum(tallies), errorsSeconds };
}

function scoreLoitering(truth: Truth, observations: readonly Observation[]): Tally {
  const tallies = truth.loitering.map((spec) => {
    const zone = truth.zones.find((each) => each.id === spec.zone);
    const findings = runRules(observations, rulesFor(truth, new Map([[spec.zone, spec.after_s]])));
    const expected = spec.expect.map((each) => {
      if (typeof each !== 'string')
        return { t: each.t, words: `loitering ${each.object}`, tolerance: Math.max(1, each.tol) };
      const enter = zone?.events.find((event) => event.object === each)?.enter ?? 0;
      return { t: enter + spec.after_s, words: `loitering ${each}`, tolerance: 1 };
    });
    const found = findings
      .filter(({ type, detail }) => type === 'loitering' && detail.zone === spec.zone)
      .filter(({ detail }) => isOfClass(detail.label, zone?.classes ?? ['person']))
      .map((finding) => moment(finding, `loitering ${spec.after_s} s #${finding.detail.trackId}`));
    return pair(expected, found).tally;
  });
  return sum(tallies);
}

function scoreTailgating(truth: Truth, findings: readonly Finding[]): Tally {
  const tallies = truth.tailgating.map((spec) => {
    const crossings = truth.lines.find((line) => line.id === spec.line)?.crossings ?? [];
    const expected = spec.pairs.flatMap((people) => {
      const times = people.flatMap((id) =>
        crossings.filter((crossing) => crossing.object === id).map(({ t }) => t),
      );
      return times.length
        ? [{ t: Math.max(...times), words: `tailgating ${people.join('+')}`, tolerance: 1 }]
        : [];
    });
    const found = findings
      .filter(({ type, detail }) => type === 'tailgating' && detail.line === spec.line)
      .map((finding) => moment(finding, `tailgating ${spec.line} #${finding.detail.trackId}`));
    return pair(expected, found).tally;
  });
  return sum(tallies);
}

function isEmptyScene(truth: Truth): boolean {
  const happens =
    truth.lines.some((line) => line.crossings.length) || truth.zones.some((zone) => zone.events.length);
  return truth.objects.length === 0 && !happens;
}

function moment(finding: Finding, words: string): Moment {
  return { t: finding.atMs / 1000, words, tolerance: 0 };
}

export function sum(tallies: readonly Tally[]): Tally {
  return {
    expected: tallies.reduce((n, tally) => n + tally.expected, 0),
    found: tallies.reduce((n, tally) => n + tally.found, 0),
    hits: tallies.reduce((n, tally) => n + tally.hits, 0),
    missed: tallies.flatMap((tally) => tally.missed),
    invented: tallies.flatMap((tally) => tally.invented),
  };
}
