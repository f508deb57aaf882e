/** Uploaded pictures and videos: kept as they are, gathered into events, looked at by the detector, forgotten with their camera's days. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EventDetail, NvrEvent } from '../../shared/domain-events.ts';
import { type Box, footPoint, polygonContains } from '../../shared/geometry.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { sharp } from '../platform/sharp.ts';
import type { StoredCamera } from '../store/cameras.ts';
import type { Content, ContentStore, ContentType, ImageType } from '../store/uploads.ts';
import type { EventLog } from './event-log.ts';
import { labelsOfEvent } from './labels.ts';
import { joinEvent, withoutRepetition } from './upload-events.ts';

/** What the detector found in a picture or video, surest first. */
export interface Inspection {
  objects: Array<
    Pick<EventDetail, 'colour'> & { label: NonNullable<EventDetail['label']>; confidence: number; box: Box }
  >;
  /** JPEGs of the picture with the surest object (or the first), and of that object. */
  picture: Buffer | null;
  crop: Buffer | null;
}

export interface UploadsDeps {
  /** DATA/uploads. */
  folder: string;
  contents: ContentStore;
  events: EventLog;
  cameras: { get(id: string): StoredCamera | null };
  /** Runs what it is given in one transaction. */
  transaction: <T>(action: () => T) => T;
  /** Size and length of a video; null when it cannot be read. */
  probe(
    file: string,
  ): Promise<{ durationMs: number; width: number; height: number; hasAudio: boolean } | null>;
  /** Null when nothing can be said: no detector, or the file cannot be decoded. */
  inspect(
    file: string,
    what: { contentType: ContentType; rotation: number; durationMs: number },
    analysis: StoredCamera['analysis'],
  ): Promise<Inspection | null>;
  clock: Clock;
  log: Logger;
}

export interface Upload {
  camera: StoredCamera;
  /** The bytes; the file is taken away. */
  path: string;
  contentType: ContentType;
  atEpochMs: number;
  imageType: ImageType;
  rotation: number;
  /** As the client says; null: to be found out. */
  durationMs: number | null;
  /** A video that is an event of its own. */
  isOwnEvent: boolean;
  /** Further media of an event that is there. */
  isAlternate: boolean;
  isAnalysed: boolean;
}

/** Above this many uploads waiting to be looked at, further ones are kept unseen. */
const MAX_WAITING = 500;

export class Uploads {
  private readonly deps: UploadsDeps;
  private readonly waiting: Array<() => Promise<void>> = [];
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(deps: UploadsDeps) {
    this.deps = deps;
  }

