/**
 * Where events are born: a finding of the rules, or a reader's report, becomes one stored event, with its labels and
 * pictures, and is then told to everybody who listens. Delivery to the outside is not here but in `outputs/`.
 */
import { randomUUID } from 'node:crypto';
import type { AccessFacts, EventDetail, Finding, NvrEvent } from '../../shared/domain-events.ts';
import type { Logger } from '../platform/log.ts';
import type { EventFilter } from '../store/event-pages.ts';
import type { EventStore, NewEvent } from '../store/events.ts';
import { type EventPictures, isOtherDay, type Snapshot } from './event-pictures.ts';
import { labelsOfEvent } from './labels.ts';
import { describePicture } from './likeness.ts';

export interface EventLogDeps {
  events: EventStore;
  pictures: EventPictures;
  /** A reader's name; null where it is not known. */
  readerName?: (deviceId: string) => string | null;
  log: Logger;
  /** Stores what belongs to an event (outbox rows) in the event's own transaction. */
  storeAlongside?: (event: NvrEvent) => void;
  /** Likewise for an event that has changed: an upload in which something was found. */
  changeAlongside?: (event: NvrEvent) => void;
}

/** Above this many events in the making, further ones are stored at once, without a picture. */
const MAX_PENDING = 64;
const REMOVE_STEP = 500;

export class EventLog {
  private readonly deps: EventLogDeps;
  private readonly listeners = new Set<(event: NvrEvent) => void>();
  private readonly pending = new Set<Promise<unknown>>();
  /** The end of the queue of each camera: its events are stored in the order in which they were found. */
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(deps: EventLogDeps) {
    this.deps = deps;
  }

  /** Stores what the rules found on a camera (times in epoch ms), in order, and tells the listeners. */
  report(cameraId: string, findings: readonly Finding[]): Promise<NvrEvent[]> {
    const pictures = findings.map((finding) =>
      this.pending.size > MAX_PENDING
        ? Promise.resolve(null)
        : this.deps.pictures.take(cameraId, finding.pictureMs ?? finding.atMs, finding.detail.box ?? null),
    );
    const before = this.queues.get(cameraId) ?? Promise.resolve();
    const work = before.then(async () => this.storeFindings(cameraId, findings, await Promise.all(pictures)));
    const settled = work.then(
      () => {},
      () => {},
    );
    this.queues.set(cameraId, settled);
    this.track(settled).then(() => {
      if (this.queues.get(cameraId) === settled) this.queues.delete(cameraId);
    });
    return work;
  }

  /** Stores what was found in earlier footage, with its picture. Nobody outside is told: it is no news. */
  async storePast(cameraId: string, finding: Finding, snapshot: Snapshot | null): Promise<NvrEvent> {
    const [event] = await this.track(this.storeFindings(cameraId, [finding], [snapshot], 'past'));
    return event!;
  }

  /**
   * Stores one event per camera for a reader's report, at once: may be called inside a transaction, together with which
   * it is stored or not. `announce` then tells the listeners, after looking for pictures.
   */
  storeAccess(cameraIds: readonly string[], facts: AccessFacts): NvrEvent[] {
    const detail: EventDetail = { access: facts };
    const events = cameraIds.map(
      (cameraId): NewEvent => ({
        id: randomUUID(),
        cameraId,
        type: 'access',
        startEpochMs: facts.atMs,
        endEpochMs: facts.atMs,
        labels: labelsOfEvent('access', detail),
        detail,
        hasSnapshot: false,
        hasCrop: false,
      }),
    );
    return this.deps.events.insert(events, this.deps.storeAlongside);
  }

