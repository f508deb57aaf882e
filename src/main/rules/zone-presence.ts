/** Zones: who has moved in and out, and since when each is inside. Pure; one state per zone. */

import type { Zone } from '../../shared/domain-camera.ts';
import { LABEL_GROUP } from '../../shared/domain-events.ts';
import { type Point, polygonContains } from '../../shared/geometry.ts';
import type { RuleInput, Sample } from './trail.ts';

export interface Stay {
  /** Names this stay for as long as it lasts, also when another track takes it over. */
  key: string;
  enteredAtMs: number;
  last: Sample;
}

interface Visitor {
  inside: boolean;
  stay: Stay | null;
  /** When the foot point went to the other side than `inside` says; null while it is where it should be. */
  changedAtMs: number | null;
  last: Sample;
  /** The sights before the last one, `PACE_SIGHTS` at most: how fast it goes. */
  before: readonly Sample[];
}

/** A stay whose track was lost in the middle of the zone: most likely still there, until somebody takes it over or time runs out. */
interface Orphan {
  stay: Stay;
  lostAtMs: number;
}

export interface ZoneState {
  visitors: ReadonlyMap<number, Visitor>;
  orphans: readonly Orphan[];
}

export interface ZoneChange {
  kind: 'enter' | 'leave';
  atMs: number;
  stay: Stay;
  sample: Sample;
}

export const emptyZone: ZoneState = { visitors: new Map(), orphans: [] };

const SETTLE_MS = 400;
/** On the border, within this share of the object's height, it must stay longer to count. */
const BORDER = 0.04;
const SETTLE_ON_BORDER_MS = 1200;
const ORPHAN_MS = 3000;
const EDGE = 0.03;
const PACE_SIGHTS = 2;
/** Lost so shortly before the border, at the pace it had, it has walked out. */
const SOON_MS = 600;

/**
 * One step. Enter and leave are stamped with the moment the foot point moved over the border, once it has stayed for `SETTLE_MS`.
 * Whoever is first seen inside has entered then. Whose track ends inside has left when last seen, or when they came to the border if
 * they were about to; except that a track of the same kind that appears at the place of one who was not takes the stay over (an
 * identity lost behind a pillar is not a leave and an enter).
 */
export function stepZone(
  state: ZoneState,
  zone: Zone,
  input: RuleInput,
): { state: ZoneState; changes: ZoneChange[]; stays: Stay[]; lost: Stay[] } {
  const visitors = new Map(state.visitors);
  let orphans = [...state.orphans];
  const changes: ZoneChange[] = [];
  for (const sample of input.samples) {
    const before = visitors.get(sample.trackId);
    const inside = zoneContains(zone, sample.foot);
    if (!before) {
      const heir = inside ? inherit(sample, visitors, orphans) : null;
      if (heir) {
        orphans = orphans.filter((orphan) => orphan.stay.key !== heir.key);
        for (const [id, visitor] of visitors) if (visitor.stay?.key === heir.key) visitors.delete(id);
      }
      const stay = heir && { ...heir, last: sample };
      visitors.set(sample.trackId, {
        inside: heir !== null,
        stay,
        changedAtMs: inside && !heir ? sample.atMs : null,
        last: sample,
        before: [],
      });
      continue;
    }
    const { visitor, change } = visit(before, sample, inside, zone);
    visitors.set(sample.trackId, visitor);
    if (change) changes.push(change);
  }
  for (const sample of input.ended) {
    const visitor = visitors.get(sample.trackId);
    visitors.delete(sample.trackId);
    if (!visitor?.inside || !visitor.stay) continue;
    const leftAtMs =
      visitor.changedAtMs ?? (isAtEdge(sample) ? sample.atMs : walkedOutAtMs(visitor, zone, input.atMs));
    if (leftAtMs === null) orphans.push({ stay: visitor.stay, lostAtMs: input.atMs });
    else changes.push({ kind: 'leave', atMs: leftAtMs, stay: visitor.stay, sample });
  }
  for (const { stay } of orphans.filter((orphan) => input.atMs - orphan.lostAtMs > ORPHAN_MS)) {
    changes.push({ kind: 'leave', atMs: stay.last.atMs, stay, sample: stay.last });
  }
  orphans = orphans.filter((orphan) => input.atMs - orphan.lostAtMs <= ORPHAN_MS);
  const stays = [...visitors.values()].flatMap((visitor) =>
    visitor.inside && visitor.stay ? [visitor.stay] : [],
  );
  return { state: { visitors, orphans }, changes, stays, lost: orphans.map(({ stay }) => stay) };
}

/** Everybody leaves when last seen: nothing more will come. */
export function endZone(state: ZoneState): ZoneChange[] {
  return state.orphans.map(({ stay }) => ({ kind: 'leave', atMs: stay.last.atMs, stay, sample: stay.last }));
}

