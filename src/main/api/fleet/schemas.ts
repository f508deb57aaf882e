/** The organisation-cameras API's parameters, bodies and answers: the schemas that validate and document them. Pure. */
import { z } from 'zod';
import { ListValue, listOf, once } from '../query-values.ts';

const STATES = ['running', 'paused', 'decommissioned'] as const;
const NotBlank = z.string().refine((text) => text.trim() !== '', 'expected a text that is not blank');
const Name = NotBlank.refine((text) => text.trim().length <= 200, 'expected at most 200 characters');

export const CameraIdParams = z.object({ cameraId: z.guid('expected a camera id (uuid)') });
export const StateParams = CameraIdParams.extend({ newState: z.enum(['running', 'paused']) });

const IncludeMetrics = once(
  z
    .string()
    .refine((text) => /^(true|false)$/i.test(text), 'expected true or false')
    .optional(),
).meta({ description: 'Whether the metrics are in the answer; true by default' });

export const CameraQuery = z.object({ includeMetrics: IncludeMetrics });
export const CamerasQuery = CameraQuery.extend({
  siteId: once(z.guid('expected the uuid of a site').optional()).meta({
    description: 'Only cameras of this site',
  }),
  userId: once(z.guid('expected the uuid of a user').optional()).meta({
    description: 'Only cameras this user sees',
  }),
  state: ListValue.refine(
    (value) => (listOf(value) ?? []).every((state) => (STATES as readonly string[]).includes(state)),
    `expected ${STATES.join(', ')}`,
  )
    .optional()
    .meta({ description: 'Comma list or repeated; by default running and paused' }),
});

export const NewCamera = z
  .object({
    name: Name.nullish().meta({ description: 'The serial number by default; unique in any case' }),
    serialNumber: Name,
    siteId: z.guid('expected the uuid of a site'),
  })
  .meta({
    example: { name: 'Entrance', serialNumber: 'ABC123', siteId: '60189e9c-7d12-438c-b9ca-6998d9c364b1' },
  });

export const CameraPatch = z
  .object({
    name: z.string().optional(),
    direction1Alias: z.string().optional(),
    direction2Alias: z.string().optional(),
  })
  .refine(
    (patch) => Object.values(patch).some((value) => value !== undefined),
    'expected name, direction1Alias or direction2Alias',
  )
  .meta({ example: { direction1Alias: 'in', direction2Alias: 'out', name: 'Entrance' } });

export const Move = z
  .object({ siteId: z.guid('expected the uuid of a site') })
  .meta({ example: { siteId: '60189e9c-7d12-438c-b9ca-6998d9c364b1' } });

export const StateRequest = z
  .object({
    cameraId: z.guid('expected a camera id (uuid)'),
    newState: z.enum(['claimed', 'claimed_paused']),
  })
  .meta({ example: { cameraId: 'cbc3283e-6217-4855-9934-148717cbeefe', newState: 'claimed' } });

export const RegisterRequest = z
  .object({ cameraId: z.guid('expected a camera id (uuid)'), serialNumber: Name })
  .meta({ example: { cameraId: 'cbc3283e-6217-4855-9934-148717cbeefe', serialNumber: 'ABC123' } });

export const FrameRequest = z
  .object({ cameraId: z.guid('expected a camera id (uuid)') })
  .meta({ example: { cameraId: 'cbc3283e-6217-4855-9934-148717cbeefe' } });

export const HoursQuery = z.object({
  date: once(
    z
      .string()
      .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text), 'expected a day like 2019-08-24')
      .optional(),
  ).meta({ description: 'Today by default' }),
});

const EXAMPLE_CAMERA = {
  cameraPositionId: '37eacd70-df6f-462c-b57e-ba61d0ee7150',
  claimedAt: '2019-08-24T14:15:22Z',
  direction1Alias: 'in',
  direction2Alias: 'out',
  encodedFramesProportion: 1,
  id: '497f6eca-6276-4993-bfeb-53cbbbba6f08',
  isOnline: true,
  lastSeenAt: '2019-08-24T14:15:22Z',
  lastVideoAt: '2019-08-24T14:15:22Z',
  name: 'Entrance',
  networkTransmitRate: 2000000,
  organisationId: 'c9b3f279-e3b5-4204-ad99-646257417f98',
  serialNumber: 'ABC123',
  siteId: '60189e9c-7d12-438c-b9ca-6998d9c364b1',
  state: 'running',
  videoBacklog: 0,
  videoUploadLatency: 0.5,
} as const;

const CameraFields = z.object({
  id: z.string(),
  name: z.string(),
  serialNumber: z.string(),
  siteId: z.string(),
  organisationId: z.string(),
  state: z.enum(STATES),
  isOnline: z.boolean(),
  claimedAt: z.string(),
  cameraPositionId: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  lastVideoAt: z.string().nullable(),
  direction1Alias: z.string().nullable(),
  direction2Alias: z.string().nullable(),
  encodedFramesProportion: z
    .number()
    .optional()
    .meta({ description: 'Share of today that is recorded, 0..1' }),
  networkTransmitRate: z.number().optional().meta({ description: 'Bits per second from the camera' }),
  videoBacklog: z.number().optional().meta({ description: 'Seconds of video that wait to be stored' }),
  videoUploadLatency: z.number().optional().meta({ description: 'Age of the newest frame in seconds' }),
});
export type WireCamera = z.infer<typeof CameraFields>;
export const CameraSchema = CameraFields.meta({ example: EXAMPLE_CAMERA });
export const CameraListSchema = z.array(CameraFields).meta({ example: [EXAMPLE_CAMERA] });

export const OutcomeSchema = z
  .object({ code: z.number(), message: z.string() })
  .meta({ example: { code: 201, message: 'The camera is paused.' } });
export const AcceptedSchema = z
  .object({ id: z.string(), msg: z.string(), status: z.literal('created') })
  .meta({ example: { id: '497f6eca-6276-4993-bfeb-53cbbbba6f08', msg: 'Taken.', status: 'created' } });
export const HoursSchema = z.array(z.string()).meta({
  example: ['2019-08-24T00:00:00Z', '2019-08-25T00:00:00Z'],
  description: 'Opening, closing, and so on',
});
export const FrameSchema = z
  .object({ image: z.string().meta({ description: 'JPEG, base64' }), timestamp: z.string() })
  .meta({ example: { image: '/9j/4AAQSkZJRg…', timestamp: '2019-08-24T14:15:22Z' } });
export const UploadMetricsSchema = z
  .object({
    uploadSize: z.number().meta({ description: 'Bytes of the last stored segment' }),
    uploadTime: z.number().meta({ description: 'Its length in seconds' }),
  })
  .meta({ example: { uploadSize: 7340032, uploadTime: 60 } });

export const ErrorSchema = z
  .object({ code: z.number(), message: z.string() })
  .meta({ example: { code: 404, message: 'There is no such camera.' } });
export const NoContent = z.null().describe('Done. No body.');

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
