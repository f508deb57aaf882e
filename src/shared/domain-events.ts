/** The nouns of what happens: what the analysis sees, what door readers report, events. */

import { z } from 'zod';
import type { Box, Point } from './geometry.ts';

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
export const LABEL_GROUPS = ['person', 'vehicle', 'cycle', 'pet'] as const;
export type LabelGroup = (typeof LABEL_GROUPS)[number];

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
  /** The object's box in the analysed picture nearest to the moment of the event; fractions of the picture. */
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
  /** Time of the analysed picture that `detail.box` was seen in; atMs when absent. */
  pictureMs?: number;
  detail: EventDetail;
}
