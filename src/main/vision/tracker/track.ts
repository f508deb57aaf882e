/** The state of one followed object and how it changes with time and detections. Pure but for its own record; no matching here. */
import { LABEL_GROUP, type LabelGroup, type ObjectLabel } from '../../../shared/domain-events.ts';
import type { Box, Point } from '../../../shared/geometry.ts';
import type { Detection } from '../detector/detection.ts';
import { correctMotion, type Motion, predictMotion, startMotion } from './kalman.ts';
import { travel } from './movement.ts';
import { cutEdges, cutsOneSide, isFragment } from './picture-edge.ts';
import { noteMovement, noteRise, type Rest } from './rest.ts';
import { rememberSight, type Sights } from './sights.ts';

export interface Track extends Rest, Sights {
  id: number;
  group: LabelGroup;
  /** Votes by label: sums of scores, fading over `VOTE_FADE_MS`. */
  votes: Map<ObjectLabel, number>;
  /** Middle of the box across, its bottom edge (legs held while hidden), and its size; fractions of the picture. */
  centreX: Motion;
  bottom: Motion;
  width: number;
  height: number;
  /** As wide as it was when neither side of the picture cut it; null before that. */
  wholeWidth: number | null;
  confidence: number;
  maxConfidence: number;
  /** Score as it has been lately: fades over `SCORE_FADE_SECONDS`. */
  usualConfidence: number;
  /** Seconds-weighted sum of scores; see `EVIDENCE_TO_CONFIRM`. */
  evidence: number;
  /** Times it was seen, how often of these as what it is (and not as a look-alike), and how often for sure. */
  detections: number;
  own: number;
  sure: number;
  steps: number;
  /** As the detector drew it last. */
  lastBox: Box;
  /** Speed when last seen, in own widths and heights per second. */
  pace: Point;
  confirmed: boolean;
  firstSeenMs: number;
  lastSeenMs: number;
  predictedToMs: number;
  /** Detections that the picture's edge did not cut, the tallest box, and the longest way from the origin in own sizes. */
  whole: number;
  tallest: number;
  travelled: number;
  heldSinceMs: number | null;
  ride: { vehicleId: number; start: Point; vehicleStart: Point; travelled: number } | null;
  riding: boolean;
  /** Inside a vehicle, or in the box of another of its kind, at the last step: not confirmed while so. */
  doubtful: boolean;
}

/** Largest usual speed and acceleration, in object sizes per second (size: square root of the box's area). */
const PACE: Record<LabelGroup, { speed: number; acceleration: number }> = {
  person: { speed: 2.2, acceleration: 3 },
  cycle: { speed: 3.5, acceleration: 4 },
  vehicle: { speed: 4.5, acceleration: 4 },
  pet: { speed: 3.5, acceleration: 5 },
};

/** Speed in own sizes per second below which an object stands. */
export const STILL_PACE = 0.25;
const YOUNG_DETECTIONS = 3;
const MEASURE_SIGMA = 0.1;
const SIZE_SETTLE_SECONDS = 0.3;
const SCORE_FADE_SECONDS = 1;
const VOTE_FADE_MS = 10_000;
/** Hidden legs are believed to be there for this long. */
const HOLD_MS = 2500;
const SHRUNK = 0.8;
const USUAL_STEP_SECONDS = 0.2;

/** Size of a box in fractions of the picture's width and height: the side of a square of the same area on the screen. */
export function boxScale(width: number, height: number, aspectRatio: number): { x: number; y: number } {
  const side = Math.sqrt(Math.max(width * aspectRatio * height, 1e-8));
  return { x: side / aspectRatio, y: side };
}

export function startTrack(id: number, atMs: number, detection: Detection, aspectRatio: number): Track {
  const { box, label, isLookAlike } = detection;
  const confidence = isLookAlike ? 0 : detection.confidence;
  const group = LABEL_GROUP[label];
  const scale = boxScale(box.width, box.height, aspectRatio);
  const { speed } = PACE[group];
  const track: Track = {
    id,
    group,
    votes: new Map([[label, confidence]]),
    centreX: startMotion(box.x + box.width / 2, MEASURE_SIGMA * scale.x, speed * scale.x),
    bottom: startMotion(box.y + box.height, MEASURE_SIGMA * scale.y, speed * scale.y),
    width: box.width,
    height: box.height,
    wholeWidth: cutsOneSide(box) === null ? box.width : null,
    confidence,
    maxConfidence: confidence,
    usualConfidence: confidence,
    evidence: isFragment(group, box, aspectRatio) ? 0 : confidence,
    detections: 1,
    own: isLookAlike ? 0 : 1,
    sure: 0,
    steps: 1,
    lastBox: box,
    pace: { x: 0, y: 0 },
    confirmed: false,
    reported: false,
    firstSeenMs: atMs,
    lastSeenMs: atMs,
    predictedToMs: atMs,
    origin: box,
    hasMoved: false,
    movedSinceMs: null,
    resting: 0,
    lastWay: 0,
    rise: null,
    whole: cutEdges(box).any ? 0 : 1,
    tallest: box.height,
    travelled: 0,
    heldSinceMs: null,
    earlier: [],
    ride: null,
    riding: false,
    doubtful: false,
  };
  rememberSight(track, atMs, { foot: trackFoot(track), box: trackBox(track) });
  return track;
}

