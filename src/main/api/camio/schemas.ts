/** The Camio API's parameters and answers: the schemas that validate and document them. Pure. */
import { z } from 'zod';
import { parseQueryTime, parseWireTime } from '../wire-time.ts';

const TIME_WORDS = 'expected an ISO 8601 time like 2014-02-21T04:12:38.911-0000';

/** A parameter that may stand in the query more than once; the last one counts. */
export function single<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (Array.isArray(value) ? value.at(-1) : value), schema);
}

export const QueryTime = z
  .string()
  .refine((text) => parseQueryTime(text) !== null, TIME_WORDS)
  .meta({ description: 'ISO 8601; UTC where it names no zone', example: '2014-02-21T04:12:38.911-0000' });

export const WireTime = z
  .string()
  .refine((text) => parseWireTime(text) !== null, TIME_WORDS)
  .meta({ example: '2014-02-21T04:12:38.911-0000' });

/** A whole number of at least 1, in digits; above `max` it is cut, however large. */
export function count(max: number) {
  return z.coerce
    .string()
    .refine((text) => /^\s*\d+\s*$/.test(text) && Number(text) >= 1, 'expected a whole number of at least 1')
    .transform((text) => Math.min(Number(text), max));
}

export const QueryFlag = z
  .string()
  .refine((text) => /^(true|false)$/i.test(text), 'expected true or false')
  .transform((text) => text.toLowerCase() === 'true');

/** A comma list, or the parameter several times; blanks are left out. */
export const CommaList = z.union([z.string(), z.array(z.string())]).transform((value) =>
  [value]
    .flat()
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== ''),
);

export const ErrorSchema = z
  .object({ message: z.string() })
  .meta({ example: { message: 'Invalid request' } });
export const NoContent = z.null().describe('Done. No body.');

export const failures = {
  400: ErrorSchema.describe(
    'A parameter or the body does not fit, or the method is not supported (then with Allow)',
  ),
  401: ErrorSchema.describe('No valid credential'),
  403: ErrorSchema.describe('The token lacks the scope user'),
  404: ErrorSchema.describe('There is no such thing'),
  413: ErrorSchema.describe('The body is too large'),
  429: ErrorSchema.describe('Too many requests; Retry-After says when to try again'),
};

export const MeParams = z.object({ token: z.string().meta({ description: '`me`', example: 'me' }) });
export const CameraParams = MeParams.extend({
  camera: z.string().meta({ description: 'Name (in any case) or camera_id', example: 'front' }),
});

const PointSchema = z.object({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) });
export const PolygonsSchema = z.array(z.object({ points: z.array(PointSchema).min(3) })).min(1);
const EXAMPLE_POLYGONS = [
  {
    points: [
      { x: 0.1, y: 0.2 },
      { x: 0.4, y: 0.2 },
      { x: 0.4, y: 0.9 },
    ],
  },
];
export const ZoneSchema = z
  .object({
    name: z.string(),
    polygons: z.array(z.object({ points: z.array(z.object({ x: z.number(), y: z.number() })) })),
  })
  .meta({ example: { name: 'door', polygons: EXAMPLE_POLYGONS } });
export const ZoneListSchema = z
  .array(ZoneSchema)
  .meta({ example: [{ name: 'door', polygons: EXAMPLE_POLYGONS }] });
export const ZoneInputSchema = z
  .object({ name: z.string().optional(), polygons: PolygonsSchema })
  .meta({ example: { name: 'door', polygons: EXAMPLE_POLYGONS } });

export const CameraListItemSchema = z.object({
  name: z.string(),
  attribution: z.object({}),
  tags: z.array(z.string()),
  refreshInterval: z.number(),
  camera_id: z.string(),
  is_online: z.boolean(),
  capabilities: z.array(z.string()),
  zones: z.array(ZoneSchema).optional(),
});
export const CameraListSchema = z.array(CameraListItemSchema).meta({
  example: [
    {
      name: 'front',
      attribution: {},
      tags: [],
      refreshInterval: 0,
      camera_id: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
      is_online: true,
      capabilities: ['video', 'audio'],
    },
  ],
});

export const CameraDetailSchema = z
  .object({
    name: z.string(),
    camera_id: z.string(),
    attribution: z.object({}),
    capabilities: z.array(z.string()),
    is_online: z.boolean(),
    latitude: z.number(),
    longitude: z.number(),
    tags: z.array(z.string()),
    user_id: z.string(),
    resolution: z.object({ aspect_ratio: z.number(), width: z.number(), height: z.number() }).optional(),
  })
  .meta({
    example: {
      name: 'front',
      camera_id: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
      attribution: {},
      capabilities: ['video', 'audio'],
      is_online: true,
      latitude: 0,
      longitude: 0,
      tags: [],
      user_id: '1',
      resolution: { aspect_ratio: 1.7777778, width: 1280, height: 720 },
    },
  });

export const HookSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    callback_url: z.string(),
    query: z.string(),
    camera_name: z.string().optional(),
  })
  .meta({
    example: {
      id: '1',
      type: 'label_hit',
      callback_url: 'https://example.com/camio/delivery',
      query: 'front people approaching mailbox',
    },
  });

export const HookListSchema = z.array(HookSchema).meta({
  example: [
    {
      id: '1',
      type: 'label_hit',
      callback_url: 'https://example.com/camio/delivery',
      query: 'front people approaching mailbox',
    },
  ],
});

export const ShareViewSchema = z
  .object({ view_token: z.string(), name: z.string(), date_created: z.string(), type: z.string() })
  .meta({
    example: {
      view_token: 'AQCLFtnBEZaJ5ZxTUhMPw4',
      name: 'My Camio',
      date_created: '2014-02-21T04:12:38.911-0000',
      type: 'public',
    },
  });

export const ShareListSchema = z.array(ShareViewSchema).meta({
  example: [
    {
      view_token: 'AQCLFtnBEZaJ5ZxTUhMPw4',
      name: 'My Camio',
      date_created: '2014-02-21T04:12:38.911-0000',
      type: 'public',
    },
  ],
});

/** Size and quality of pictures. */
export function pictureSize(defaults: { w?: number; h?: number }) {
  const size = (value: number | undefined) =>
    value === undefined ? single(count(10_000).optional()) : single(count(10_000).default(value));
  return {
    w: size(defaults.w),
    h: size(defaults.h),
    quality: single(
      z.coerce
        .string()
        .refine(
          (text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 100,
          'expected 1..100',
        )
        .transform(Number)
        .default(85),
    ),
  };
}
