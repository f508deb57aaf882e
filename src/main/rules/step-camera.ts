/**
 * All rules of one camera as one reducer: an observation or a reader's report in, findings out. Pure and deterministic:
 * the same inputs give the same findings, live, in rehearsal and in `analyze`. Makes no events; that is `events/`.
 */

import type { Analysis, Line, Zone } from '../../shared/domain-camera.ts';
import type { AccessEvent, Finding, Observation } from '../../shared/domain-events.ts';
import { atLeastPictures, notePicture, type PicturePace, unknownPace } from '../../shared/picture-pace.ts';
import { type CrowdState, noCrowd, stepCrowd } from './crowd.ts';
import { describe } from './describe.ts';
import { type LineState, noWalkers, stepLine } from './line-crossing.ts';
import { type LoiteringState, stepLoitering } from './loitering.ts';
import { type MotionState, movesIn, noMotion, stepMotion } from './motion.ts';
import { type PresenceState, stepPresence } from './presence.ts';
import { withinHours } from './rule-hours.ts';
import { ofTheirObjects } from './rule-objects.ts';
import { noSabotage, type SabotageState, stepSabotage } from './sabotage.ts';
import { GRACE_MS, noPassages, stepTailgating, stepUnlock, type TailgatingState } from './tailgating.ts';
import { endTrails, pathOf, type RuleInput, sightNear, stepTrails, type Trails } from './trail.ts';
import {
  emptyZone,
  endZone,
  stepZone,
  type ZoneChange,
  type ZoneState,
  zoneContains,
} from './zone-presence.ts';

export interface CameraRules {
  zones: readonly Zone[];
  lines: readonly Line[];
  analysis: Analysis;
  /** deviceIds of the readers in view; null where none are assigned (tailgating then goes by distance). */
  readers: readonly string[] | null;
}

export type CameraInput =
  | { kind: 'observation'; observation: Observation }
  | { kind: 'access'; event: AccessEvent }
  /** No more pictures come for now: everybody followed is gone, everything waiting is judged. */
  | { kind: 'end'; atMs: number };

interface LineMemory {
  walkers: LineState;
  tailgating: TailgatingState;
}

interface ZoneMemory {
  presence: ZoneState;
  loitering: LoiteringState;
  crowd: CrowdState;
  motion: MotionState;
}

/** Memories of lines and zones are kept by name and geometry: what is moved starts anew. */
export interface CameraState {
  pace: PicturePace;
  trails: Trails;
  presence: PresenceState;
  motion: MotionState;
  sabotage: SabotageState;
  lines: ReadonlyMap<string, LineMemory>;
  zones: ReadonlyMap<string, ZoneMemory>;
}

type Step = { state: CameraState; findings: Finding[] };

/** How long (or for how many pictures) a hidden person still counts in a crowd. */
const CROWD_HIDDEN_MS = 1500;

export function initialCameraState(): CameraState {
  return {
    pace: unknownPace,
    trails: new Map(),
    presence: new Set(),
    motion: noMotion,
    sabotage: noSabotage,
    lines: new Map(),
    zones: new Map(),
  };
}

/** Takes one input; times of findings are when things happened, which may be a few seconds before the input's. */
export function stepCamera(state: CameraState, input: CameraInput, settings: CameraRules): Step {
  if (input.kind === 'access') return { state: takeAccess(state, input.event, settings), findings: [] };
  if (input.kind === 'end') return endCamera(state, input.atMs, settings);
  const { observation } = input;
  const pace = notePicture(state.pace, observation.atMs);
  const { trails, input: ruleInput } = stepTrails(state.trails, observation);
  // The trails of those who ended in this step are still needed to describe what they did last.
  const known: Trails = new Map([...state.trails, ...trails]);
  const findings: Finding[] = [];
  const presence = stepPresence(state.presence, ruleInput);
  for (const sample of presence.seen) {
    const startMs = known.get(sample.trackId)?.firstSeenMs ?? sample.atMs;
    findings.push({ type: 'object', startMs, ...describe(sample.atMs, sample, known) });
  }
  const motion = stepMotion(state.motion, observation.motion.boxes.length > 0, observation.atMs, pace);
  if (motion.startMs !== null) findings.push({ type: 'motion', atMs: motion.startMs, detail: {} });
  const sabotage = stepSabotage(state.sabotage, observation.sabotage, observation.atMs);
  if (sabotage.sabotage) {
    const { startMs, kind } = sabotage.sabotage;
    findings.push({ type: 'sabotage', atMs: observation.atMs, startMs, detail: { sabotage: kind } });
  }
  const lines = stepLines(state, ruleInput, settings, known);
  const zones = stepZones({ ...state, pace }, ruleInput, settings, known, observation);
  findings.push(...lines.findings, ...zones.findings);
  return {
    state: {
      pace,
      trails,
      presence: presence.state,
      motion: motion.state,
      sabotage: sabotage.state,
      lines: lines.memories,
      zones: zones.memories,
    },
    findings: toTell(findings, settings),
  };
}

