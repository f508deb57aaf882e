/**
 * The content of events as Camio knows it: pictures and videos, each with an id. An event of the engine has its snapshot, and where
 * footage is recorded an MP4 that is made when asked for; an uploaded event has what was uploaded.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Box } from '../../../shared/geometry.ts';
import { sharp } from '../../platform/sharp.ts';
import { interestOf } from '../../store/event-interest.ts';
import type { Content, ContentType } from '../../store/uploads.ts';
import { viewerOf } from '../viewer.ts';
import type { CamioDeps } from './ports.ts';

export interface Item {
  id: string;
  cameraId: string;
  contentType: ContentType;
  atEpochMs: number;
  labels: string[];
  interestLevel: number;
  /** 0..1 */
  interestScore: number;
  boxes: Box[];
  /** Of an upload: degrees clockwise to stand upright. */
  rotation: number;
  origin: { kind: 'upload'; content: Content } | { kind: 'snapshot' | 'footage'; event: NvrEvent };
}

/** Bytes that can be read from any place. */
export interface OpenItem {
  size: number;
  /** Both ends included. */
  read(start: number, end: number): Readable | Buffer;
}

const LEVEL_OF = { m: 2, a: 1, h: 0 } as const;
/** Footage shown around an event, and at most. */
const BEFORE_MS = 3000;
const AFTER_MS = 5000;
const LONGEST_CLIP_MS = 10 * 60_000;

type ItemDeps = Pick<CamioDeps, 'contents' | 'events' | 'eventStore' | 'uploads' | 'engine'>;

/** What an event holds of a type, in order of time. */
export function itemsOfEvent(deps: ItemDeps, event: NvrEvent, contentType: ContentType): Item[] {
  const uploads = deps.contents.ofEvent(event.id).filter((content) => content.contentType === contentType);
  const items = uploads.map(itemOfContent);
  if (contentType === 'image/jpeg') {
    const isShown = event.hasSnapshot && event.detail.upload?.kind !== 'pictures';
    return isShown ? [snapshotItem(event), ...items] : items;
  }
  return event.detail.upload || !hasFootage(deps, event) ? items : [footageItem(event), ...items];
}

/** The item with that id, or null. */
export function findItem(deps: ItemDeps, id: string): Item | null {
  const [, kind, hex] = /^([sf])([0-9a-f]{32})$/.exec(id) ?? [];
  if (!hex) {
    const content = deps.contents.get(id);
    return content && itemOfContent(content);
  }
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const event = deps.eventStore.get(uuid);
  if (!event) return null;
  if (kind === 's')
    return event.hasSnapshot && event.detail.upload?.kind !== 'pictures' ? snapshotItem(event) : null;
  return !event.detail.upload && hasFootage(deps, event) ? footageItem(event) : null;
}

/** Throws AppError `not-found` when the bytes are gone. */
export async function openItem(deps: ItemDeps, item: Item): Promise<OpenItem> {
  if (item.origin.kind === 'snapshot') {
    const jpeg = await deps.events.picture(item.origin.event.id, { plain: true });
    if (!jpeg) throw new AppError('not-found', 'This picture is no longer there.');
    return { size: jpeg.length, read: (start, end) => jpeg.subarray(start, end + 1) };
  }
  const path =
    item.origin.kind === 'upload'
      ? deps.uploads.path(item.origin.content)
      : await deps.engine.clip(item.cameraId, ...clipRange(item.origin.event));
  const size = await stat(path).then(
    (facts) => facts.size,
    (cause: unknown) => {
      throw new AppError('not-found', 'This content is no longer there.', { cause });
    },
  );
  return { size, read: (start, end) => createReadStream(path, { start, end }) };
}

/** Notes in the audit log that a request got an item. */
export function noteItem(deps: Pick<CamioDeps, 'audit'>, request: FastifyRequest, item: Item): void {
  const { cameraId, contentType, origin, atEpochMs } = item;
  const lengthMs = origin.kind === 'upload' ? origin.content.durationMs : 0;
  const [fromEpochMs, toEpochMs] =
    origin.kind === 'footage' ? clipRange(origin.event) : [atEpochMs, atEpochMs + lengthMs];
  const viewer = viewerOf(request, 'access link of the Camio API');
  const action = contentType === 'video/mp4' ? 'playback' : 'pictures';
  deps.audit.noteSeen(action, viewer, cameraId, { fromEpochMs, toEpochMs });
}

