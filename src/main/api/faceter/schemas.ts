/** The Faceter API's parameters, bodies and answers: the schemas that validate and document them. Pure. */
import { z } from 'zod';
import { FACETER_EVENT_TYPES } from '../../../shared/domain-events.ts';
import {
  BodyTimeValue,
  HttpUrl,
  ListValue,
  listOf,
  once,
  QueryTimeValue,
  wholeNumber,
} from '../query-values.ts';
import { parseWireTime } from '../wire-time.ts';

const CAMERA_ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
export const MAX_CLIP_SECONDS = 3600;
const MAX_EXPORT_SECONDS = 86_400;
const MAX_GRID_CELLS = 65_536;

/** An id that is none is not found, like one that is not known. */
export const CameraParams = z.object({ cameraId: z.string().meta({ example: CAMERA_ID }) });
export const ExportParams = CameraParams.extend({ exportId: z.string() });

export const EventsQuery = z.object({
  eventTypes: ListValue.refine(
    (value) =>
      (listOf(value) ?? []).every((type) => (FACETER_EVENT_TYPES as readonly string[]).includes(type)),
    `expected ${FACETER_EVENT_TYPES.join(', ')}`,
  )
    .optional()
    .meta({ description: 'Comma list or repeated; all by default' }),
  startDate: once(QueryTimeValue.optional()).meta({ description: 'Events that start at or after this time' }),
  endDate: once(QueryTimeValue.optional()).meta({ description: 'Events that start before this time' }),
  mergeInterval: once(wholeNumber({ min: 0 }).optional()).meta({
    description:
      'Events of one type with at most this many seconds between them are joined; 0 (default): none are',
  }),
  limit: once(wholeNumber({ min: 1 }).optional()).meta({ description: '1 to 1000; 100 by default' }),
  sortOrder: once(
    z
      .string()
      .refine((text) => /^(none|asc|desc)$/i.test(text), 'expected None, Asc or Desc')
      .optional(),
  ).meta({ description: 'By start; None (default) is Desc' }),
});

const Scalar = z.union([z.string(), z.number(), z.boolean()], 'expected a text, a number or true or false');
const Picture = z
  .string()
  .min(1)
  .meta({ description: 'JPEG or PNG in base64, or an http(s) URL that is handed on' });

export const NewEvent = z
  .object({
    eventId: z.guid('expected a uuid').nullish().meta({ description: 'The same again replaces the event' }),
    startDate: BodyTimeValue,
    endDate: BodyTimeValue.nullish().meta({ description: 'startDate where absent' }),
    eventType: z.enum(FACETER_EVENT_TYPES),
    instant: z.boolean().nullish().meta({ description: 'true: the event ends when it starts' }),
    grid: z
      .object({
        rows: z.number().int().min(1).max(1024),
        cols: z.number().int().min(1).max(1024),
        cells: z.array(z.union([z.literal(0), z.literal(1)], 'expected 0 or 1')).max(MAX_GRID_CELLS),
      })
      .refine(({ rows, cols, cells }) => cells.length === rows * cols, 'expected rows × cols cells')
      .nullish(),
    attributes: z.record(z.string(), Scalar).nullish(),
    snapshot: Picture.nullish(),
    objectSnapshot: Picture.nullish(),
  })
  .refine(
    ({ startDate, endDate, instant }) =>
      instant === true || endDate == null || (parseWireTime(endDate) ?? 0) >= (parseWireTime(startDate) ?? 0),
    { path: ['endDate'], message: 'expected a time at or after startDate' },
  )
  .meta({
    example: {
      eventId: '7fa85f64-5717-4562-b3fc-2c963f66afa1',
      startDate: '2026-04-10T08:00:00Z',
      endDate: '2026-04-10T08:01:00Z',
      eventType: 'Motion',
      instant: false,
      grid: { rows: 3, cols: 3, cells: [1, 0, 0, 1, 1, 0, 0, 0, 1] },
      attributes: { confidence: '0.98' },
      snapshot: 'https://example.com/picture.jpg',
    },
  });
export type NewEventInput = z.infer<typeof NewEvent>;

export const ClipQuery = z.object({
  startDate: once(QueryTimeValue),
  duration: once(wholeNumber({ min: 1, max: MAX_CLIP_SECONDS })).meta({ description: 'Seconds, 1 to 3600' }),
  signature: once(z.string().optional()).meta({ description: 'Of archiveApiToken, instead of the key' }),
  exp: once(z.string().optional()).meta({ description: 'Of archiveApiToken' }),
});

export const NewAudioExport = z
  .object({
    startDate: BodyTimeValue,
    durationSeconds: z.number().int().min(1).max(MAX_EXPORT_SECONDS),
    callbackUrl: HttpUrl.nullish().meta({ description: 'Gets the finished export as a POST' }),
  })
  .meta({
    example: {
      startDate: '2026-04-10T08:00:00Z',
      durationSeconds: 120,
      callbackUrl: 'https://example.com/webhook',
    },
  });
export const NewArchiveExport = NewAudioExport.extend({ audioEnabled: z.boolean().nullish() }).meta({
  example: {
    startDate: '2026-04-10T08:00:00Z',
    durationSeconds: 120,
    audioEnabled: true,
    callbackUrl: 'https://example.com/webhook',
  },
});

export const ValidateAnswer = z.object({ isValid: z.boolean() }).meta({ example: { isValid: true } });

