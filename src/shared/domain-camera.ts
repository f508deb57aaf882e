/**
 * The nouns of cameras: lines and zones, sources, recording, sites and readers. Like all nouns of the domain they are schemas (zod) and the
 * types they give: what comes from outside is parsed with these; inside, types are trusted.
 */

import { z } from 'zod';
import { LABEL_GROUPS } from './domain-events.ts';
import { polygonArea, polygonCrossesItself } from './geometry.ts';
import { WeekScheduleSchema } from './schedule.ts';

// ---- pictures, lines, zones -------------------------------------------------

export const PointSchema = z.strictObject({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) });

export const PolygonSchema = z.strictObject({
  points: z
    .array(PointSchema)
    .min(3)
    .refine(
      (points) => points.length < 3 || polygonArea(points) > 0,
      'a polygon needs an area: its points lie on one line',
    )
    .refine((points) => !polygonCrossesItself(points), 'a polygon must not cross itself'),
});

const NameSchema = z.string().trim().min(1).max(200);

/** What a line or a zone is about: people, cars, buses and trucks, bicycles and motorcycles, cats and dogs. Absent: all of them. */
const ObjectsSchema = z
  .array(z.enum(LABEL_GROUPS))
  .min(1, 'expected at least one kind of object')
  .refine((groups) => new Set(groups).size === groups.length, 'names a kind of object twice');

export const ZoneSchema = z.strictObject({
  name: NameSchema,
  polygons: z.array(PolygonSchema).min(1),
  /** Whose entering, leaving and loitering is told. A crowd is of people, motion of whatever moves. */
  objects: ObjectsSchema.optional(),
  /** An object that enters raises an alarm (Faceter: Intrusion). */
  intrusion: z.boolean().default(false),
  /** Pixel changes in the zone raise motion events. */
  motion: z.boolean().default(true),
  loiteringSeconds: z.number().positive().max(86_400).optional(),
  crowdSize: z.number().int().min(1).max(1000).optional(),
  /** Hours of the week in which the zone raises events. Absent or null: always. */
  schedule: WeekScheduleSchema.nullish(),
});
export type Zone = z.infer<typeof ZoneSchema>;

export const TailgatingSchema = z.strictObject({
  /** How long an unlock admits people; without readers, how close behind another a second person is a tailgater. */
  windowSeconds: z.number().positive().max(600),
  peoplePerUnlock: z.number().int().min(1).max(100).default(1),
  /** Which way over the line is watched. */
  direction: z.enum(['both', 'forward', 'backward']).default('both'),
  /** Hours of the week in which it is watched for; crossings count all the same. Absent or null: always. */
  schedule: WeekScheduleSchema.nullish(),
});

export const LineSchema = z.strictObject({
  name: NameSchema,
  points: z
    .array(PointSchema)
    .length(2)
    .refine(
      ([a, b]) => !a || !b || Math.hypot(a.x - b.x, a.y - b.y) > 0.001,
      'a line needs two different points',
    ),
  /** Whose crossings are told. Tailgating is of people, whatever stands here. */
  objects: ObjectsSchema.optional(),
  tailgating: TailgatingSchema.optional(),
  /** Hours of the week in which the line raises events. Absent or null: always. */
  schedule: WeekScheduleSchema.nullish(),
});
export type Line = z.infer<typeof LineSchema>;

export const AnalysisSchema = z.strictObject({
  enabled: z.boolean().default(true),
  fps: z.number().min(0.5).max(30).default(5),
  minConfidence: z.number().min(0.05).max(0.99).default(0.4),
  /** Steep or overhead camera: look-alike classes count as people and vehicles if they move. */
  overheadView: z.boolean().default(false),
  /** Parts of the picture that are not looked at: no motion, and no object that stands in them. */
  masks: z.array(PolygonSchema).max(50, 'expected at most 50 masks').optional(),
});
export type Analysis = z.infer<typeof AnalysisSchema>;

// ---- cameras ----------------------------------------------------------------

export const SourceUrlSchema = z.string().refine((value) => {
  if (/^demo:[a-z0-9-]+$/i.test(value)) return true;
  if (!/^(rtsps?:\/\/|file:\/)/i.test(value)) return false;
  return URL.canParse(value);
}, 'expected an rtsp://, rtsps:// or file:// URL, or demo:NAME');

export const SourceSchema = z.strictObject({
  main: SourceUrlSchema,
  sub: SourceUrlSchema.optional(),
  transport: z.enum(['tcp', 'udp']).default('tcp'),
});
export type Source = z.infer<typeof SourceSchema>;

export const RecordingSchema = z.strictObject({
  mode: z.enum(['continuous', 'events', 'off']).default('continuous'),
  days: z.number().positive().max(3650).default(30),
  /** Of this camera alone: its oldest footage goes above this. Absent or null: only the limit of all applies. */
  maxBytes: z.number().int().positive().nullish(),
  audio: z.boolean().default(true),
  /** The sub stream is recorded too, to be played over slow connections. Absent: no. */
  subStream: z.boolean().optional(),
  /** Around events: how much is kept from before one and from after its end. */
  preRollSeconds: z.number().min(0).max(60).default(10),
  postRollSeconds: z.number().min(1).max(600).default(30),
  /** Memory in which a stream's frames wait for an event; where they do not fit, the pre-roll is shorter. */
  preRollMaxBytes: z
    .number()
    .int()
    .min(1024 * 1024)
    .max(48 * 1024 * 1024)
    .default(32 * 1024 * 1024),
  /** Hours of the week in which `mode` holds; outside them nothing is recorded. Absent or null: always. */
  schedule: WeekScheduleSchema.nullish(),
});
export type Recording = z.infer<typeof RecordingSchema>;

export const MacAddressSchema = z
  .string()
  .regex(/^[0-9a-f]{2}([:-]?)([0-9a-f]{2}\1){4}[0-9a-f]{2}$/i, 'expected six pairs of hex digits')
  .transform((mac) => mac.toLowerCase().replaceAll(/[:-]/g, ''));

export const CameraSchema = z.strictObject({
  id: z.guid(),
  name: NameSchema,
  siteId: z.number().int().positive(),
  serialNumber: z.string().trim().min(1).max(200).optional(),
  macAddress: MacAddressSchema.optional(),
  source: SourceSchema.optional(),
  recording: RecordingSchema,
  analysis: AnalysisSchema,
  zones: uniquelyNamed(z.array(ZoneSchema)),
  lines: uniquelyNamed(z.array(LineSchema)),
  /** deviceIds of the access-control readers in view of this camera. */
  readers: z.array(z.string().min(1)),
});

/** A camera with its full configuration, source credentials included: never leaves the engine as it is. */
export type Camera = z.infer<typeof CameraSchema>;

export const SiteSchema = z.strictObject({
  id: z.number().int().positive(),
  uuid: z.guid(),
  name: NameSchema,
});
export type Site = z.infer<typeof SiteSchema>;

export const ReaderSchema = z.strictObject({ deviceId: z.string().min(1), deviceName: z.string().min(1) });
export type Reader = z.infer<typeof ReaderSchema>;

export function uniquelyNamed<T extends z.ZodType<Array<{ name: string }>>>(list: T): T {
  return list.refine(
    (items) => new Set(items.map((item) => item.name.toLowerCase())).size === items.length,
    'names must differ (upper and lower case are the same)',
  ) as T;
}
