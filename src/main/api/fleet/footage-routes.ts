/** What a camera films: when it records, its newest picture, its last stored segment. */
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { hoursOfDay } from '../../../shared/schedule.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import { addMethods } from '../methods.ts';
import { formatPlainTime } from '../wire-time.ts';
import { bad, type FleetDeps, failures, NO_CAMERA, requireAny, security, tags } from './common.ts';
import {
  CameraIdParams,
  ErrorSchema,
  FrameRequest,
  FrameSchema,
  HoursQuery,
  HoursSchema,
  UploadMetricsSchema,
} from './schemas.ts';

const FRAME_WIDTH = 3840;

export function registerFleetFootage(app: FastifyInstance, deps: FleetDeps): void {
  const { cameras, fleet, engine, clock } = deps;

  addMethods(app, '/cameras/:cameraId/opening-hours', [
    {
      method: 'GET',
      config: { badInput: { params: 404, querystring: 400 } },
      schema: {
        ...{ tags, security, summary: 'When a camera records on a day' },
        params: CameraIdParams,
        querystring: HoursQuery,
        response: { 200: HoursSchema, ...bad, ...failures },
      },
      handler: (request) => {
        const camera = requireAny(deps, request.params);
        const { date } = request.query as z.infer<typeof HoursQuery>;
        return camera ? planOpeningHours(camera, date ?? null, clock.epochMs()).map(formatPlainTime) : [];
      },
    },
  ]);

  addMethods(app, '/cameras/:cameraId/video-upload-metrics', [
    {
      method: 'GET',
      config: { badInput: { params: 404 } },
      schema: {
        ...{ tags, security, summary: 'Size and length of the last stored segment' },
        params: CameraIdParams,
        response: { 200: UploadMetricsSchema, ...failures },
      },
      handler: (request) => {
        const camera = requireAny(deps, request.params);
        const segment = camera ? engine.newestSegment(camera.id) : null;
        return { uploadSize: segment?.sizeBytes ?? 0, uploadTime: (segment?.durationMs ?? 0) / 1000 };
      },
    },
  ]);

  addMethods(app, '/frame-requests', [
    {
      method: 'POST',
      schema: {
        ...{ tags, security, summary: 'The newest picture of a camera' },
        body: FrameRequest,
        response: {
          200: FrameSchema,
          ...bad,
          ...failures,
          409: ErrorSchema.describe('The camera is paused'),
        },
      },
      handler: async (request) => {
        const camera = cameras.get((request.body as z.infer<typeof FrameRequest>).cameraId);
        if (!camera) throw new AppError('not-found', NO_CAMERA);
        if (fleet.isPaused(camera.id)) throw new AppError('conflict', 'The camera is paused.');
        const picture = await engine.newestPicture(camera.id, FRAME_WIDTH);
        if (!picture) throw new AppError('not-found', 'There is no picture of this camera yet.');
        return {
          image: picture.jpeg.toString('base64'),
          timestamp: formatPlainTime(Math.round(picture.atEpochMs)),
        };
      },
    },
  ]);
}

/** Openings and closings of a local day in turn, epoch ms; none where recording is off. */
export function planOpeningHours(
  { recording }: Pick<StoredCamera, 'recording'>,
  date: string | null,
  nowEpochMs: number,
): number[] {
  if (recording.mode === 'off') return [];
  const now = new Date(nowEpochMs);
  const [year, month, day] =
    date === null
      ? [now.getFullYear(), now.getMonth() + 1, now.getDate()]
      : (date.split('-').map(Number) as [number, number, number]);
  return hoursOfDay(recording.schedule, { year, month, day });
}
