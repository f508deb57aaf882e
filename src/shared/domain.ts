/** The domain's nouns: schemas (zod) and the types they give. What comes from outside is parsed with these; inside, types are trusted. */
import { z } from 'zod';
import { type Box, type Point, polygonArea, polygonCrossesItself } from './geometry.ts';
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

export const ZoneSchema = z.strictObject({
  name: NameSchema,
  polygons: z.array(PolygonSchema).min(1),
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

// ---- what the analysis sees ---------------------------------------------------

export const OBJECT_LABELS = [
  'person',
  'bicycle',
  'car',
  'motorcycle',
  'bus',
  'truck',
  'cat',
  'dog',
] as const;
export type ObjectLabel = (typeof OBJECT_LABELS)[number];

/** Groups in which labels may be confused with each other from one picture to the next. */
export type LabelGroup = 'person' | 'vehicle' | 'cycle' | 'pet';
export const LABEL_GROUP: Record<ObjectLabel, LabelGroup> = {
  person: 'person',
  bicycle: 'cycle',
  motorcycle: 'cycle',
  car: 'vehicle',
  bus: 'vehicle',
  truck: 'vehicle',
  cat: 'pet',
  dog: 'pet',
};

/** Camio's colour words. */
export const COLOURS = [
  'black',
  'white',
  'gray',
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'brown',
] as const;
export type Colour = (typeof COLOURS)[number];

/** One followed object in one analysed picture. Box and foot in fractions of the picture. */
export interface TrackedObject {
  trackId: number;
  label: ObjectLabel;
  /** Detector score of this picture's detection, or of the last one while the object is hidden. */
  confidence: number;
  maxConfidence: number;
  box: Box;
  foot: Point;
  firstSeenMs: number;
  /** The picture this object was last really detected in; earlier than the observation while it is hidden (box predicted). */
  lastSeenMs: number;
  /** False until it has moved further than jitter since first seen: still look-alikes never raise events. */
  hasMoved: boolean;
  /** Only when it is reported for the first time: where it was seen before it was sure to be an object, oldest first. */
  earlier?: Array<{ atMs: number; foot: Point; box: Box }>;
}

/** What the analysis knows about one picture. Times are ms on one clock: Unix epoch live, clip time in `analyze`. */
export interface Observation {
  atMs: number;
  /** Confirmed objects only, hidden ones included until they are given up. */
  tracks: TrackedObject[];
  /** trackIds that were given up in this step, so that states can be let go. */
  endedTrackIds: number[];
  motion: {
    /** Share of changed pixels of the picture, 0..1. */
    ratio: number;
    /** Regions that changed. */
    boxes: Box[];
  };
  /** Set while the picture looks covered, blinded, defocused or turned; rules decide how long is long enough. */
  sabotage: SabotageKind | null;
}

export const SABOTAGE_KINDS = ['covered', 'blinded', 'defocused', 'turned'] as const;
export type SabotageKind = (typeof SABOTAGE_KINDS)[number];

// ---- access control -----------------------------------------------------------

export const ACCESS_EVENT_TYPES = ['entry unlocked', 'forced open', 'entry ajar'] as const;
export type AccessEventType = (typeof ACCESS_EVENT_TYPES)[number];

/** Something a door reader reported. */
export interface AccessEvent {
  deviceId: string;
  atMs: number;
  eventType: AccessEventType | null;
  labels: string[];
  actorId?: string;
  actorName?: string;
  actorEmail?: string;
}

// ---- events -------------------------------------------------------------------

export const EVENT_TYPES = [
  'object', // a person, vehicle or animal was seen (label says which)
  'motion',
  'line-crossing',
  'zone-enter',
  'zone-leave',
  'loitering',
  'crowd',
  'tailgating',
  'sabotage',
  'access', // entry unlocked, forced open, entry ajar: `access` says which
] as const;
export const EventTypeSchema = z.enum(EVENT_TYPES);
export type EventType = (typeof EVENT_TYPES)[number];

const BoxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const PathPointSchema = z.object({ atMs: z.number(), x: z.number(), y: z.number() });

export const AccessFactsSchema = z.object({
  deviceId: z.string(),
  deviceName: z.string(),
  atMs: z.number(),
  eventType: z.enum(ACCESS_EVENT_TYPES).nullable(),
  labels: z.array(z.string()),
  actorId: z.string().optional(),
  actorName: z.string().optional(),
  actorEmail: z.string().optional(),
});
export type AccessFacts = z.infer<typeof AccessFactsSchema>;

/** One person who went over the line, with the path of the foot point. */
export const CrossingPersonSchema = z.object({
  trackId: z.number(),
  crossedAtMs: z.number(),
  /** Whether the unlock (or being first) let this person in. */
  admitted: z.boolean(),
  path: z.array(PathPointSchema),
});

/** The explanation of a tailgating event. */
export const TailgatingFactsSchema = z.object({
  mode: z.enum(['readers', 'no-readers']),
  windowSeconds: z.number(),
  peoplePerUnlock: z.number(),
  /** The unlock whose window this falls in; null when nobody unlocked. */
  unlock: AccessFactsSchema.nullable(),
  people: z.array(CrossingPersonSchema),
});
export type TailgatingFacts = z.infer<typeof TailgatingFactsSchema>;

/** An event made of what a camera or client uploaded. */
export const UploadFactsSchema = z.object({
  /** `pictures`: JPEGs close in time; `video`: one MP4. */
  kind: z.enum(['pictures', 'video']),
  /** What caused it: motion, sound, or nothing (a heartbeat); the weightiest of its items. */
  imageType: z.enum(['m', 'a', 'h']),
});
export type UploadFacts = z.infer<typeof UploadFactsSchema>;

/** Faceter's types of events. */
export const FACETER_EVENT_TYPES = [
  'Motion',
  'Human',
  'Vehicle',
  'LineCrossing',
  'Intrusion',
  'PeopleCounting',
  'LicensePlate',
  'Pet',
  'PersonalMobilityVehicle',
  'Face',
  'Custom',
] as const;
export type FaceterEventType = (typeof FACETER_EVENT_TYPES)[number];

/** An event that another system posted, as it was given. */
export const PostedFactsSchema = z.object({
  eventType: z.enum(FACETER_EVENT_TYPES),
  attributes: z.record(z.string(), z.string()),
  grid: z.object({ rows: z.number(), cols: z.number(), cells: z.array(z.number()) }).optional(),
  /** Pictures that are elsewhere: handed on, never fetched. */
  snapshotUrl: z.string().optional(),
  objectSnapshotUrl: z.string().optional(),
});
export type PostedFacts = z.infer<typeof PostedFactsSchema>;

/** Everything about an event that depends on its kind. */
export const EventDetailSchema = z.object({
  label: z.enum(OBJECT_LABELS).optional(),
  trackId: z.number().optional(),
  confidence: z.number().optional(),
  line: z.string().optional(),
  zone: z.string().optional(),
  direction: z.enum(['forward', 'backward']).optional(),
  /** The object's box at the moment of the event; fractions of the picture. */
  box: BoxSchema.optional(),
  /** Foot points of the object up to the event. */
  path: z.array(PathPointSchema).optional(),
  colour: z.enum(COLOURS).optional(),
  movement: z.enum(['approaching', 'departing']).optional(),
  count: z.number().optional(),
  dwellSeconds: z.number().optional(),
  sabotage: z.enum(SABOTAGE_KINDS).optional(),
  tailgating: TailgatingFactsSchema.optional(),
  access: AccessFactsSchema.optional(),
  upload: UploadFactsSchema.optional(),
  posted: PostedFactsSchema.optional(),
});
export type EventDetail = z.infer<typeof EventDetailSchema>;

export const NvrEventSchema = z.object({
  id: z.guid(),
  /** Order of arrival, ascending, never used twice. */
  sequence: z.number().int(),
  cameraId: z.guid(),
  cameraName: z.string(),
  type: EventTypeSchema,
  startEpochMs: z.number(),
  endEpochMs: z.number(),
  /** Words the event is found by, as Camio shows them. */
  labels: z.array(z.string()),
  detail: EventDetailSchema,
  hasSnapshot: z.boolean(),
});
/** An event as every reader of the engine sees it. */
export type NvrEvent = z.infer<typeof NvrEventSchema>;

/** What a rule found in a step; becomes an event in `events/`. Times on the observation's clock. */
export interface Finding {
  type: Exclude<EventType, 'access'>;
  atMs: number;
  /** Start of what the event covers, e.g. of a stay for loitering; atMs when absent. */
  startMs?: number;
  detail: EventDetail;
}

// ---- recordings ---------------------------------------------------------------

export const STREAM_KINDS = ['main', 'sub'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

export const GAP_CAUSES = [
  'engine-stopped', // the program was not running, or was ended by force
  'camera-unreachable', // no connection: refused, no route, time-out
  'wrong-credentials',
  'camera-refused', // the camera answered with an error
  'stream-stalled', // connected, but no pictures came
  'stream-ended', // the camera closed the stream
  'unsupported-stream', // a codec or stream that cannot be recorded
  'disk-full',
  'disk-failed',
  'disk-slow',
  'clock-step', // the system clock was set
  'paused', // recording switched off by the user
  'connecting', // there had been no picture of the camera yet: no loss
  'no-event', // recorded only around events, and there was none: no loss
  'deleted', // removed by retention or by the user
  'not-connected', // stored, on a drive that is away: no loss; shown on the timeline, never in the ledger
  'unknown',
] as const;
export const GapCauseSchema = z.enum(GAP_CAUSES);
export type GapCause = (typeof GAP_CAUSES)[number];

export const GapSchema = z.object({
  startEpochMs: z.number(),
  /** null while it lasts. */
  endEpochMs: z.number().nullable(),
  cause: GapCauseSchema,
  /** In the user's words; no credentials. */
  detail: z.string(),
});
export type Gap = z.infer<typeof GapSchema>;

/** A range of a camera's footage that retention leaves alone. Segments that it touches are kept whole. */
export const FootageLockSchema = z.object({
  id: z.uuid(),
  cameraId: z.uuid(),
  startEpochMs: z.number(),
  endEpochMs: z.number(),
  /** Why, in the user's words. */
  reason: z.string(),
  /** E-mail address of the account. */
  createdBy: z.string(),
  createdEpochMs: z.number(),
  /** When it ends by itself; null: when somebody removes it. */
  expiresEpochMs: z.number().nullable(),
});
export type FootageLock = z.infer<typeof FootageLockSchema>;

// ---- alerts ---------------------------------------------------------------------

export const ALERT_KINDS = [
  'camera-offline', // no pictures come, although a stream is set up
  'not-recording', // pictures come and should be stored, but are not
  'picture-frozen', // frames come, but they all show the very same picture
  'picture-black', // the picture is uniformly dark, or of one colour
  'disk-reserve', // less than the reserve is free, and deleting footage does not help
  'footage-short', // the disk holds fewer days than cameras ask for
  'folder-missing', // the folder for recordings does not answer
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Something about the recorder itself that its owner must know. Not an event: other systems' event lists do not show it. */
export const AlertSchema = z.object({
  id: z.number().int(),
  kind: z.enum(ALERT_KINDS),
  /** null: about the recorder as a whole. */
  cameraId: z.guid().nullable(),
  cameraName: z.string().nullable(),
  /** When the trouble itself began, not when it was told. */
  startEpochMs: z.number(),
  /** null while it lasts. */
  endEpochMs: z.number().nullable(),
  /** What is the case; no credentials. */
  words: z.string(),
  /** What to do about it. */
  advice: z.string(),
  acknowledgedEpochMs: z.number().nullable(),
});
export type Alert = z.infer<typeof AlertSchema>;
// ---- recording folders --------------------------------------------------------------

export const VOLUME_ROLES = [
  'record', // new footage goes there
  'archive', // closed segments go there when they are old enough
  'leaving', // nothing new goes there, and what it holds goes to the other folders
] as const;
export type VolumeRole = (typeof VOLUME_ROLES)[number];

/** A recording folder as the user or the provision file names it. */
export const RecordingFolderSchema = z
  .strictObject({
    path: z
      .string()
      .max(1000)
      .refine((path) => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path), 'expected an absolute path'),
    role: z.enum(['record', 'archive']),
    /** For an archive: the age in days at which footage goes there. */
    afterDays: z.number().min(0).max(3650).nullable().optional(),
    /** Reserve on its disk; null or absent: that of all recordings. */
    minFreeBytes: z.number().int().min(0).nullable().optional(),
    /** Of recordings in it; null or absent: no limit of its own. */
    maxBytes: z.number().int().positive().nullable().optional(),
  })
  .refine(({ role, afterDays }) => role !== 'archive' || typeof afterDays === 'number', {
    path: ['afterDays'],
    error: 'expected a number of days, as the folder is an archive',
  })
  .refine(({ role, afterDays }) => role === 'archive' || typeof afterDays !== 'number', {
    path: ['afterDays'],
    error: 'expected none, as the folder is no archive',
  });
export type RecordingFolder = z.infer<typeof RecordingFolderSchema>;

/** `absent`: not there, or not with the mark that it is known by. */
export const VOLUME_STATES = ['present', 'absent', 'read-only', 'full'] as const;
export type VolumeState = (typeof VOLUME_STATES)[number];
