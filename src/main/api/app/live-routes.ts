/**
 * Live pictures for the UI: `WS /cameras/:id/live` and `GET /cameras/:id/picture.jpg`. Registered inside the authenticated scope,
 * which has @fastify/websocket and turns an AppError into its answer.
 */
import type {} from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { STREAM_KINDS } from '../../../shared/domain-storage.ts';
import { AppError } from '../../../shared/errors.ts';
import type { LiveCameras } from '../../live/cameras.ts';
import { LIVE_CLOSE, serveMp4Socket, serveMpeg1Socket } from '../../live/socket.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { forViewersOfCamera } from './rights.ts';

export interface LiveRouteDeps {
  live: Pick<LiveCameras, 'find' | 'latestPicture'>;
  clock: Clock;
  log: Logger;
}

const ParamsSchema = z.object({ id: z.guid('expected a camera id') });
const LiveQuerySchema = z.object({
  stream: z.enum(STREAM_KINDS).default('main'),
  format: z.enum(['mp4', 'mpeg1']).default('mp4'),
});
const PictureQuerySchema = z.object({ width: z.coerce.number().int().min(16).max(3840).default(640) });

export async function registerLiveRoutes(app: FastifyInstance, deps: LiveRouteDeps): Promise<void> {
  app.get('/cameras/:id/live', { websocket: true, ...forViewersOfCamera }, (socket: WebSocket, request) => {
    const params = ParamsSchema.safeParse(request.params);
    const query = LiveQuerySchema.safeParse(request.query);
    if (!params.success || !query.success)
      return socket.close(1008, 'expected a camera id, stream and format');
    const found = deps.live.find(params.data.id, query.data.stream);
    if (!found) return socket.close(LIVE_CLOSE.noSuchCamera, 'This camera has no live stream');
    deps.log.debug({ cameraId: params.data.id, ...query.data }, 'live viewer joined');
    // Nothing is expected from viewers; a message of any size is let go.
    const reader =
      query.data.format === 'mpeg1'
        ? serveMpeg1Socket(socket, found.mpeg1, found.stream, deps.clock)
        : serveMp4Socket(socket, found.hub, found.stream, deps.clock);
    socket.on('close', () => {
      if (reader.droppedGops === 0) return;
      const { droppedGops, droppedBytes } = reader;
      deps.log.info(
        { cameraId: params.data.id, droppedGops, droppedBytes },
        'a slow live viewer lost pictures',
      );
    });
  });

  app.get('/cameras/:id/picture.jpg', forViewersOfCamera, async (request, reply) => {
    const params = ParamsSchema.safeParse(request.params);
    const query = PictureQuerySchema.safeParse(request.query);
    if (!params.success) throw new AppError('not-found', 'There is no such camera');
    if (!query.success)
      throw new AppError('invalid-input', 'width: expected a number of pixels from 16 to 3840');
    const jpeg = await deps.live.latestPicture(params.data.id, query.data.width);
    if (!jpeg) throw new AppError('not-found', 'There is no picture of this camera yet');
    return reply.type('image/jpeg').header('cache-control', 'no-store').send(jpeg);
  });
}