function stepLines(state: CameraState, input: RuleInput, settings: CameraRules, trails: Trails) {
  const memories = new Map<string, LineMemory>();
  const findings: Finding[] = [];
  for (const line of settings.lines) {
    const key = lineKey(line);
    const memory = state.lines.get(key) ?? { walkers: noWalkers, tailgating: noPassages };
    const { state: walkers, crossings } = stepLine(memory.walkers, line, input);
    for (const { direction, atMs, sample } of crossings) {
      const facts = { line: line.name, direction };
      findings.push({ type: 'line-crossing', ...describe(atMs, sample, trails, facts) });
    }
    const people = crossings
      .filter(({ sample }) => sample.label === 'person')
      .map(({ direction, atMs, sample }) => {
        const trail = trails.get(sample.trackId);
        // They may be gone when they are judged: how they crossed is noted now.
        const seen = { sample: sightNear(atMs, sample, trail), path: pathOf(trail) };
        return { trackId: sample.trackId, direction, atMs, ...seen };
      });
    let tailgating = memory.tailgating;
    if (line.tailgating) {
      const judged = stepTailgating(
        tailgating,
        line.tailgating,
        people,
        input.atMs,
        settings.readers !== null,
      );
      tailgating = judged.state;
      for (const { passage, facts } of judged.tailgating) {
        const { direction, atMs, sample, path } = passage;
        const startMs = facts.unlock?.atMs ?? facts.people[0]?.crossedAtMs ?? atMs;
        const told = describe(atMs, sample, trails, { path, line: line.name, direction, tailgating: facts });
        findings.push({ type: 'tailgating', startMs: Math.min(startMs, atMs), ...told });
      }
    }
    memories.set(key, { walkers, tailgating });
  }
  return { memories, findings };
}

function stepZones(
  state: CameraState,
  input: RuleInput,
  settings: CameraRules,
  trails: Trails,
  observation: Observation,
) {
  const hiddenMs = atLeastPictures(CROWD_HIDDEN_MS, state.pace);
  const memories = new Map<string, ZoneMemory>();
  const findings: Finding[] = [];
  for (const zone of settings.zones) {
    const key = zoneKey(zone);
    const memory = state.zones.get(key) ?? newZoneMemory();
    const presence = stepZone(memory.presence, zone, input);
    findings.push(...presence.changes.map((change) => zoneFinding(zone, change, trails)));
    const seconds = zone.loiteringSeconds ?? Number.POSITIVE_INFINITY;
    const loitering = stepLoitering(memory.loitering, seconds, presence.stays, presence.lost, input);
    for (const { atMs, stay } of loitering.loitering) {
      const facts = { zone: zone.name, dwellSeconds: zone.loiteringSeconds };
      findings.push({
        ...{ type: 'loitering', startMs: stay.enteredAtMs },
        ...describe(atMs, stay.last, trails, facts),
      });
    }
    const crowd = zone.crowdSize
      ? stepCrowd(memory.crowd, zone.crowdSize, countPeople(zone, observation, hiddenMs), input.atMs)
      : { state: noCrowd, crowd: null };
    if (crowd.crowd) {
      const { startMs, count } = crowd.crowd;
      findings.push({ type: 'crowd', atMs: input.atMs, startMs, detail: { zone: zone.name, count } });
    }
    const moving = zone.motion && movesIn(zone, observation.motion.boxes);
    const motion = stepMotion(memory.motion, moving, input.atMs, state.pace);
    if (motion.startMs !== null)
      findings.push({ type: 'motion', atMs: motion.startMs, detail: { zone: zone.name } });
    memories.set(key, {
      presence: presence.state,
      loitering: loitering.state,
      crowd: crowd.state,
      motion: motion.state,
    });
  }
  return { memories, findings };
}

