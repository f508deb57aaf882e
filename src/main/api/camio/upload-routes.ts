/** Uploads of pictures and videos. The bytes go to a file as they arrive: an upload of any size takes no memory. */

import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CameraSchema, RecordingSchema } from '../../../shared/domain-camera.ts';
import { AppError } from '../../../shared/errors.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import { CAMIO_SETTINGS_KEY, CamioSettingsSchema } from '../../store/camio-settings.ts';
import { receiveFile, takeBodiesAsStreams } from '../receive-file.ts';
import { formatCamioTime } from '../wire-time.ts';
import { cameraById, wireCameraId } from './camera-lookup.ts';
import { ContentParams, contentGet } from './content-routes.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath, type CamioMethod } from './register.ts';
import { CameraParams, failures, NoContent, single } from './schemas.ts';
import { parseNameTime } from './upload-time.ts';

const OPTIONS = ['alternate', 'no_analysis', 'parse_timestamp'] as const;

const UploadQuery = z.object({
  camera_id: single(z.string('camera_id is required').trim().min(1, 'camera_id is required').max(200)).meta({
    description: 'Any text that is unique among the cameras',
    example: '1234',
  }),
  upload_mode: single(z.enum(['image', 'video']).default('image')),
  img_type: single(z.enum(['m', 'a', 'h']).default('m')).meta({
    description: 'm motion, a sound, h heartbeat',
  }),
  rotation: single(z.enum(['0', '90', '180', '270']).default('0')),
  video_length: single(
    z.coerce.number('expected seconds above 0').positive('expected seconds above 0').max(86_400).optional(),
  ).meta({ description: 'Seconds', example: '20.18' }),
  options: single(z.string().optional()).meta({ description: `Comma list of ${OPTIONS.join(', ')}` }),
});

const UploadAnswer = z
  .object({
    id: z.string(),
    event_id: z.string().nullable(),
    source: z.string(),
    camera_id: z.string(),
    content_type: z.string(),
    date_created: z.string(),
  })
  .meta({
    example: {
      id: 'u4xZ2mQk0b1c8sVfJt7aGQ',
      event_id: '0f3c1f64-5717-4562-b3fc-2c963f66afa6',
      source: 'front',
      camera_id: '1234',
      content_type: 'image/jpeg',
      date_created: '2014-07-22T03:38:32.183-0000',
    },
  });

/** To be registered apart: its bodies are streams. */
export function registerCamioUploads(app: FastifyInstance, deps: CamioRouteDeps): void {
  takeBodiesAsStreams(app);

  const upload = (params: z.ZodType): CamioMethod => ({
    methods: ['POST', 'PUT'],
    longBody: true,
    schema: {
      tags: ['Camio: content'],
      summary: 'Upload a JPEG or an MP4',
      description:
        'The body is the file, kept as it is. `:token` is `me` or the upload token. JPEGs at most 30 s apart are one event. ' +
        'An MP4 is one with upload_mode=video or the option no_analysis, else it joins an event that it overlaps. ' +
        'The camera is made if neither camera_id nor name is known. While recording is disabled: 204, nothing is kept.',
      params,
      querystring: UploadQuery,
      consumes: ['image/jpeg', 'video/mp4'],
      body: z.any().describe('The bytes of the JPEG or MP4'),
      response: { 200: UploadAnswer, 204: NoContent, ...failures },
    },
    handler: async (request, reply) => {
      const answer = await takeUpload(request);
      if (answer) return answer;
      reply.code(204);
      return null;
    },
  });
  addPath(app, '/users/:token/cameras/:camera/content', 'upload', [upload(CameraParams)]);
  addPath(app, '/users/:token/cameras/:camera/content/:item', 'upload', [
    contentGet(deps),
    upload(ContentParams),
  ]);

  async function takeUpload(request: FastifyRequest): Promise<z.infer<typeof UploadAnswer> | null> {
    const params = request.params as { camera: string; item?: string };
    const query = request.query as z.infer<typeof UploadQuery>;
    const options = readOptions(query.options);
    const cameraName = checkName(params.camera);
    const arrivedEpochMs = deps.clock.epochMs();
    const path = await receiveFile(request, join(deps.dataDir, 'uploads', 'incoming'));
    try {
      if (!deps.settings.get(CAMIO_SETTINGS_KEY, CamioSettingsSchema).recordingEnabled) return null;
      const contentType = await sniff(path);
      const camera =
        cameraById(deps, query.camera_id) ??
        deps.cameras.byName(cameraName) ??
        make(cameraName, query.camera_id);
      const named = params.item ? parseNameTime(params.item, options.includes('parse_timestamp')) : null;
      const content = await deps.uploads.take({
        camera,
        path,
        contentType,
        atEpochMs: named ?? arrivedEpochMs,
        imageType: query.img_type,
        rotation: Number(query.rotation),
        durationMs: query.video_length === undefined ? null : Math.round(query.video_length * 1000),
        isOwnEvent: query.upload_mode === 'video' || options.includes('no_analysis'),
        isAlternate: options.includes('alternate'),
        isAnalysed: !options.includes('no_analysis'),
      });
      return {
        id: content.id,
        event_id: content.eventId,
        source: camera.name,
        camera_id: wireCameraId(deps, camera),
        content_type: content.contentType,
        date_created: formatCamioTime(content.atEpochMs),
      };
    } finally {
      await rm(path, { force: true });
    }
  }

  function make(name: string, cameraId: string): StoredCamera {
    const isUuid = CameraSchema.shape.id.safeParse(cameraId).success;
    const camera = deps.cameras.add(
      {
        id: isUuid ? cameraId.toLowerCase() : randomUUID(),
        name,
        siteId: deps.sites.ensureDefault().id,
        recording: RecordingSchema.parse({}),
        analysis: { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false },
        zones: [],
        lines: [],
        readers: [],
      },
      deps.clock.epochMs(),
    );
    if (camera.id !== cameraId) deps.camioClients.putGivenId(camera.id, cameraId);
    return camera;
  }
}

function readOptions(given: string | undefined): string[] {
  const options = (given ?? '')
    .split(',')
    .map((option) => option.trim().toLowerCase())
    .filter((option) => option !== '');
  if (!options.every((option) => (OPTIONS as readonly string[]).includes(option)))
    throw new AppError('invalid-input', `options: expected a list of ${OPTIONS.join(', ')}`);
  return options;
}

/** A camera's name is only a name: it never becomes part of a path. */
function checkName(name: string): string {
  const parsed = CameraSchema.shape.name.safeParse(name);
  if (!parsed.success || /\p{Cc}/u.test(name))
    throw new AppError('invalid-input', 'The name of the camera is blank, too long or not printable.');
  return parsed.data;
}

/** The bytes say what it is. Throws AppError `invalid-input` for what is neither JPEG nor MP4. */
async function sniff(path: string): Promise<'image/jpeg' | 'video/mp4'> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(12);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
    if (bytesRead >= 8 && head.toString('latin1', 4, 8) === 'ftyp') return 'video/mp4';
  } finally {
    await file.close();
  }
  throw new AppError('invalid-input', 'Expected a JPEG picture or an MP4 video.');
}