const EXAMPLE_CAMERA = {
  id: CAMERA_ID,
  deviceId: '1fa85f64-5717-8562-b3fc-2c963f66afb1',
  title: 'Entrance Camera',
  previewUrl: 'http://127.0.0.1:8480/integration-api/v1/media/…/preview.jpg',
  archiveApiToken: { signature: '9c1185a5…', exp: 1712745600 },
  archiveApiUrl: `http://127.0.0.1:8480/integration-api/v1/cameras/${CAMERA_ID}/archive`,
  archiveDays: 30,
  liveRtspUrl: `rtsp://user:password@127.0.0.1:8554/${CAMERA_ID}`,
  liveHlsUrl: 'http://127.0.0.1:8480/integration-api/v1/media/…/live.m3u8',
  isOnline: true,
  lastOnlineDate: '2026-04-10T09:00:00Z',
  cameraModel: 'IP camera',
  platform: 'ThirdParty',
  serialNumber: 'ABC123',
  firmwareVersion: 'unknown',
  applicationVersion: '1.0.0',
  isOwner: true,
  isFullAccess: true,
  isArchiveGranted: true,
  isAudioGranted: true,
  tempAccessExpiryDate: null,
  location: { id: '1', title: 'Main Office', room: { id: '1', title: 'Hall' } },
} as const;

const Camera = z.object({
  id: z.string(),
  deviceId: z.string(),
  title: z.string(),
  previewUrl: z.string().nullable(),
  archiveApiToken: z.object({ signature: z.string(), exp: z.number().int() }),
  archiveApiUrl: z.string(),
  archiveDays: z.number().int(),
  liveRtspUrl: z.string().nullable(),
  liveHlsUrl: z.string().nullable(),
  isOnline: z.boolean(),
  lastOnlineDate: z.string().nullable(),
  cameraModel: z.string(),
  platform: z.enum(['Embedded', 'ThirdParty', 'Mobile']),
  serialNumber: z.string(),
  firmwareVersion: z.string(),
  applicationVersion: z.string(),
  isOwner: z.boolean(),
  isFullAccess: z.boolean(),
  isArchiveGranted: z.boolean(),
  isAudioGranted: z.boolean(),
  tempAccessExpiryDate: z.string().nullable(),
  location: z.object({
    id: z.string(),
    title: z.string(),
    room: z.object({ id: z.string(), title: z.string() }),
  }),
});
export type WireCamera = z.infer<typeof Camera>;
export const CameraSchema = Camera.meta({ example: EXAMPLE_CAMERA });
export const CameraListSchema = z.array(Camera).meta({ example: [EXAMPLE_CAMERA] });

const Event = z.object({
  id: z.string(),
  cameraId: z.string(),
  type: z.enum(FACETER_EVENT_TYPES),
  startTime: z.string(),
  endTime: z.string(),
  previewUrl: z.string().nullable(),
  mergedEventsCount: z.number().int(),
  attributes: z.array(z.record(z.string(), z.string())),
});
export type WireEvent = z.infer<typeof Event>;
export const EventsAnswer = z.object({ items: z.array(Event), hasMore: z.boolean() }).meta({
  example: {
    items: [
      {
        id: '7fa85f64-5717-4562-b3fc-2c963f66afa1',
        cameraId: CAMERA_ID,
        type: 'Motion',
        startTime: '2026-04-10T08:00:00Z',
        endTime: '2026-04-10T08:01:00Z',
        previewUrl: 'http://127.0.0.1:8480/integration-api/v1/media/…/preview.jpg',
        mergedEventsCount: 2,
        attributes: [{ confidence: '0.98' }, { confidence: '0.91' }],
      },
    ],
    hasMore: false,
  },
});

export const RecordingsAnswer = z
  .array(z.object({ startDate: z.string(), durationSeconds: z.number().int() }))
  .meta({ example: [{ startDate: '2026-04-10T08:00:00Z', durationSeconds: 300 }] });

const Status = z.enum(['Queued', 'Processing', 'Completed', 'Failed']);
export const QueuedAnswer = z
  .object({ exportId: z.string(), status: Status })
  .meta({ example: { exportId: '9fa85f64-5717-4562-b3fc-2c963f66afa2', status: 'Queued' } });
const ExportTimes = {
  errorMessage: z.string().nullable(),
  createdAtUtc: z.string(),
  completedAtUtc: z.string().nullable(),
};
const EXAMPLE_TIMES = {
  errorMessage: null,
  createdAtUtc: '2026-04-10T08:00:00Z',
  completedAtUtc: '2026-04-10T08:02:00Z',
};
export const ArchiveExportAnswer = z
  .object({
    exportId: z.string(),
    status: Status,
    videoUrl: z.string().nullable(),
    previewUrl: z.string().nullable(),
    ...ExportTimes,
  })
  .meta({
    example: {
      exportId: '9fa85f64-5717-4562-b3fc-2c963f66afa2',
      status: 'Completed',
      videoUrl: 'http://127.0.0.1:8480/integration-api/v1/media/…/video.mp4',
      previewUrl: 'http://127.0.0.1:8480/integration-api/v1/media/…/preview.jpg',
      ...EXAMPLE_TIMES,
    },
  });
export const AudioExportAnswer = z
  .object({ exportId: z.string(), status: Status, audioUrl: z.string().nullable(), ...ExportTimes })
  .meta({
    example: {
      exportId: 'afa85f64-5717-4562-b3fc-2c963f66afa3',
      status: 'Completed',
      audioUrl: 'http://127.0.0.1:8480/integration-api/v1/media/…/audio.mp3',
      ...EXAMPLE_TIMES,
    },
  });

export const ErrorSchema = z
  .object({ code: z.number(), message: z.string() })
  .meta({ example: { code: 404, message: 'There is no such camera.' } });
export const NoContent = z.null().describe('Done. No body.');
