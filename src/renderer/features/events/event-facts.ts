/** Everything known about one event, for the list beside its picture. Pure. */

import { plural, t } from '@lingui/core/macro';
import type { Reader } from '../../../shared/domain-camera.ts';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { capital, directionWords, eventMoment } from '../../client/event-words.ts';
import { COLOUR_WORDS, MOVEMENT_WORDS, wordOfLabel } from '../../client/label-words.ts';
import { formatDay, formatSpan, formatTimeSeconds, formatZone } from '../../client/time-format.ts';

export interface Fact {
  name: string;
  value: string;
}

export function eventFacts(event: NvrEvent): Fact[] {
  const { detail } = event;
  const at = eventMoment(event);
  const facts: Fact[] = [
    { name: t`Time`, value: `${formatDay(at)} ${formatTimeSeconds(at)} ${formatZone(at)}` },
    { name: t`Camera`, value: event.cameraName },
  ];
  const add = (name: string, value: string | undefined | null) => {
    if (value) facts.push({ name, value });
  };
  addUnlock(event, add);
  add(t`Line`, detail.line);
  add(t`Zone`, detail.zone);
  add(t`Direction`, capital(directionWords(detail.direction)));
  // Of a tailgating only one of several people is described: that is told on the picture.
  if (!detail.tailgating) {
    add(t`Seen`, detail.label ? capital(wordOfLabel(detail.label)) : null);
    add(t`Colour`, detail.colour && capital(COLOUR_WORDS[detail.colour]));
    add(t`Movement`, detail.movement && capital(MOVEMENT_WORDS[detail.movement]));
  }
  add(t`Confidence`, detail.confidence === undefined ? null : `${Math.round(detail.confidence * 100)} %`);
  add(t`People`, detail.count === undefined ? null : String(detail.count));
  add(t`Stayed`, detail.dwellSeconds === undefined ? null : formatSpan(detail.dwellSeconds * 1000));
  const lastedMs = event.endEpochMs - event.startEpochMs;
  if (!detail.tailgating && lastedMs >= 1000) add(t`Lasted`, formatSpan(lastedMs));
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
    add(t`Door`, unlock.deviceName);
    if (unlocked || unlock.actorName || unlock.actorEmail)
      add(unlocked ? t`Unlocked by` : t`Person`, unlock.actorName ?? unlock.actorEmail ?? t`Nobody named`);
    if (tailgating) add(t`Unlocked at`, formatTimeSeconds(unlock.atMs));
  } else if (tailgating?.mode === 'readers') add(t`Unlock`, t`None in the time before`);
  if (!tailgating) return;
  add(t`Came through`, peopleWords(tailgating.people.length));
  add(t`Not let in`, peopleWords(tailgating.people.filter(({ admitted }) => !admitted).length));
}

function peopleWords(count: number): string {
  return plural(count, { one: '# person', other: '# people' });
}
