/** Tracks that may not be objects of their own: people inside vehicles and second boxes of the same object. */
import { type Box, intersectionArea, intersectionOverUnion, type Point } from '../../../shared/geometry.ts';
import { atLeastPictures, type PicturePace } from '../../../shared/picture-pace.ts';
import { type Track, trackBox } from './track.ts';

const INSIDE = 0.75;
/** Somebody in a vehicle is much smaller than it; a pedestrian in front of or behind a car is not. */
const LARGEST_OCCUPANT = 0.5;
/** Shares of the vehicle's size: how far it must have driven, and how far an occupant may have shifted in it meanwhile. */
const DRIVEN = 0.25;
const SHIFTED = 0.22;
const SAME_OBJECT = 0.7;
const CONTAINED = 0.8;
/** Who is clear and was missed in a picture or two still vouches for what is a second box of theirs. */
const RECENT_MS = 600;
/** What is faint, how much clearer its part must be, how much smaller, and how alike in speed (sizes of the whole per second). */
const FAINT = 0.4;
const CLEARER = 1.4;
const PART = 0.6;
const TOGETHER = 0.8;

/** Share of `inner` that lies in `outer`, 0..1. */
export function containment(inner: Box, outer: Box): number {
  const area = inner.width * inner.height;
  return area > 0 ? intersectionArea(inner, outer) / area : 0;
}

/**
 * Updates who rides in a vehicle and whose existence is in doubt, from the tracks seen at `atMs`, and returns the ids of confirmed
 * tracks that have turned out to be second boxes of others.
 * Drivers behind windscreens are 'person' to the detector: a person box inside a vehicle's, clear of its lower edge, that goes where
 * the vehicle goes is one. Cyclists stay people: bicycles and motorcycles are no vehicles here.
 */
export function updateDoubts(tracks: readonly Track[], atMs: number, pace: PicturePace): Set<number> {
  const seen = tracks.filter((track) => track.lastSeenMs === atMs);
  const doubles = new Set<number>();
  const ghosts = new Set(tracks.filter((track) => isGhost(track, tracks)));
  for (const track of ghosts) if (track.confirmed) doubles.add(track.id);
  const recentMs = atLeastPictures(RECENT_MS, pace);
  const vouching = tracks.filter(
    (track) => atMs - track.lastSeenMs <= (track.usualConfidence < FAINT ? 0 : recentMs),
  );
  for (const track of seen) {
    const inVehicle = track.group === 'person' && updateRide(track, seen);
    const double = vouching.some((other) => isDouble(track, other));
    if (double && track.confirmed && isSameBox(track, seen)) doubles.add(track.id);
    const isGhostly = ghosts.has(track);
    // What was seen around another says nothing for it alone: it must be sure anew.
    if (isGhostly && !track.confirmed) Object.assign(track, { evidence: 0, sure: 0 });
    track.doubtful = (inVehicle && !track.confirmed) || double || isGhostly;
  }
  return doubles;
}

/** Whether the person is inside a vehicle that drives; also keeps `ride` and `riding`. */
function updateRide(person: Track, seen: readonly Track[]): boolean {
  const box = trackBox(person);
  const vehicle = seen.find((other) => isVehicle(other) && isInside(box, trackBox(other)));
  if (!vehicle) {
    person.ride = null;
    if (person.riding && person.detections > 2) person.riding = seen.length > 0 && touchesVehicle(box, seen);
    return false;
  }
  const outer = trackBox(vehicle);
  const place = placeIn(box, outer);
  if (person.ride?.vehicleId !== vehicle.id) {
    person.ride = { vehicleId: vehicle.id, start: place, vehicleStart: centre(outer), travelled: 0 };
  }
  const { start, vehicleStart } = person.ride;
  const driven = Math.hypot(
    (centre(outer).x - vehicleStart.x) / outer.width,
    (centre(outer).y - vehicleStart.y) / outer.height,
  );
  const shifted = Math.hypot(place.x - start.x, place.y - start.y);
  if (shifted > Math.max(SHIFTED, 0.8 * driven)) {
    person.riding = false;
    person.ride = { vehicleId: vehicle.id, start: place, vehicleStart: centre(outer), travelled: 0 };
    return false;
  }
  if (driven > DRIVEN) person.riding = true;
  return person.riding || !person.confirmed;
}

