/** The words an event is found by, as Camio shows them: one table from the domain's events to labels. */
import type { AccessFacts, EventDetail, EventType, ObjectLabel } from '../../shared/domain-events.ts';
import { LABEL_GROUP } from '../../shared/domain-events.ts';

/** What Camio calls each group of objects. */
const GROUP_WORD = { person: 'human', vehicle: 'vehicle', cycle: 'vehicle', pet: 'pet' } as const;

/** Labels of an event, in a fixed order, without repetition (upper and lower case are the same). */
export function labelsOfEvent(type: EventType, detail: EventDetail): string[] {
  const labels = [
    ...kindWords(type, detail),
    ...(detail.label ? objectWords(detail.label) : []),
    ...(detail.line ? [detail.line] : []),
    ...(detail.zone ? [detail.zone] : []),
    ...(detail.direction ? [detail.direction] : []),
    ...movementWords(type, detail),
    ...(detail.tailgating?.unlock ? actorWords(detail.tailgating.unlock) : []),
    ...(detail.access ? accessWords(detail.access) : []),
    ...(detail.colour ? [detail.colour, `_color_${detail.colour}`] : []),
  ];
  return withoutRepetition(labels);
}

function kindWords(type: EventType, detail: EventDetail): string[] {
  if (type === 'loitering' || type === 'crowd' || type === 'tailgating') return [type];
  if (type === 'sabotage') return detail.sabotage ? [type, detail.sabotage] : [type];
  return [];
}

function objectWords(label: ObjectLabel): string[] {
  return label === 'person' ? ['human'] : [GROUP_WORD[LABEL_GROUP[label]], label];
}

function movementWords(type: EventType, detail: EventDetail): string[] {
  if (type === 'zone-enter') return ['approaching'];
  if (type === 'zone-leave') return ['departing'];
  return detail.movement ? [detail.movement] : [];
}

/** Who let the tailgater in: the actor's name and the labels of the unlock. */
function actorWords(unlock: AccessFacts): string[] {
  return [...(unlock.actorName ? [unlock.actorName] : []), ...unlock.labels];
}

function accessWords(access: AccessFacts): string[] {
  const { eventType, labels, actorId, actorName, actorEmail } = access;
  return [eventType, ...labels, actorId, actorName, actorEmail].filter(
    (word) => typeof word === 'string' && word !== '',
  ) as string[];
}

function withoutRepetition(labels: readonly string[]): string[] {
  const seen = new Set<string>();
  return labels.filter((label) => {
    const key = label.trim().toLowerCase();
    if (key === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
