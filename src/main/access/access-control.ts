/**
 * Door readers: takes what the access-control system reports, once each, stores it as events of the cameras that see the
 * reader, and hands it to the rules, which compare it with who walks through.
 */

import type { Reader } from '../../shared/domain-camera.ts';
import type { AccessEvent, AccessFacts, NvrEvent } from '../../shared/domain-events.ts';
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { AccessEventStore } from '../store/access-events.ts';
import type { CameraStore } from '../store/cameras.ts';
import type { ReaderStore } from '../store/readers.ts';

export interface AccessControlDeps {
  readers: ReaderStore;
  cameras: CameraStore;
  reports: AccessEventStore;
  /** Runs what it is given in one transaction. */
  transaction: <T>(action: () => T) => T;
  /** The part of the event log that is needed here. */
  eventLog: {
    storeAccess(cameraIds: readonly string[], facts: AccessFacts): NvrEvent[];
    announce(events: readonly NvrEvent[]): Promise<void>;
  };
  /** The report with its time on the cameras' clock. */
  correctClock: (event: AccessEvent) => AccessEvent;
  clock: Clock;
  log: Logger;
}

/** Called with a reader's report and the cameras that see the reader. */
export type AccessListener = (event: AccessEvent, cameraIds: readonly string[]) => void;

export class AccessControl {
  private readonly deps: AccessControlDeps;
  private readonly listeners = new Set<AccessListener>();

  constructor(deps: AccessControlDeps) {
    this.deps = deps;
  }

  readers(): Reader[] {
    return this.deps.readers.list();
  }

  /** Replaces the list of readers; which cameras see them stays as it is. */
  replaceReaders(readers: readonly Reader[]): void {
    this.deps.readers.replaceAll(readers);
  }

  /**
   * Takes a report, whose time is by the reader's clock. `duplicate` when it is known already: then nothing happens.
   * Throws AppError `not-found` when no camera sees the reader.
   */
  report(reported: AccessEvent): 'taken' | 'duplicate' {
    const { deps } = this;
    const event = deps.correctClock(reported);
    const cameraIds = deps.cameras.idsOfReader(event.deviceId);
    if (cameraIds.length === 0)
      throw new AppError('not-found', `No camera is assigned to the device "${event.deviceId}".`);
    const deviceName = deps.readers.get(event.deviceId)?.deviceName ?? event.deviceId;
    const events = deps.transaction(() =>
      deps.reports.add(reported, deps.clock.epochMs())
        ? deps.eventLog.storeAccess(cameraIds, { ...event, deviceName })
        : null,
    );
    if (!events) return 'duplicate';
    this.tell(event, cameraIds);
    deps.eventLog
      .announce(events)
      .catch((error: unknown) => deps.log.error({ err: error }, 'access events could not be announced'));
    return 'taken';
  }

  /** Calls `listener` with every new report, right after it is stored; returns the undo. */
  subscribe(listener: AccessListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(event: AccessEvent, cameraIds: readonly string[]): void {
    for (const listener of this.listeners) {
      try {
        listener(event, cameraIds);
      } catch (error) {
        this.deps.log.error({ err: error }, 'a listener failed on an access event');
      }
    }
  }
}
