/** For tests: track timelines written as tables, played to the rules as the tracker would report them. */
import { AnalysisSchema, LineSchema, ZoneSchema } from '../../shared/domain-camera.ts';
import type { Finding, ObjectLabel, Observation, TrackedObject } from '../../shared/domain-events.ts';
import { type CameraInput, type CameraRules, initialCameraState, stepCamera } from './step-camera.ts';

/** Seconds and foot point; boxes are 0.1 wide and 0.2 high unless said. */
export type Row = readonly [seconds: number, x: number, y: number];

export interface Timeline {
  id: number;
  label?: ObjectLabel;
  rows: readonly Row[];
  /** A still look-alike. */
  still?: boolean;
  /** Seconds after the last row at which the track is given up. */
  endsAfter?: number;
  size?: readonly [width: number, height: number];
}

/** Observations at every time that any timeline names; a track without a row then is hidden where it was last. */
export function observe(timelines: readonly Timeline[]): Observation[] {
  const ends = timelines.map((line) => (line.rows.at(-1)?.[0] ?? 0) + (line.endsAfter ?? 2.5));
  const times = [...timelines.flatMap((line) => line.rows.map(([seconds]) => seconds)), ...ends];
  return [...new Set(times)]
    .sort((a, b) => a - b)
    .map((seconds) => {
      const tracks: TrackedObject[] = [];
      const endedTrackIds: number[] = [];
      for (const [index, line] of timelines.entries()) {
        if (ends[index] === seconds) endedTrackIds.push(line.id);
        const row = line.rows.findLast(([at]) => at <= seconds);
        if (row && seconds < ends[index]!) tracks.push(toTrack(line, row));
      }
      return { atMs: seconds * 1000, tracks, endedTrackIds, motion: { ratio: 0, boxes: [] }, sabotage: null };
    });
}

/** Plays inputs in the order of their times to the end and returns all findings, 'object' ones left out. */
export function play(inputs: readonly CameraInput[], rules: Partial<CameraRules>): Finding[] {
  const settings: CameraRules = {
    zones: [],
    lines: [],
    analysis: AnalysisSchema.parse({}),
    readers: null,
    ...rules,
  };
  let state = initialCameraState();
  const findings: Finding[] = [];
  for (const input of inputs) {
    const step = stepCamera(state, input, settings);
    state = step.state;
    findings.push(...step.findings);
  }
  return findings.filter((finding) => finding.type !== 'object');
}

/** Inputs of timelines, with the end of the video after them. */
export function inputsOf(timelines: readonly Timeline[]): CameraInput[] {
  const observations = observe(timelines);
  return [
    ...observations.map((observation) => ({ kind: 'observation', observation }) as const),
    { kind: 'end', atMs: observations.at(-1)?.atMs ?? 0 },
  ];
}

/** Rows from one point to another at a steady pace, `perSecond` rows a second. */
export function walk(from: Row, to: Row, perSecond = 5): Row[] {
  const steps = Math.max(1, Math.round((to[0] - from[0]) * perSecond));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const share = i / steps;
    const mix = (a: number, b: number) => Math.round((a + share * (b - a)) * 1e6) / 1e6;
    return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])] as const;
  });
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  tailgating?: {
    windowSeconds: number;
    peoplePerUnlock?: number;
    direction?: 'both' | 'forward' | 'backward';
  },
) {
  const points = [
    { x: x1, y: y1 },
    { x: x2, y: y2 },
  ];
  return LineSchema.parse({ name: 'line', points, ...(tailgating ? { tailgating } : {}) });
}

/** A rectangular zone. */
export function zone(
  left: number,
  top: number,
  right: number,
  bottom: number,
  more: { loiteringSeconds?: number; crowdSize?: number } = {},
) {
  const points = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  return ZoneSchema.parse({ name: 'zone', polygons: [{ points }], ...more });
}

function toTrack(
  { id, label = 'person', still, rows, size = [0.1, 0.2] }: Timeline,
  [seconds, x, y]: Row,
): TrackedObject {
  const [width, height] = size;
  return {
    trackId: id,
    label,
    confidence: 0.8,
    maxConfidence: 0.9,
    box: { x: x - width / 2, y: y - height, width, height },
    foot: { x, y },
    firstSeenMs: rows[0]![0] * 1000,
    lastSeenMs: seconds * 1000,
    hasMoved: !still,
  };
}
