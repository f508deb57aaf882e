/** Events that were found, as buckets of items with their pictures. */
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { interestOf } from '../../store/event-interest.ts';
import type { ContentType } from '../../store/uploads.ts';
import { formatCamioTime } from '../wire-time.ts';
import { makeItemToken } from './item-tokens.ts';
import { type Item, itemsOfEvent, thumbnail } from './items.ts';
import type { CamioRouteDeps } from './ports.ts';
import type { Bucket, Image, Search } from './search-schemas.ts';

/** A bucket lists at most this many items; `count` says how many there are. */
const MAX_ITEMS = 300;

/** How what was found is to be shown. */
export interface Look {
  contentType: ContentType;
  query: Search;
  withTokens: boolean;
}

/** One bucket of events that belong together; there is at least one. */
export async function buildBucket(
  deps: CamioRouteDeps,
  id: string,
  events: readonly NvrEvent[],
  look: Look,
): Promise<Bucket> {
  const items = events.flatMap((event) => itemsOfEvent(deps, event, look.contentType));
  const first = events[0]!;
  const cover = items.find((item) => item.boxes.length > 0) ?? items[0];
  return {
    bucket_id: id,
    source: first.cameraName,
    labels: withoutRepetition(events.flatMap((event) => event.labels)),
    earliest_date: formatCamioTime(Math.min(...events.map((event) => event.startEpochMs))),
    latest_date: formatCamioTime(Math.max(...events.map((event) => event.endEpochMs))),
    max_interest_level: Math.max(...events.map((event) => interestOf(event.type, event.detail))),
    ...(cover && { cover_image_id: cover.id }),
    annotations: cover ? [{ object_id: cover.id, type: 's' }] : [],
    images: await Promise.all(
      items.slice(0, MAX_ITEMS).map((item) => buildImage(deps, item, look, item === cover)),
    ),
    count: items.length,
  };
}

async function buildImage(deps: CamioRouteDeps, item: Item, look: Look, isCover: boolean): Promise<Image> {
  const { query } = look;
  const wanted = query.fetch_all_thumbnails || (query.fetch_cover_thumbnails && isCover);
  const jpeg = wanted ? await thumbnail(deps, item, sizeOf(query)) : null;
  return {
    id: item.id,
    content_type: item.contentType,
    date_created: formatCamioTime(item.atEpochMs),
    labels: item.labels,
    interest_level: item.interestLevel,
    interest_score: item.interestScore,
    ...(jpeg && { image_bytes: jpeg.toString('base64') }),
    ...(look.withTokens && { access_token: makeItemToken(deps, item.id) }),
    ...(query.fetch_motion_boxes && {
      motion_boxes: item.boxes.map(({ x, y, width, height }) => ({ x, y, width, height })),
    }),
  };
}

function sizeOf({ w = 150, h = 112, quality }: Search): { w: number; h: number; quality: number } {
  return { w, h, quality };
}

function withoutRepetition(labels: readonly string[]): string[] {
  const seen = new Set<string>();
  return labels.filter((label) => !seen.has(label.toLowerCase()) && seen.add(label.toLowerCase()));
}