/** Carries the track on to a time; one that has been hidden for longer than `goesOnMs` stands. */
export function predictTrack(track: Track, atMs: number, aspectRatio: number, goesOnMs: number): void {
  const seconds = (atMs - track.predictedToMs) / 1000;
  if (seconds <= 0) return;
  const scale = boxScale(track.width, track.height, aspectRatio);
  const { acceleration } = PACE[track.group];
  const goesOnSeconds = Math.max(0, (track.lastSeenMs + goesOnMs - track.predictedToMs) / 1000);
  track.centreX = carryOn(track.centreX, seconds, goesOnSeconds, acceleration * scale.x);
  track.bottom = carryOn(track.bottom, seconds, goesOnSeconds, acceleration * scale.y);
  track.predictedToMs = atMs;
  track.steps++;
}

function carryOn(motion: Motion, seconds: number, goesOnSeconds: number, accelerationSigma: number): Motion {
  const moved = predictMotion(motion, Math.min(seconds, goesOnSeconds), accelerationSigma);
  if (seconds <= goesOnSeconds) return moved;
  return predictMotion({ ...moved, velocity: 0 }, seconds - goesOnSeconds, accelerationSigma);
}

/** Takes in a detection of this object; call `predictTrack` for the same time first. */
export function correctTrack(track: Track, atMs: number, detection: Detection, aspectRatio: number): void {
  const seconds = Math.max(0.02, (atMs - track.lastSeenMs) / 1000);
  const seen = withHiddenLegs(track, atMs, detection.box);
  const box = withHiddenSide(track, seen);
  if (isFarOff(track, box, aspectRatio)) restartMotion(track, box, seconds, aspectRatio);
  const scale = boxScale(track.width, track.height, aspectRatio);
  const sigma = MEASURE_SIGMA * (detection.confidence < 0.3 ? 1.5 : 1);
  track.centreX = correctMotion(track.centreX, box.x + box.width / 2, sigma * scale.x);
  track.bottom = correctMotion(track.bottom, box.y + box.height, sigma * scale.y);
  const settle = 1 - Math.exp(-seconds / SIZE_SETTLE_SECONDS);
  track.width += settle * (box.width - track.width);
  track.height += settle * (box.height - track.height);
  if (cutsOneSide(box) === null) track.wholeWidth = track.width;
  track.pace = {
    x: track.centreX.velocity / Math.max(track.width, 0.01),
    y: track.bottom.velocity / Math.max(track.height, 0.01),
  };
  track.lastBox = detection.box;
  track.detections++;
  track.lastSeenMs = atMs;
  if (!detection.isLookAlike) believe(track, detection, seconds, !isFragment(track.group, seen, aspectRatio));
  if (!cutEdges(detection.box).any) track.whole++;
  track.tallest = Math.max(track.tallest, detection.box.height);
  track.travelled = Math.max(track.travelled, travel(track.origin, detection.box, aspectRatio));
  noteMovement(track, atMs, seen, aspectRatio, seconds);
  if (track.group === 'person') noteRise(track, atMs, seen);
  rememberSight(track, atMs, { foot: trackFoot(track), box: trackBox(track) });
}

/** What a detection says about whether and what it is; a look-alike says only where. */
function believe(track: Track, detection: Detection, seconds: number, isEvidence: boolean): void {
  const { confidence } = detection;
  track.own++;
  track.confidence = confidence;
  track.maxConfidence = Math.max(track.maxConfidence, confidence);
  track.usualConfidence +=
    (1 - Math.exp(-seconds / SCORE_FADE_SECONDS)) * (confidence - track.usualConfidence);
  if (isEvidence) track.evidence += (confidence * Math.min(seconds, 0.4)) / USUAL_STEP_SECONDS;
  vote(track, detection, seconds);
}