  /** Stores an event of an upload, at once: may be called inside a transaction. The listeners are told when that has ended. */
  storeUpload(cameraId: string, draft: Pick<NewEvent, 'startEpochMs' | 'endEpochMs' | 'detail'>): NvrEvent {
    const fresh: NewEvent = {
      ...draft,
      id: randomUUID(),
      cameraId,
      type: 'motion',
      labels: [],
      hasSnapshot: false,
      hasCrop: false,
    };
    const [event] = this.deps.events.insert([fresh], this.deps.storeAlongside);
    queueMicrotask(() => {
      if (this.deps.events.get(fresh.id)) this.tell(event!);
    });
    return event!;
  }

  /** Changes an event of an upload; null when it is gone. */
  change(
    id: string,
    changes: Partial<Pick<NewEvent, 'type' | 'startEpochMs' | 'endEpochMs' | 'labels' | 'detail'>>,
  ): NvrEvent | null {
    const before = this.deps.events.get(id);
    const event = this.deps.events.change(id, changes, this.deps.changeAlongside);
    // Pictures lie in folders by day.
    if (before?.hasSnapshot && event && isOtherDay(before, event))
      this.track(this.deps.pictures.move(before, event)).catch((error: unknown) =>
        this.deps.log.warn({ err: error, eventId: id }, 'the pictures of an event could not be moved'),
      );
    return event;
  }

  /** Forgets one event, pictures included. */
  removeOne(id: string): void {
    const pictures = this.deps.events.remove(id);
    if (pictures?.hasSnapshot)
      this.track(this.deps.pictures.remove(pictures)).catch((error: unknown) =>
        this.deps.log.warn({ err: error, eventId: id }, 'the pictures of an event could not be removed'),
      );
  }

  /** Gives a stored event its pictures, in place of those it has. */
  async setPicture(id: string, pictures: Pick<Snapshot, 'picture' | 'crop'>): Promise<void> {
    const event = this.deps.events.get(id);
    if (!event || !(await this.deps.pictures.save(event, pictures))) return;
    this.deps.events.attach(id, { hasSnapshot: true, hasCrop: pictures.crop !== null });
    const vector = await describePicture(pictures.crop ?? pictures.picture);
    if (vector) this.deps.events.putVector(event.sequence, vector);
  }

  /** Events of a camera that overlap [from, to], in order of their start. */
  overlapping(cameraId: string, fromEpochMs: number, toEpochMs: number): NvrEvent[] {
    return this.deps.events.overlapping(cameraId, fromEpochMs, toEpochMs);
  }

  /** Adds pictures to stored events where there are any, then tells the listeners. */
  async announce(events: readonly NvrEvent[]): Promise<void> {
    const work = Promise.all(
      events.map(async (event) => {
        const snapshot = await this.deps.pictures.take(event.cameraId, event.startEpochMs, null);
        const saved = snapshot !== null && (await this.deps.pictures.save(event, snapshot));
        const attached = saved
          ? this.deps.events.attach(event.id, { hasSnapshot: true, hasCrop: false })
          : event;
        if (attached) this.tell(attached);
      }),
    );
    await this.track(work);
  }

  /** Tells the listeners of events that somebody else has stored with their pictures. */
  tellStored(events: readonly NvrEvent[]): void {
    for (const event of events) this.tell(event);
  }

  /** Stores what belongs to an event in its own transaction: to be handed to the store by those who insert events themselves. */
  readonly storeAlongside = (event: NvrEvent): void => this.deps.storeAlongside?.(event);