export function zoneContains(zone: Zone, point: Point): boolean {
  // The lower and right border of the picture belong to the zone: a foot cut by the picture's edge stands at exactly 1.
  const inner = { x: Math.min(point.x, 0.9999), y: Math.min(point.y, 0.9999) };
  return zone.polygons.some((polygon) => polygonContains(polygon.points, inner));
}

function visit(
  before: Visitor,
  sample: Sample,
  inside: boolean,
  zone: Zone,
): { visitor: Visitor; change: ZoneChange | null } {
  const seen = { last: sample, before: [...before.before, before.last].slice(-PACE_SIGHTS) };
  if (inside === before.inside) {
    const stay = before.stay && { ...before.stay, last: sample };
    return { visitor: { inside, stay, changedAtMs: null, ...seen }, change: null };
  }
  const changedAtMs = before.changedAtMs ?? borderTime(before.last, sample, zone);
  const settled = sample.atMs - changedAtMs;
  const needed = isOnBorder(sample, zone, inside) ? SETTLE_ON_BORDER_MS : SETTLE_MS;
  if (settled < needed) return { visitor: { ...before, changedAtMs, ...seen }, change: null };
  const stay = before.stay ?? {
    key: `${sample.trackId}@${changedAtMs}`,
    enteredAtMs: changedAtMs,
    last: sample,
  };
  const change: ZoneChange = { kind: inside ? 'enter' : 'leave', atMs: changedAtMs, stay, sample };
  return { visitor: { inside, stay: inside ? stay : null, changedAtMs: null, ...seen }, change };
}

/** When one who is lost inside came to the border, at the pace of their last sights; null where that would have taken longer. */
function walkedOutAtMs({ last, before }: Visitor, zone: Zone, latestMs: number): number | null {
  const from = before[0];
  if (!from || from.atMs >= last.atMs) return null;
  const ahead = SOON_MS / (last.atMs - from.atMs);
  const foot = {
    x: last.foot.x + ahead * (last.foot.x - from.foot.x),
    y: last.foot.y + ahead * (last.foot.y - from.foot.y),
  };
  const staysInPicture = foot.x >= 0 && foot.x <= 1 && foot.y >= 0 && foot.y <= 1;
  if (staysInPicture && zoneContains(zone, foot)) return null;
  return Math.min(latestMs, borderTime(last, { ...last, atMs: last.atMs + SOON_MS, foot }, zone));
}

/** When the straight way between two sights went over the border (bisection). */
function borderTime(from: Sample, to: Sample, zone: Zone): number {
  const endsInside = zoneContains(zone, to.foot);
  let low = 0;
  let high = 1;
  for (let i = 0; i < 10; i++) {
    const middle = (low + high) / 2;
    const at = {
      x: from.foot.x + middle * (to.foot.x - from.foot.x),
      y: from.foot.y + middle * (to.foot.y - from.foot.y),
    };
    if (zoneContains(zone, at) === endsInside) high = middle;
    else low = middle;
  }
  return Math.round(from.atMs + high * (to.atMs - from.atMs));
}

/** Whether a step by `BORDER` of the object's size would bring it back over the border. */
function isOnBorder(sample: Sample, zone: Zone, inside: boolean): boolean {
  const dx = BORDER * sample.box.height * 0.5;
  const dy = BORDER * sample.box.height;
  const { x, y } = sample.foot;
  if (inside && y >= 0.999) return false;
  return [
    { x: x - dx, y },
    { x: x + dx, y },
    { x, y: y - dy },
    { x, y: Math.min(0.9999, y + dy) },
  ].some((point) => zoneContains(zone, point) !== inside);
}

/** The stay of a lost one of the same kind that this newcomer most likely is. */
function inherit(
  sample: Sample,
  visitors: ReadonlyMap<number, Visitor>,
  orphans: readonly Orphan[],
): Stay | null {
  const lost = [...visitors.values()]
    .filter(
      (visitor) => visitor.inside && visitor.changedAtMs === null && visitor.last.atMs < sample.atMs - 100,
    )
    .flatMap((visitor) => (visitor.stay ? [visitor.stay] : []));
  const near = [...lost, ...orphans.map((orphan) => orphan.stay)].filter(({ last }) => {
    const reach = 0.6 * Math.max(last.box.height, sample.box.height);
    return (
      LABEL_GROUP[last.label] === LABEL_GROUP[sample.label] &&
      Math.abs(last.foot.x - sample.foot.x) < reach &&
      Math.abs(last.foot.y - sample.foot.y) < reach
    );
  });
  return near.sort((a, b) => b.last.atMs - a.last.atMs)[0] ?? null;
}

function isAtEdge({ box }: Sample): boolean {
  return box.x < EDGE || box.y < EDGE || box.x + box.width > 1 - EDGE || box.y + box.height > 1 - EDGE;
}
