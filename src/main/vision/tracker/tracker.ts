/**
 * Follows objects from picture to picture: detections in, confirmed objects with stable identities out.
 * Everything is in time, nothing in frame counts, so 3 to 10 pictures a second give the same tracks; where they are rarer, patience lasts
 * for a picture or two. Knows no lines or zones.
 * Two-stage matching after ByteTrack (Zhang et al. 2022): sure detections first, then faint ones for the tracks left over.
 */
import type { TrackedObject } from '../../../shared/domain-events.ts';
import { intersectionOverUnion } from '../../../shared/geometry.ts';
import { atLeastPictures, notePicture, unknownPace } from '../../../shared/picture-pace.ts';
import type { Detection } from '../detector/detection.ts';
import { assign } from './assignment.ts';
import { matchCost, NO_MATCH } from './association.ts';
import { updateDoubts } from './doubt.ts';
import { isPart, withoutParts } from './parts.ts';
import { cutEdges, isOverwhelming } from './picture-edge.ts';
import { sightsBefore } from './sights.ts';
import {
  correctTrack,
  isLeaving,
  predictTrack,
  STILL_PACE,
  startTrack,
  type Track,
  trackBox,
  trackFoot,
  trackLabel,
} from './track.ts';

export interface TrackerOptions {
  /** Steep or overhead view: look-alike classes are reported as people and vehicles, so nothing counts before it has moved. */
  overheadView: boolean;
  /** Score from which a detection is sure. */
  minConfidence: number;
  /** Picture width over height, as shown. */
  aspectRatio?: number;
}

export interface TrackerStep {
  /** Confirmed objects, hidden ones included until they are given up. */
  tracks: TrackedObject[];
  /** Ids of reported tracks that were given up in this step. */
  endedTrackIds: number[];
}

/** Seconds-weighted scores (a score of 1 for one usual step of 0.2 s counts 1) that make a track an object. */
const EVIDENCE_TO_CONFIRM = 1.1;
/** A track that was never sure needs this much more, over this time, and must have moved. */
const FAINT_EVIDENCE = 1.8;
const FAINT_MS = 1200;
/** Who is only ever seen cut by the picture's edge must last, and be tall in the picture or walk along the edge. */
const EDGE_EVIDENCE = 2.2;
const WHOLE_SHARE = 0.3;
const TALL = 0.65;
/** One sure detection among faint ones may be a slip: a little more is asked. */
const LONE_EVIDENCE = 0.5;
const LOWEST_SCORE = 0.1;
/** How long tracks are kept that are not seen, or a picture or two where that is longer. */
const LOSE_MS = 2500;
/** What stood still when it was lost is most likely still there. */
const LOSE_STILL_MS = 6000;
const LOSE_AT_EDGE_MS = 800;
const LOSE_TENTATIVE_MS = 900;
/** A hidden object is carried on along its way for this long, and at any rate to the next picture; then it stays where it is. */
const PREDICT_MS = 1000;
const NEXT_PICTURE = 1.5;
const BIRTH_OVERLAP = 0.5;
const MOST_TRACKS = 300;

export class Tracker {
  private readonly options: Required<TrackerOptions>;
  private tracks: Track[] = [];
  private nextId = 1;
  private lastMs = Number.NEGATIVE_INFINITY;
  private pace = unknownPace;

  constructor(options: TrackerOptions) {
    this.options = { aspectRatio: 16 / 9, ...options };
  }

  /** Takes the detections of one picture; times must ascend (a repeated or earlier picture is ignored). */
  step(atMs: number, detections: readonly Detection[]): TrackerStep {
    if (atMs <= this.lastMs) return { tracks: this.report(this.lastMs), endedTrackIds: [] };
    this.lastMs = atMs;
    this.pace = notePicture(this.pace, atMs);
    // After a gap in the pictures nobody is who was there before it.
    const lost = this.giveUp(atMs, new Set());
    const goesOnMs = atLeastPictures(PREDICT_MS, this.pace, NEXT_PICTURE);
    for (const track of this.tracks) predictTrack(track, atMs, this.options.aspectRatio, goesOnMs);
    const usable = withoutParts(
      detections.filter((d) => d.confidence >= LOWEST_SCORE && d.box.width > 0 && d.box.height > 0),
    );
    const sure = usable.filter((d) => this.isSure(d));
    const faint = usable.filter((d) => !this.isSure(d));
    const plausible = faint.filter((d) => !isOverwhelming(d.box));
    const sureLeft = this.match(atMs, this.tracks, sure, false);
    const waiting = this.tracks.filter((track) => track.lastSeenMs !== atMs);
    const faintLeft = this.match(atMs, waiting, faint, true);
    this.begin(atMs, [...sureLeft, ...faintLeft.filter((d) => plausible.includes(d))]);
    this.makeWhole(atMs);
    const doubles = updateDoubts(this.tracks, atMs, this.pace);
    for (const track of this.tracks) if (this.isObject(track, atMs)) track.confirmed = true;
    const endedTrackIds = [...lost, ...this.giveUp(atMs, doubles)];
    return { tracks: this.report(atMs), endedTrackIds };
  }

  /** Nobody is followed any more, and whoever is seen next is somebody new. */
  forget(): void {
    this.tracks = [];
  }

  /** It has come to where it stands, though it was not seen to: told with the next report. */
  noteArrival(trackId: number): void {
    const track = this.tracks.find(({ id }) => id === trackId);
    if (track) track.hasMoved = true;
  }

