/** Events that other systems post: stored, found and told of like any other, with the pictures that came with them. */

import type {
  EventDetail,
  EventType,
  FaceterEventType,
  NvrEvent,
  PostedFacts,
} from '../../shared/domain-events.ts';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../platform/log.ts';
import { sharp } from '../platform/sharp.ts';
import type { EventStore, NewEvent } from '../store/events.ts';
import type { EventLog } from './event-log.ts';
import type { Thumbnails } from './thumbnails.ts';

export interface PostedEvent {
  /** uuid, lower case; the same again replaces. */
  id: string;
  cameraId: string;
  startEpochMs: number;
  endEpochMs: number;
  facts: PostedFacts;
  /** Bytes of pictures in any format that can be read. */
  picture: Buffer | null;
  objectPicture: Buffer | null;
}

export interface PostedEventsDeps {
  events: EventStore;
  eventLog: Pick<EventLog, 'tellStored' | 'announce' | 'storeAlongside'>;
  thumbnails: Thumbnails;
  log: Logger;
}

const MAX_PIXELS = 50_000_000;
const TYPE_WORDS: Partial<Record<FaceterEventType, string>> = {
  Human: 'human',
  Vehicle: 'vehicle',
  PersonalMobilityVehicle: 'vehicle',
  Pet: 'pet',
  Face: 'face',
  LicensePlate: 'license plate',
};
/** Attributes whose values are words the event is found by. */
const LABEL_ATTRIBUTES = ['line', 'zone', 'direction', 'label', 'kind', 'plate'] as const;

export class PostedEvents {
  private readonly deps: PostedEventsDeps;

  constructor(deps: PostedEventsDeps) {
    this.deps = deps;
  }

  /** Stores an event. Throws AppError `invalid-input` for pictures that are none, or when the id is another event's. */
  async post(posted: PostedEvent): Promise<NvrEvent> {
    const { events, eventLog, thumbnails } = this.deps;
    const before = events.get(posted.id);
    if (before && (before.cameraId !== posted.cameraId || !before.detail.posted))
      throw new AppError('invalid-input', 'eventId: another event has this id');
    const picture = posted.picture && (await readPicture(posted.picture, 'snapshot'));
    const crop = posted.objectPicture && (await readPicture(posted.objectPicture, 'objectSnapshot'));
    const draft = draftEvent(posted, {
      hasSnapshot: picture !== null || crop !== null,
      hasCrop: crop !== null,
    });
    const oldPictures = before && events.pictures(before.id);
    if (oldPictures) await thumbnails.remove(oldPictures);
    // Without a whole picture the object stands for it.
    const whole = picture ?? crop;
    if (whole) await thumbnails.save(draft, { picture: whole, crop });
    const stored = this.store(draft, before !== null);
    if (whole || posted.facts.snapshotUrl) eventLog.tellStored([stored]);
    else
      eventLog
        .announce([stored])
        .catch((error: unknown) =>
          this.deps.log.error({ err: error }, 'a posted event could not be announced'),
        );
    return stored;
  }

  private store(draft: NewEvent, isKnown: boolean): NvrEvent {
    const { events, eventLog } = this.deps;
    if (!isKnown) return events.insert([draft], eventLog.storeAlongside)[0]!;
    const { type, startEpochMs, endEpochMs, labels, detail } = draft;
    const changes = { type, startEpochMs, endEpochMs, labels, detail };
    events.change(draft.id, changes, eventLog.storeAlongside);
    const stored = events.attach(draft.id, draft);
    if (!stored) throw new AppError('not-found', 'The event was removed meanwhile.');
    return stored;
  }
}

/** The words a posted event is found by. */
export function labelsOfPosted({ eventType, attributes }: PostedFacts): string[] {
  const words = [TYPE_WORDS[eventType], ...LABEL_ATTRIBUTES.map((name) => attributes[name])];
  const seen = new Set<string>();
  return words.flatMap((word) => {
    const text = word?.trim() ?? '';
    if (text === '' || seen.has(text.toLowerCase())) return [];
    seen.add(text.toLowerCase());
    return [text];
  });
}

function draftEvent(posted: PostedEvent, pictures: { hasSnapshot: boolean; hasCrop: boolean }): NewEvent {
  const { facts } = posted;
  const { line, zone, direction } = facts.attributes;
  const detail: EventDetail = {
    ...(facts.eventType === 'Human' && { label: 'person' as const }),
    ...(line?.trim() && { line: line.trim() }),
    ...(zone?.trim() && { zone: zone.trim() }),
    ...((direction === 'forward' || direction === 'backward') && { direction }),
    posted: facts,
  };
  return {
    id: posted.id,
    cameraId: posted.cameraId,
    type: typeOfPosted(facts),
    startEpochMs: posted.startEpochMs,
    endEpochMs: posted.endEpochMs,
    labels: labelsOfPosted(facts),
    detail,
    ...pictures,
  };
}

function typeOfPosted({ eventType, attributes }: PostedFacts): EventType {
  if (eventType === 'Motion') return 'motion';
  if (eventType === 'LineCrossing') return 'line-crossing';
  if (eventType === 'Intrusion') return 'zone-enter';
  const kind = eventType === 'Custom' ? attributes.kind?.trim().toLowerCase() : undefined;
  return kind === 'tailgating' || kind === 'sabotage' ? kind : 'object';
}

/** Any JPEG or PNG as JPEG. */
async function readPicture(bytes: Buffer, name: string): Promise<Buffer> {
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' });
    const { format } = await image.metadata();
    if (format !== 'jpeg' && format !== 'png') throw new Error(`a picture of format ${format}`);
    const jpeg = await image.jpeg({ quality: 88 }).toBuffer();
    return format === 'jpeg' ? bytes : jpeg;
  } catch (cause) {
    throw new AppError('invalid-input', `${name}: expected a JPEG or PNG in base64, or an http(s) URL`, {
      cause,
    });
  }
}
