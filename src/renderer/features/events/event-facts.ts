/** Everything known about one event, for the list beside its picture. Pure. */

import type { Reader } from '../../../shared/domain-camera.ts';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { capital, directionWords, eventMoment } from '../../client/event-words.ts';
import { formatDay, formatSpan, formatTimeSeconds, formatZone } from '../../client/time-format.ts';

export interface Fact {
  name: string;
  value: string;
}

export function eventFacts(event: NvrEvent): Fact[] {
  const { detail } = event;
  const at = eventMoment(event);
  const facts: Fact[] = [
    { name: 'Time', value: `${formatDay(at)} ${formatTimeSeconds(at)} ${formatZone(at)}` },
    { name: 'Camera', value: event.cameraName },
  ];
  const add = (name: string, value: string | undefined | null) => {
    if (value) facts.push({ name, value });
  };
  addUnlock(event, add);
  add('Line', detail.line);
  add('Zone', detail.zone);
  add('Direction', capital(directionWords(detail.direction)));
  // Of a tailgating only one of several people is described: that is told on the picture.
  if (!detail.tailgating) {
    add('Seen', detail.label ? capital(detail.label) : null);
    add('Colour', detail.colour && capital(detail.colour));
    add('Movement', detail.movement && capital(detail.movement));
  }
  add('Confidence', detail.confidence === undefined ? null : `${Math.round(detail.confidence * 100)} %`);
  add('People', detail.count === undefined ? null : String(detail.count));
  add('Stayed', detail.dwellSeconds === undefined ? null : formatSpan(detail.dwellSeconds * 1000));
  const lastedMs = event.endEpochMs - event.startEpochMs;
  if (!detail.tailgating && lastedMs >= 1000) add('Lasted', formatSpan(lastedMs));
  return facts;
}

/** Readers are called by the name they have now, also where the event only knew the device's id. */
export function nameReaders(event: NvrEvent, readers: readonly Reader[]): NvrEvent {
  const rename = <T extends { deviceId: string; deviceName: string }>(access: T): T => ({
    ...access,
    deviceName: readers.find(({ deviceId }) => deviceId === access.deviceId)?.deviceName ?? access.deviceName,
  });
  const { access, tailgating } = event.detail;
  return {
    ...event,
    detail: {
      ...event.detail,
      ...(access && { access: rename(access) }),
      ...(tailgating?.unlock && { tailgating: { ...tailgating, unlock: rename(tailgating.unlock) } }),
    },
  };
}

function addUnlock({ detail }: NvrEvent, add: (name: string, value: string) => void): void {
  const { tailgating } = detail;
  const unlock = detail.access ?? tailgating?.unlock ?? null;
  if (unlock) {
    const unlocked = unlock.eventType === 'entry unlocked';
    add('Door', unlock.deviceName);
    if (unlocked || unlock.actorName || unlock.actorEmail)
      add(unlocked ? 'Unlocked by' : 'Person', unlock.actorName ?? unlock.actorEmail ?? 'Nobody named');
    if (tailgating) add('Unlocked at', formatTimeSeconds(unlock.atMs));
  } else if (tailgating?.mode === 'readers') add('Unlock', 'None in the time before');
  if (!tailgating) return;
  add('Came through', peopleWords(tailgating.people.length));
  add('Not let in', peopleWords(tailgating.people.filter(({ admitted }) => !admitted).length));
}

function peopleWords(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