/** All bytes of a picture. */
export async function readPicture(deps: ItemDeps, item: Item): Promise<Buffer> {
  const { size, read } = await openItem(deps, item);
  const bytes = read(0, size - 1);
  if (Buffer.isBuffer(bytes)) return bytes;
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A JPEG that fits into a size, never enlarged; of a video its first picture. Null when there is none or it cannot be read. */
export async function thumbnail(
  deps: ItemDeps,
  item: Item,
  size: { w: number; h: number; quality: number },
): Promise<Buffer | null> {
  await takeTurn();
  try {
    const picture = await pictureOf(deps, item);
    return picture && (await fitPicture(picture, { ...size, rotation: item.rotation }));
  } catch {
    // A picture that cannot be decoded has no thumbnail; its bytes can still be had.
    return null;
  } finally {
    endTurn();
  }
}

/** Whole pictures are in memory while thumbnails are made: few at a time, whoever asks. */
const MAX_AT_ONCE = 4;
const waiting: Array<() => void> = [];
let running = 0;

async function takeTurn(): Promise<void> {
  if (running >= MAX_AT_ONCE) await new Promise<void>((free) => waiting.push(free));
  else running += 1;
}

function endTurn(): void {
  const next = waiting.shift();
  if (next) next();
  else running -= 1;
}

/** JPEG within a box of pixels, never enlarged; upright. */
export function fitPicture(
  jpeg: Buffer,
  size: { w?: number; h?: number; quality: number; rotation?: number },
): Promise<Buffer> {
  const upright = sharp(jpeg, { failOn: 'none' }).autoOrient();
  return (size.rotation ? upright.rotate(size.rotation) : upright)
    .resize({ width: size.w, height: size.h, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: size.quality })
    .toBuffer();
}

/** The picture of an item, JPEG: of a video its first. Null when there is none; throws AppError `not-found` when it is gone. */
export async function pictureOf(deps: ItemDeps, item: Item): Promise<Buffer | null> {
  if (item.contentType === 'image/jpeg') return readPicture(deps, item);
  if (item.origin.kind === 'upload') return deps.engine.videoPicture(deps.uploads.path(item.origin.content));
  return item.origin.event.hasSnapshot ? deps.events.picture(item.origin.event.id, { plain: true }) : null;
}

function itemOfContent(content: Content): Item {
  const interestLevel = LEVEL_OF[content.imageType];
  return {
    id: content.id,
    cameraId: content.cameraId,
    contentType: content.contentType,
    atEpochMs: content.atEpochMs,
    labels: content.labels,
    interestLevel,
    interestScore: scoreOf(interestLevel, undefined),
    boxes: content.boxes,
    rotation: content.rotation,
    origin: { kind: 'upload', content },
  };
}

function snapshotItem(event: NvrEvent): Item {
  return {
    ...engineItem(event),
    id: `s${hexOf(event)}`,
    contentType: 'image/jpeg',
    origin: { kind: 'snapshot', event },
  };
}

function footageItem(event: NvrEvent): Item {
  return {
    ...engineItem(event),
    id: `f${hexOf(event)}`,
    contentType: 'video/mp4',
    atEpochMs: clipRange(event)[0],
    origin: { kind: 'footage', event },
  };
}

function engineItem(event: NvrEvent): Omit<Item, 'id' | 'contentType' | 'origin'> {
  const interestLevel = interestOf(event.type, event.detail);
  return {
    cameraId: event.cameraId,
    atEpochMs: event.startEpochMs,
    labels: event.labels,
    interestLevel,
    interestScore: scoreOf(interestLevel, event.detail.confidence),
    boxes: event.detail.box ? [event.detail.box] : [],
    rotation: 0,
  };
}

function scoreOf(level: number, confidence: number | undefined): number {
  return Math.round((confidence ?? [0.1, 0.4, 0.7][level] ?? 0) * 100) / 100;
}

function hasFootage(deps: ItemDeps, event: NvrEvent): boolean {
  return deps.engine.hasFootage(event.cameraId, event.startEpochMs, event.endEpochMs + 1);
}

function clipRange({ startEpochMs, endEpochMs }: NvrEvent): [fromEpochMs: number, toEpochMs: number] {
  const end = Math.min(endEpochMs, startEpochMs + LONGEST_CLIP_MS);
  return [startEpochMs - BEFORE_MS, end + AFTER_MS];
}

function hexOf(event: NvrEvent): string {
  return event.id.replaceAll('-', '');
}