  /** Keeps an upload and puts it into its event. Resolves when it is on disk and can be found. */
  async take(upload: Upload): Promise<Content> {
    const { deps } = this;
    const facts = await this.readFacts(upload);
    const content: Content = {
      id: `u${randomBytes(16).toString('base64url')}`,
      cameraId: upload.camera.id,
      eventId: null,
      contentType: upload.contentType,
      atEpochMs: Math.round(upload.atEpochMs),
      imageType: upload.imageType,
      rotation: upload.rotation,
      labels: [],
      boxes: [],
      receivedEpochMs: deps.clock.epochMs(),
      ...facts,
    };
    const path = this.path(content);
    await mkdir(dirname(path), { recursive: true });
    await rename(upload.path, path);
    let event: NvrEvent | null;
    try {
      event = deps.transaction(() => {
        deps.contents.add(content);
        return joinEvent(deps, content, upload);
      });
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    if (event) {
      content.eventId = event.id;
      this.lookAt(content, upload, event);
    }
    return content;
  }

  /** Where the bytes of a content are. */
  path(content: Content): string {
    return uploadPath(this.deps.folder, content);
  }

  /** Forgets a camera's uploads that ended before a time. */
  async forgetBefore(cameraId: string, epochMs: number): Promise<void> {
    for (;;) {
      const removed = this.deps.contents.removeBefore(cameraId, epochMs, 200);
      for (const content of removed) await rm(this.path(content), { force: true });
      if (removed.length < 200) return;
    }
  }

  /** Removes what is left of a camera that is no more. */
  async forgetCamera(cameraId: string): Promise<void> {
    if (/^[0-9a-f-]{36}$/.test(cameraId))
      await rm(join(this.deps.folder, cameraId), { recursive: true, force: true });
  }

  /** Removes what uploads left that were broken off by the end of the program. */
  async start(): Promise<void> {
    await rm(join(this.deps.folder, 'incoming'), { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.waiting.length = 0;
    await this.working;
  }

  private async readFacts({ path, contentType, durationMs }: Upload) {
    const { size: sizeBytes } = await stat(path);
    if (contentType === 'image/jpeg') {
      const size = await sharp(path, { failOn: 'none' })
        .metadata()
        .then(
          ({ width = 0, height = 0 }) => ({ width, height }),
          () => ({ width: 0, height: 0 }),
        );
      return { ...size, sizeBytes, durationMs: 0, hasAudio: false };
    }
    const facts = await this.deps.probe(path);
    return {
      width: facts?.width ?? 0,
      height: facts?.height ?? 0,
      hasAudio: facts?.hasAudio ?? false,
      sizeBytes,
      durationMs: durationMs ?? facts?.durationMs ?? 0,
    };
  }

  /** Has the detector look at a content in its turn, and gives its event a picture. */
  private lookAt(content: Content, upload: Upload, event: NvrEvent): void {
    if (this.waiting.length >= MAX_WAITING) {
      this.deps.log.warn(
        { cameraId: content.cameraId },
        'too many uploads wait to be analysed: one is kept unseen',
      );
      return;
    }
    this.waiting.push(() => this.inspect(content, upload, event));
    this.working ??= this.work();
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      const next = this.waiting.shift();
      if (!next) break;
      await next().catch((error: unknown) =>
        this.deps.log.warn({ err: error }, 'an upload could not be analysed'),
      );
    }
    this.working = null;
  }

  private async inspect(content: Content, upload: Upload, joined: NvrEvent): Promise<void> {
    const { deps } = this;
    const camera = deps.cameras.get(content.cameraId);
    if (!camera) return;
    const isAnalysed = upload.isAnalysed && !upload.isAlternate && camera.analysis.enabled;
    const seen = await deps.inspect(this.path(content), content, {
      ...camera.analysis,
      enabled: isAnalysed,
    });
    if (!seen || this.stopped) return;
    const [best] = seen.objects;
    const labels = withoutRepetition(seen.objects.flatMap((object) => labelsIn(camera, object)));
    deps.contents.setFindings(
      content.id,
      labels,
      seen.objects.map(({ box }) => box),
    );
    const event = deps.events.get(deps.contents.get(content.id)?.eventId ?? joined.id);
    if (!event?.detail.upload) return;
    const isFirst = best !== undefined && event.detail.label === undefined;
    if (labels.length > 0) {
      deps.events.change(event.id, {
        type: 'object',
        labels: withoutRepetition([...event.labels, ...labels]),
        detail: isFirst ? { ...event.detail, ...best } : event.detail,
      });
    }
    const isCover = isFirst || !event.hasSnapshot;
    if (isCover && seen.picture)
      await deps.events.setPicture(event.id, { picture: seen.picture, crop: seen.crop });
  }
}

/** Where the bytes of a content are in the folder of uploads. */
export function uploadPath(folder: string, { cameraId, id, atEpochMs, contentType }: Content): string {
  const day = new Date(atEpochMs).toISOString().slice(0, 10);
  const name = `${id}.${contentType === 'image/jpeg' ? 'jpg' : 'mp4'}`;
  return join(folder, cameraId, day, name);
}

/** The words for an object, with the zones in which it stands. */
function labelsIn(camera: StoredCamera, object: Inspection['objects'][number]): string[] {
  const foot = footPoint(object.box);
  const zones = camera.zones
    .filter((zone) => zone.polygons.some(({ points }) => polygonContains(points, foot)))
    .map((zone) => zone.name);
  return [...labelsOfEvent('object', object), ...zones];
}
