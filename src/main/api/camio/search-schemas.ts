/** What a search takes and answers. */
import { z } from 'zod';
import { CommaList, count, pictureSize, QueryFlag, QueryTime, single } from './schemas.ts';

const flag = single(QueryFlag.default(false));
export const SearchQuery = z.object({
  object_type: single(z.enum(['events', 'seconds', 'hours', 'camios']).default('events')),
  date: single(QueryTime.optional()),
  event_as_date: single(z.string().optional()).meta({ description: 'Its start as date, itself included' }),
  sort: single(z.enum(['asc', 'desc']).optional()).meta({
    description: 'desc: before date, newest first; asc: after it, oldest first',
  }),
  sources: CommaList.optional().meta({ description: 'Names of cameras; any of them', example: 'front,gate' }),
  labels: CommaList.optional().meta({ description: 'Whole labels; all of them', example: 'human,blue' }),
  event: single(z.string().optional()).meta({ description: 'Sort by likeness with this event' }),
  content_type: single(z.enum(['image', 'video']).default('image')),
  motion_type: single(z.enum(['all', 'smo', 'imo', 'lmo']).default('imo')),
  num_results: single(count(100).default(10)),
  user: single(z.string().optional()),
  view_tokens: CommaList.optional().meta({
    description: 'Only what these Camios share; needs no access token',
  }),
  fetch_cover_thumbnails: flag,
  fetch_all_thumbnails: flag,
  fetch_access_tokens: flag,
  fetch_motion_boxes: flag,
  ...pictureSize({ w: 150, h: 112 }),
});
export type Search = z.infer<typeof SearchQuery>;

const ImageSchema = z.object({
  id: z.string(),
  content_type: z.string(),
  date_created: z.string(),
  labels: z.array(z.string()),
  interest_level: z.number(),
  interest_score: z.number(),
  image_bytes: z.string().optional(),
  access_token: z.string().optional(),
  motion_boxes: z
    .array(z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }))
    .optional(),
});
const BucketSchema = z.object({
  bucket_id: z.string(),
  source: z.string(),
  labels: z.array(z.string()),
  earliest_date: z.string(),
  latest_date: z.string(),
  max_interest_level: z.number(),
  cover_image_id: z.string().optional(),
  annotations: z.array(z.object({ object_id: z.string(), type: z.string() })),
  images: z.array(ImageSchema),
  count: z.number(),
  similarity: z.number().optional(),
});
const ShareBucketSchema = z.object({
  bucket_id: z.string(),
  view_token: z.string(),
  name: z.string(),
  type: z.string(),
  date_created: z.string(),
});
export const AnswerSchema = z
  .object({
    query: z.object({
      date: z.string(),
      sort: z.string(),
      motion_type: z.string(),
      object_type: z.string(),
      content_type: z.string(),
    }),
    result: z.object({
      bucket_type: z.enum(['event', 'second', 'hour', 'camio']),
      buckets: z.array(z.union([BucketSchema, ShareBucketSchema])),
      count: z.number(),
      more_results: z.boolean(),
      earliest_date_considered: z.string(),
      latest_date_considered: z.string(),
    }),
  })
  .meta({
    example: {
      query: {
        date: '2014-02-21T04:52:20.911-0000',
        sort: 'desc',
        motion_type: 'imo',
        object_type: 'events',
        content_type: 'image',
      },
      result: {
        bucket_type: 'event',
        buckets: [
          {
            bucket_id: '0f3c1f64-5717-4562-b3fc-2c963f66afa6',
            source: 'front',
            labels: ['human', 'walkway', 'approaching', 'blue', '_color_blue'],
            earliest_date: '2014-02-21T04:12:38.911-0000',
            latest_date: '2014-02-21T04:12:48.142-0000',
            max_interest_level: 2,
            cover_image_id: 's0f3c1f6457174562b3fc2c963f66afa6',
            annotations: [{ object_id: 's0f3c1f6457174562b3fc2c963f66afa6', type: 's' }],
            images: [
              {
                id: 's0f3c1f6457174562b3fc2c963f66afa6',
                content_type: 'image/jpeg',
                date_created: '2014-02-21T04:12:38.911-0000',
                labels: ['human', 'walkway', 'approaching', 'blue', '_color_blue'],
                interest_level: 2,
                interest_score: 0.65,
              },
            ],
            count: 1,
          },
        ],
        count: 1,
        more_results: false,
        earliest_date_considered: '2014-02-21T04:12:38.911-0000',
        latest_date_considered: '2014-02-21T04:12:38.911-0000',
      },
    },
  });
export type Answer = z.infer<typeof AnswerSchema>;
export type Bucket = z.infer<typeof BucketSchema>;

export type Image = z.infer<typeof ImageSchema>;