function isInside(person: Box, vehicle: Box): boolean {
  const clearOfGround = person.y + person.height < vehicle.y + 0.9 * vehicle.height;
  const small = person.width * person.height < LARGEST_OCCUPANT * vehicle.width * vehicle.height;
  return clearOfGround && small && containment(person, vehicle) >= INSIDE;
}

function touchesVehicle(person: Box, seen: readonly Track[]): boolean {
  return seen.some((other) => isVehicle(other) && containment(person, trackBox(other)) > 0.3);
}

/** What has only ever looked like one has nobody in it. */
function isVehicle(track: Track): boolean {
  return track.group === 'vehicle' && track.own > 0;
}

/** Whether `track` is a younger box of what `other` follows already. */
function isDouble(track: Track, other: Track): boolean {
  if (other.id === track.id || !other.confirmed) return false;
  // People are taken for pets far more often than pets for people: the person is believed, whichever was seen first.
  const isPet = track.group === 'pet' && other.group === 'person';
  if (track.group === 'person' && other.group === 'pet' && !isWeakPerson(track, other)) return false;
  if (!isPet && other.firstSeenMs > track.firstSeenMs) return false;
  if (!isPet && other.firstSeenMs === track.firstSeenMs && other.id > track.id) return false;
  const a = trackBox(track);
  const b = trackBox(other);
  if (other.group === track.group) {
    return (
      intersectionOverUnion(a, b) > SAME_OBJECT ||
      (!track.confirmed && isWeaker(track, other) && containment(a, b) > CONTAINED)
    );
  }
  const mistaken =
    track.group === 'pet' || other.group === 'pet' || (track.group !== 'person' && other.group !== 'person');
  return mistaken && !track.confirmed && (intersectionOverUnion(a, b) > 0.4 || containment(a, b) > CONTAINED);
}

/** Only where the pet is much surer is the person a slip. */
function isWeakPerson(person: Track, pet: Track): boolean {
  return person.usualConfidence < 0.6 * pet.usualConfidence;
}

/**
 * A faint box that holds a clear and much smaller object of its kind which goes the same way is that object once more: a rider drawn
 * with the bicycle, somebody with a shadow. It may be hidden just now. Who is hidden behind somebody is not larger.
 */
function isGhost(track: Track, tracks: readonly Track[]): boolean {
  if (track.usualConfidence >= FAINT) return false;
  const outer = trackBox(track);
  const area = outer.width * outer.height;
  return tracks.some((other) => {
    if (other.id === track.id || !other.confirmed || other.group !== track.group) return false;
    if (other.maxConfidence < CLEARER * track.usualConfidence) return false;
    const inner = trackBox(other);
    const isPart = inner.width * inner.height < PART * area && containment(inner, outer) > CONTAINED;
    const dx = (other.centreX.velocity - track.centreX.velocity) / outer.width;
    const dy = (other.bottom.velocity - track.bottom.velocity) / outer.height;
    return isPart && Math.hypot(dx, dy) < TOGETHER;
  });
}

/** A faint large box (a shadow, a ghost of the detector) must not hide a clear one inside it. */
function isWeaker(track: Track, other: Track): boolean {
  return track.usualConfidence < CLEARER * other.usualConfidence;
}

function isSameBox(track: Track, seen: readonly Track[]): boolean {
  return seen.some(
    (other) =>
      other.group === track.group &&
      isDouble(track, other) &&
      intersectionOverUnion(trackBox(track), trackBox(other)) > SAME_OBJECT,
  );
}

function centre(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Where the person's centre is in the vehicle's box, 0..1 each way. */
function placeIn(person: Box, vehicle: Box): Point {
  const c = centre(person);
  return { x: (c.x - vehicle.x) / vehicle.width, y: (c.y - vehicle.y) / vehicle.height };
}
