/** What kind of thing an event is on a timeline, and which kind matters more. Pure. */
import { type EventType, LABEL_GROUP, type ObjectLabel } from './domain-events.ts';

export type MarkKind = 'person' | 'vehicle' | 'animal' | 'motion' | 'alarm' | 'access' | 'camera';

/** Where marks would lie over each other, the one with the higher number is shown. */
export const KIND_ORDER: Record<MarkKind, number> = {
  motion: 0,
  access: 1,
  animal: 2,
  vehicle: 3,
  person: 4,
  camera: 5,
  alarm: 6,
};

/** `label`: of the object, or what the reader reported. */
export function markKind(type: EventType, label: string | null): MarkKind {
  if (type === 'tailgating' || label === 'forced open') return 'alarm';
  if (type === 'sabotage' || label === 'entry ajar') return 'camera';
  if (type === 'access' || type === 'motion') return type;
  return type === 'crowd' ? 'person' : kindOfLabel(label ?? 'person');
}

/** Of an object; what is none counts as motion. */
export function kindOfLabel(label: string): MarkKind {
  const group = label in LABEL_GROUP ? LABEL_GROUP[label as ObjectLabel] : null;
  if (group === 'person') return 'person';
  if (group === 'pet') return 'animal';
  return group === null ? 'motion' : 'vehicle';
}
