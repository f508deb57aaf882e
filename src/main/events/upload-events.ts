/**
 * The events that uploads are gathered into: JPEGs at most 30 s apart are one; a video is one, or joins an event that it overlaps.
 */
import type { NvrEvent } from '../../shared/domain-events.ts';
import type { Content, ContentStore, ImageType } from '../store/uploads.ts';
import type { EventLog } from './event-log.ts';

export interface UploadEventsDeps {
  contents: ContentStore;
  events: EventLog;
}

/** Pictures no further apart belong together. */
const JOIN_MS = 30_000;
const WEIGHT: Record<ImageType, number> = { m: 2, a: 1, h: 0 };

/** Finds or makes the event of a content; null for a video that overlaps none. In a transaction. */
export function joinEvent(
  deps: UploadEventsDeps,
  content: Content,
  { isAlternate, isOwnEvent }: { isAlternate: boolean; isOwnEvent: boolean },
): NvrEvent | null {
  const { contents, events } = deps;
  const isJoined = isAlternate || (content.contentType === 'video/mp4' && !isOwnEvent);
  const event = isJoined
    ? overlapped(events, content)
    : content.contentType === 'image/jpeg'
      ? joinPictures(deps, content)
      : events.storeUpload(content.cameraId, {
          startEpochMs: content.atEpochMs,
          endEpochMs: content.atEpochMs + content.durationMs,
          detail: { upload: { kind: 'video', imageType: content.imageType } },
        });
  if (!event) return null;
  contents.setEvent(content.id, event.id);
  for (const video of contents.unclaimedVideos(content.cameraId, event.startEpochMs, event.endEpochMs))
    if (video.id !== content.id) contents.setEvent(video.id, event.id);
  return event;
}

/** Labels, each once, whatever its case. */
export function withoutRepetition(labels: readonly string[]): string[] {
  const seen = new Set<string>();
  return labels.filter((label) => !seen.has(label.toLowerCase()) && seen.add(label.toLowerCase()));
}

/** Of the events that a content overlaps, one of uploads before others. */
function overlapped(events: EventLog, { cameraId, atEpochMs, durationMs }: Content): NvrEvent | null {
  const found = events.overlapping(cameraId, atEpochMs, atEpochMs + durationMs);
  return found.find((event) => event.detail.upload) ?? found[0] ?? null;
}

function joinPictures(
  { contents, events }: UploadEventsDeps,
  { cameraId, atEpochMs, imageType }: Content,
): NvrEvent {
  const near = events
    .overlapping(cameraId, atEpochMs - JOIN_MS, atEpochMs + JOIN_MS)
    .filter((event) => event.detail.upload?.kind === 'pictures');
  const [first, ...others] = near;
  if (!first)
    return events.storeUpload(cameraId, {
      startEpochMs: atEpochMs,
      endEpochMs: atEpochMs,
      detail: { upload: { kind: 'pictures', imageType } },
    });
  for (const other of others) {
    contents.moveToEvent(other.id, first.id);
    events.removeOne(other.id);
  }
  const types = [imageType, ...near.map((event) => event.detail.upload!.imageType)];
  const heaviest = types.reduce((a, b) => (WEIGHT[b] > WEIGHT[a] ? b : a));
  const found = near.find((event) => event.detail.label);
  return events.change(first.id, {
    type: found ? 'object' : first.type,
    startEpochMs: Math.min(atEpochMs, ...near.map((event) => event.startEpochMs)),
    endEpochMs: Math.max(atEpochMs, ...near.map((event) => event.endEpochMs)),
    labels: withoutRepetition(near.flatMap((event) => event.labels)),
    detail: { ...(found ?? first).detail, upload: { kind: 'pictures', imageType: heaviest } },
  })!;
}