/** The smoothed or predicted box, clipped to the picture. */
export function trackBox(track: Track): Box {
  const left = Math.max(0, track.centreX.position - track.width / 2);
  const right = Math.min(1, track.centreX.position + track.width / 2);
  const top = Math.max(0, track.bottom.position - track.height);
  const bottom = Math.min(1, track.bottom.position);
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** Where it stands: y is 1 while the lower edge of the picture cuts it. */
export function trackFoot(track: Track): Point {
  const y = Math.min(1, Math.max(0, track.bottom.position));
  return { x: Math.min(1, Math.max(0, track.centreX.position)), y: y > 0.985 ? 1 : y };
}

export function trackLabel(track: Track): ObjectLabel {
  let best: ObjectLabel | null = null;
  for (const [label, votes] of track.votes) if (best === null || votes > track.votes.get(best)!) best = label;
  return best!;
}

/** Whether its speed is still a guess, so that it may as well be near where it was last as where it is predicted. */
export function isYoung(track: Track): boolean {
  return track.detections <= YOUNG_DETECTIONS;
}

/** Whether it was on its way out of the picture when last seen. */
export function isLeaving(track: Track): boolean {
  const cut = cutEdges(track.lastBox);
  const { x, y } = track.pace;
  return (
    (cut.left && x < -STILL_PACE) ||
    (cut.right && x > STILL_PACE) ||
    (cut.top && y < -STILL_PACE) ||
    (cut.bottom && y > STILL_PACE)
  );
}

/** How far from its predicted place it may be now: one standard deviation in object sizes. */
export function positionSigma(track: Track, aspectRatio: number): number {
  const scale = boxScale(track.width, track.height, aspectRatio);
  return Math.sqrt((track.centreX.pp / scale.x ** 2 + track.bottom.pp / scale.y ** 2) / 2);
}

/** Whether the prediction was so wrong that the speed behind it is worth nothing. */
function isFarOff(track: Track, box: Box, aspectRatio: number): boolean {
  const scale = boxScale(track.width, track.height, aspectRatio);
  const dx = (box.x + box.width / 2 - track.centreX.position) / scale.x;
  const dy = (box.y + box.height - track.bottom.position) / scale.y;
  return isYoung(track) && track.detections > 1 && Math.hypot(dx, dy) > 1;
}

/** Learns the speed anew from the last two sights. */
function restartMotion(track: Track, box: Box, seconds: number, aspectRatio: number): void {
  const scale = boxScale(track.width, track.height, aspectRatio);
  const { speed } = PACE[track.group];
  const { lastBox } = track;
  const vx = (box.x + box.width / 2 - lastBox.x - lastBox.width / 2) / seconds;
  const vy = (box.y + box.height - lastBox.y - lastBox.height) / seconds;
  const x = startMotion(box.x + box.width / 2, MEASURE_SIGMA * scale.x, 0.5 * speed * scale.x);
  const y = startMotion(box.y + box.height, MEASURE_SIGMA * scale.y, 0.5 * speed * scale.y);
  track.centreX = { ...x, velocity: vx };
  track.bottom = { ...y, velocity: vy };
}

/**
 * The box as it would be with its legs: where the bottom edge has suddenly come up while the top stayed where it was expected,
 * something in front hides them (or the detector lost them), and the height known before is kept for `HOLD_MS`.
 */
function withHiddenLegs(track: Track, atMs: number, box: Box): Box {
  const expectedTop = track.bottom.position - track.height;
  const topStayed = Math.abs(box.y - expectedTop) < 0.12 * track.height;
  const shrunk = box.height < SHRUNK * track.height && box.width > 0.6 * track.width;
  const known = track.detections >= 4 && track.group === 'person' && track.bottom.position < 0.98;
  const stillHeld = track.heldSinceMs === null || atMs - track.heldSinceMs < HOLD_MS;
  if (!(known && topStayed && shrunk && stillHeld)) {
    if (!shrunk) track.heldSinceMs = null;
    return box;
  }
  track.heldSinceMs ??= atMs;
  return { ...box, height: Math.min(track.height, 1 - box.y) };
}

/**
 * The box as wide as it was before one side of the picture began to cut it, so that it goes out of the picture instead of getting
 * thinner, and its foot with it. Who was never seen whole is as wide as seen.
 */
function withHiddenSide(track: Track, box: Box): Box {
  const side = cutsOneSide(box);
  if (side === null || track.wholeWidth === null || box.width >= track.wholeWidth) return box;
  const right = box.x + box.width;
  return { ...box, x: side === 'left' ? right - track.wholeWidth : box.x, width: track.wholeWidth };
}

function vote(track: Track, detection: Detection, seconds: number): void {
  const fade = Math.exp((-seconds * 1000) / VOTE_FADE_MS);
  for (const [label, votes] of track.votes) track.votes.set(label, votes * fade);
  if (LABEL_GROUP[detection.label] !== track.group) return;
  track.votes.set(detection.label, (track.votes.get(detection.label) ?? 0) + detection.confidence);
}
