/** Connects door readers with their clocks, the events and the cameras that see them. Part of the composition root. */
import { AccessControl } from './access/access-control.ts';
import { ReaderClocks } from './access/reader-clocks.ts';
import type { RunningCameras } from './compose-cameras.ts';
import type { Stores } from './compose-stores.ts';
import type { EventLog } from './events/event-log.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import { readerClockOffsets } from './store/reader-clocks.ts';

export function composeAccess(deps: {
  stores: Stores;
  events: EventLog;
  cameras: RunningCameras;
  clock: Clock;
  log: Logger;
}): { access: AccessControl; readerClocks: ReaderClocks; stop: () => void } {
  const { stores, events, cameras, clock, log } = deps;
  const readerClocks = new ReaderClocks({
    offsets: readerClockOffsets(stores.settings),
    cameras: () => stores.cameras.list(),
    reports: (...range) => stores.accessEvents.listBetween(...range),
    crossings: (...range) => stores.lineCounts.peopleCrossings(...range),
    clock,
  });
  const access = new AccessControl({
    ...stores,
    reports: stores.accessEvents,
    eventLog: events,
    correctClock: (event) => readerClocks.correct(event),
    clock,
    log,
  });
  const stop = access.subscribe((event, cameraIds) => cameras.reported(event, cameraIds));
  return { access, readerClocks, stop };
}