  /** Calls `listener` after each event is stored; returns the undo. A listener that throws is logged and harms no other. */
  subscribe(listener: (event: NvrEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get(id: string): NvrEvent | null {
    return this.deps.events.get(id);
  }

  list(filter: EventFilter): NvrEvent[] {
    return this.deps.events.list(filter);
  }

  /** The picture of an event, with what happened drawn on it unless `plain`; null when there is none. */
  async picture(id: string, options: { plain: boolean }): Promise<Buffer | null> {
    const event = this.deps.events.get(id);
    return event?.hasSnapshot ? this.deps.pictures.read(event, options) : null;
  }

  /** The object of an event alone, or null. */
  async crop(id: string): Promise<Buffer | null> {
    const pictures = this.deps.events.pictures(id);
    return pictures?.hasCrop ? this.deps.pictures.readCrop(pictures) : null;
  }

  /** Forgets a camera's events from before a time, pictures included: as its footage goes, so do they. */
  async forgetBefore(cameraId: string, epochMs: number): Promise<number> {
    let forgotten = 0;
    for (;;) {
      const removed = this.deps.events.removeBefore(cameraId, epochMs, REMOVE_STEP);
      for (const key of removed) {
        if (key.hasSnapshot || key.hasCrop) await this.deps.pictures.remove(key);
      }
      forgotten += removed.length;
      if (removed.length < REMOVE_STEP) return forgotten;
    }
  }

  /** Forgets everything of a camera. */
  forgetCamera(cameraId: string): Promise<number> {
    return this.forgetBefore(cameraId, Number.MAX_SAFE_INTEGER);
  }

  /** Waits until every event in the making is stored. */
  async stop(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled([...this.pending]);
  }

  private async storeFindings(
    cameraId: string,
    findings: readonly Finding[],
    snapshots: ReadonlyArray<Snapshot | null>,
    when: 'now' | 'past' = 'now',
  ): Promise<NvrEvent[]> {
    const drafts = findings.map((finding, i) =>
      draftEvent(cameraId, this.nameReader(finding), snapshots[i] ?? null),
    );
    for (const [i, draft] of drafts.entries()) {
      const snapshot = snapshots[i];
      draft.hasSnapshot = snapshot != null && (await this.deps.pictures.save(draft, snapshot));
      draft.hasCrop = draft.hasSnapshot && snapshot?.crop != null;
    }
    try {
      const events = this.deps.events.insert(drafts, when === 'now' ? this.deps.storeAlongside : undefined);
      if (when === 'now') for (const event of events) this.tell(event);
      for (const [i, event] of events.entries()) this.keepVector(event, snapshots[i] ?? null);
      return events;
    } catch (error) {
      await Promise.all(drafts.map((draft) => this.deps.pictures.remove(draft)));
      throw error;
    }
  }

  /** What an event looks like is worked out behind its back: nobody waits for it. */
  private keepVector(event: NvrEvent, snapshot: Snapshot | null): void {
    if (!snapshot) return;
    const work = describePicture(snapshot.crop ?? snapshot.picture).then((vector) => {
      if (vector) this.deps.events.putVector(event.sequence, vector);
    });
    this.track(work).catch((error: unknown) =>
      this.deps.log.warn({ err: error, eventId: event.id }, 'the look of an event could not be stored'),
    );
  }

  /** The rules know readers by their ids only. */
  private nameReader(finding: Finding): Finding {
    const { tailgating } = finding.detail;
    const deviceName = tailgating?.unlock && this.deps.readerName?.(tailgating.unlock.deviceId);
    if (!tailgating?.unlock || !deviceName) return finding;
    const unlock = { ...tailgating.unlock, deviceName };
    return { ...finding, detail: { ...finding.detail, tailgating: { ...tailgating, unlock } } };
  }

  private tell(event: NvrEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.deps.log.error({ err: error, eventId: event.id }, 'a listener failed on an event');
      }
    }
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.pending.add(work);
    const done = () => this.pending.delete(work);
    work.then(done, done);
    return work;
  }
}

function draftEvent(cameraId: string, finding: Finding, snapshot: Snapshot | null): NewEvent {
  const detail: EventDetail =
    snapshot?.colour && finding.detail.label
      ? { ...finding.detail, colour: snapshot.colour }
      : finding.detail;
  return {
    id: randomUUID(),
    cameraId,
    type: finding.type,
    startEpochMs: Math.round(finding.startMs ?? finding.atMs),
    endEpochMs: Math.round(finding.atMs),
    labels: labelsOfEvent(finding.type, detail),
    detail,
    hasSnapshot: false,
    hasCrop: false,
  };
}