  /** Gives detections to tracks at the least total cost; returns the detections nobody took. */
  private match(
    atMs: number,
    tracks: readonly Track[],
    detections: readonly Detection[],
    low: boolean,
  ): Detection[] {
    const { aspectRatio } = this.options;
    const costs = tracks.map((track) =>
      detections.map((detection) =>
        matchCost(track, detection, atMs, aspectRatio, low || this.isFaint(track)),
      ),
    );
    const taken = new Set<number>();
    for (const [row, column] of assign(costs, NO_MATCH).entries()) {
      if (column < 0) continue;
      taken.add(column);
      const track = tracks[row]!;
      const detection = detections[column]!;
      correctTrack(track, atMs, detection, aspectRatio);
      if (this.isSure(detection)) track.sure++;
    }
    return detections.filter((_, index) => !taken.has(index));
  }

  private isSure(detection: Detection): boolean {
    return detection.confidence >= this.options.minConfidence && !detection.isLookAlike;
  }

  private isFaint(track: Track): boolean {
    return !track.confirmed && track.maxConfidence < this.options.minConfidence;
  }

  /** New tracks for detections that no seen track of the same kind covers already. */
  private begin(atMs: number, detections: readonly Detection[]): void {
    for (const detection of detections) {
      if (this.tracks.length >= MOST_TRACKS) return;
      const fresh = startTrack(this.nextId, atMs, detection, this.options.aspectRatio);
      const covered = this.tracks.some(
        (track) =>
          track.lastSeenMs === atMs &&
          track.group === fresh.group &&
          intersectionOverUnion(trackBox(track), detection.box) > BIRTH_OVERLAP,
      );
      if (covered) continue;
      if (this.isSure(detection)) fresh.sure = 1;
      this.nextId++;
      this.tracks.push(fresh);
    }
  }

  /** Who was followed by their legs or their head alone, and is seen whole by a track that is not sure yet, goes on as one. */
  private makeWhole(atMs: number): void {
    const fresh = this.tracks.filter((track) => !track.confirmed && track.lastSeenMs === atMs);
    for (const known of this.tracks) {
      if (!known.confirmed || known.group !== 'person' || known.lastSeenMs === atMs) continue;
      const whole = fresh.find(
        (track) => track.group === 'person' && track.own > 0 && isPart(trackBox(known), trackBox(track)),
      );
      if (!whole) continue;
      const seen = { label: trackLabel(whole), confidence: whole.confidence, box: whole.lastBox };
      correctTrack(known, atMs, seen, this.options.aspectRatio);
      if (this.isSure(seen)) known.sure++;
      this.tracks = this.tracks.filter((track) => track !== whole);
      fresh.splice(fresh.indexOf(whole), 1);
    }
  }

  private isObject(track: Track, atMs: number): boolean {
    if (track.confirmed || track.doubtful || track.lastSeenMs !== atMs || track.own < 2)
      return track.confirmed;
    if (track.detections < 0.5 * track.steps) return false;
    if (this.options.overheadView && !track.hasMoved) return false;
    const atEdge = this.isEdgeBound(track);
    if (atEdge && track.tallest < TALL && track.travelled < 1) return false;
    const needed = atEdge ? EDGE_EVIDENCE : EVIDENCE_TO_CONFIRM;
    if (track.sure >= 2) return track.evidence >= needed;
    // What mostly looked like something else must be sure.
    if (track.own < 0.5 * track.steps) return false;
    if (track.sure === 1) return track.evidence >= needed + LONE_EVIDENCE;
    const lasting = atMs - track.firstSeenMs >= FAINT_MS && track.evidence >= FAINT_EVIDENCE;
    return lasting && track.hasMoved && !atEdge && track.maxConfidence >= 0.6 * this.options.minConfidence;
  }

  /** Whether a person or pet has (nearly) only been seen cut by the picture's edge: it may be an arm that reaches in. */
  private isEdgeBound(track: Track): boolean {
    const mayBeArm = track.group === 'person' || track.group === 'pet';
    return mayBeArm && (track.whole < 2 || track.whole < WHOLE_SHARE * track.detections);
  }

  private giveUp(atMs: number, doubles: ReadonlySet<number>): number[] {
    const kept: Track[] = [];
    const ended: number[] = [];
    for (const track of this.tracks) {
      if (!doubles.has(track.id) && atMs - track.lastSeenMs <= this.patienceMs(track)) kept.push(track);
      else if (track.reported) ended.push(track.id);
    }
    this.tracks = kept;
    return ended;
  }

  /** How long a lost track is kept. */
  private patienceMs(track: Track): number {
    return atLeastPictures(this.usualPatienceMs(track), this.pace);
  }

  private usualPatienceMs(track: Track): number {
    if (!track.confirmed) return LOSE_TENTATIVE_MS;
    const box = trackBox(track);
    if (isLeaving(track) || box.width <= 0 || box.height <= 0) return LOSE_AT_EDGE_MS;
    const still = Math.hypot(track.pace.x, track.pace.y) < STILL_PACE && !cutEdges(box).any;
    return still ? LOSE_STILL_MS : LOSE_MS;
  }

  private report(atMs: number): TrackedObject[] {
    const objects: TrackedObject[] = [];
    for (const track of this.tracks) {
      if (!track.confirmed || track.riding) continue;
      const earlier = track.reported ? undefined : sightsBefore(track, atMs);
      track.reported = true;
      track.earlier = [];
      objects.push({
        trackId: track.id,
        label: trackLabel(track),
        confidence: track.confidence,
        maxConfidence: track.maxConfidence,
        box: trackBox(track),
        foot: trackFoot(track),
        firstSeenMs: track.firstSeenMs,
        lastSeenMs: track.lastSeenMs,
        hasMoved: track.hasMoved,
        ...(earlier?.length ? { earlier } : {}),
      });
    }
    return objects;
  }
}
