/** The pictures of events: taken, kept, moved and drawn upon. */
import type { Colour, NvrEvent } from '../../shared/domain-events.ts';
import type { Box } from '../../shared/geometry.ts';
import { DAY_MS } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { drawEvent, type ThumbnailKey, type Thumbnails } from './thumbnails.ts';

/** The picture of a moment: JPEGs of the whole and, when there is a box, of the object alone, with its colour. */
export interface Snapshot {
  picture: Buffer;
  crop: Buffer | null;
  colour: Colour | null;
}

export interface EventPicturesDeps {
  thumbnails: Thumbnails;
  /** A picture of that camera at that time, or null where there is none. */
  takeSnapshot: (cameraId: string, atMs: number, box: Box | null) => Promise<Snapshot | null>;
  clock: Clock;
  log: Logger;
}

/** An event does not wait longer for its picture. */
const PATIENCE_MS = 1500;

export class EventPictures {
  private readonly deps: EventPicturesDeps;

  constructor(deps: EventPicturesDeps) {
    this.deps = deps;
  }

  /** The picture of a moment; null where there is none, or none in time. */
  async take(cameraId: string, atMs: number, box: Box | null): Promise<Snapshot | null> {
    let cancel = () => {};
    const patience = new Promise<null>((done) => {
      cancel = this.deps.clock.after(PATIENCE_MS, () => done(null));
    });
    try {
      return await Promise.race([this.deps.takeSnapshot(cameraId, atMs, box), patience]);
    } catch (error) {
      this.deps.log.warn({ err: error, cameraId }, 'no picture for an event');
      return null;
    } finally {
      cancel();
    }
  }

  /** An event without its picture is better than no event: a full disk is logged, not thrown. */
  async save(key: ThumbnailKey, { picture, crop }: Pick<Snapshot, 'picture' | 'crop'>): Promise<boolean> {
    try {
      await this.deps.thumbnails.save(key, { picture, crop });
      return true;
    } catch (error) {
      this.deps.log.error({ err: error, eventId: key.id }, 'the picture of an event could not be saved');
      return false;
    }
  }

  /** They lie in folders by day: to be moved with an event whose day has changed. */
  async move(from: ThumbnailKey, to: ThumbnailKey): Promise<void> {
    const { thumbnails } = this.deps;
    const [picture, crop] = await Promise.all([thumbnails.picture(from), thumbnails.crop(from)]);
    if (picture) await thumbnails.save(to, { picture, crop });
    await thumbnails.remove(from);
  }

  remove(key: ThumbnailKey): Promise<void> {
    return this.deps.thumbnails.remove(key);
  }

  /** The picture of an event, with what happened drawn on it unless `plain`; null when it is gone. */
  async read(event: NvrEvent, { plain }: { plain: boolean }): Promise<Buffer | null> {
    const jpeg = await this.deps.thumbnails.picture(event);
    return jpeg && !plain ? drawEvent(jpeg, event.detail) : jpeg;
  }

  readCrop(key: ThumbnailKey): Promise<Buffer | null> {
    return this.deps.thumbnails.crop(key);
  }
}

/** Whether two events lie on different days, as their pictures are kept. */
export function isOtherDay(one: ThumbnailKey, other: ThumbnailKey): boolean {
  return Math.floor(one.startEpochMs / DAY_MS) !== Math.floor(other.startEpochMs / DAY_MS);
}