function takeAccess(state: CameraState, event: AccessEvent, settings: CameraRules): CameraState {
  if (!settings.readers?.includes(event.deviceId)) return state;
  const lines = new Map(state.lines);
  for (const line of settings.lines) {
    if (!line.tailgating) continue;
    const key = lineKey(line);
    const memory = lines.get(key) ?? { walkers: noWalkers, tailgating: noPassages };
    lines.set(key, { ...memory, tailgating: stepUnlock(memory.tailgating, line.tailgating, event) });
  }
  return { ...state, lines };
}

/**
 * Ends all objects, then lets the grace of tailgating and the patience of zones run out. What outlasts them stays for the next picture,
 * which may come soon: unlocks and passages that people are judged by, and incidents that have been told.
 */
function endCamera(state: CameraState, atMs: number, settings: CameraRules): Step {
  const input = endTrails(state.trails, atMs);
  const still: Observation = {
    atMs,
    tracks: [],
    endedTrackIds: [],
    motion: { ratio: 0, boxes: [] },
    sabotage: null,
  };
  const lines = stepLines(state, input, settings, state.trails);
  const zones = stepZones(state, input, settings, state.trails, still);
  const later = { atMs: atMs + GRACE_MS, samples: [], ended: [] };
  const judged = stepLines({ ...state, lines: lines.memories }, later, settings, state.trails);
  const left = settings.zones.flatMap((zone) => {
    const memory = zones.memories.get(zoneKey(zone));
    return memory ? endZone(memory.presence).map((change) => zoneFinding(zone, change, state.trails)) : [];
  });
  const quiet = [...zones.memories].map(
    ([key, { motion }]) => [key, { ...newZoneMemory(), motion }] as const,
  );
  return {
    state: {
      ...{ ...state, trails: new Map(), presence: new Set() },
      ...{ lines: judged.memories, zones: new Map(quiet) },
    },
    findings: toTell([...lines.findings, ...zones.findings, ...judged.findings, ...left], settings),
  };
}

function zoneFinding(zone: Zone, { kind, atMs, stay, sample }: ZoneChange, trails: Trails): Finding {
  if (kind === 'enter') return { type: 'zone-enter', ...describe(atMs, sample, trails, { zone: zone.name }) };
  const dwellSeconds = Math.max(0, atMs - stay.enteredAtMs) / 1000;
  const told = describe(atMs, sample, trails, { zone: zone.name, dwellSeconds });
  return { type: 'zone-leave', startMs: stay.enteredAtMs, ...told };
}

function countPeople(zone: Zone, observation: Observation, hiddenMs: number): number {
  return observation.tracks.filter(
    (track) =>
      track.label === 'person' &&
      track.hasMoved &&
      observation.atMs - track.lastSeenMs <= hiddenMs &&
      zoneContains(zone, track.foot),
  ).length;
}

function newZoneMemory(): ZoneMemory {
  return { presence: emptyZone, loitering: new Set(), crowd: noCrowd, motion: noMotion };
}

function lineKey(line: Line): string {
  return JSON.stringify([line.name, line.points]);
}

function zoneKey(zone: Zone): string {
  return JSON.stringify([zone.name, zone.polygons]);
}

/** In the order in which things happened, without what its rule is not about and what happened outside the rule's hours. */
function toTell(findings: readonly Finding[], settings: CameraRules): Finding[] {
  return withinHours(ofTheirObjects(findings, settings), settings).sort((a, b) => a.atMs - b.atMs);
}
