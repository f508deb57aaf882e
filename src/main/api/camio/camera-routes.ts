/** Cameras and their zones. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ZoneSchema as DomainZoneSchema, type Zone } from '../../../shared/domain-camera.ts';
import { AppError } from '../../../shared/errors.ts';
import { SECOND_MS } from '../../../shared/units.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import { requireCamera, wireCameraId } from './camera-lookup.ts';
import { checkUser } from './guard.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath } from './register.ts';
import {
  CameraDetailSchema,
  CameraListSchema,
  CameraParams,
  failures,
  MeParams,
  NoContent,
  QueryFlag,
  single,
  ZoneInputSchema,
  ZoneListSchema,
  ZoneSchema,
} from './schemas.ts';

const tags = ['Camio: cameras'];
const ListQuery = z.object({
  fetch_zones: single(QueryFlag.optional()).meta({
    description: 'true adds the zones of each camera',
    example: 'true',
  }),
  user: single(z.string().optional()).meta({ description: 'E-mail address of the owner; may be left out' }),
});
const ZoneParams = CameraParams.extend({ zone: z.string().meta({ example: 'door' }) });

/** A stream is online with frames this young; a camera that uploads, with an upload or configuration call. */
const FRAME_AGE_MS = 10 * SECOND_MS;
const UPLOAD_AGE_MS = 120 * SECOND_MS;

export function registerCamioCameras(app: FastifyInstance, deps: CamioRouteDeps): void {
  addPath(app, '/users/:token/cameras', 'user', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'List all cameras',
        params: MeParams,
        querystring: ListQuery,
        response: { 200: CameraListSchema, ...failures },
      },
      handler: (request) => {
        const query = request.query as z.infer<typeof ListQuery>;
        checkUser(query.user, request, deps.accounts);
        return deps.cameras.list().map((camera) => ({
          name: camera.name,
          attribution: {},
          tags: [],
          refreshInterval: 0,
          camera_id: wireCameraId(deps, camera),
          is_online: isOnline(deps, camera),
          capabilities: factsOf(deps, camera).capabilities,
          ...(query.fetch_zones && { zones: camera.zones.map(buildZone) }),
        }));
      },
    },
  ]);

  addPath(app, '/users/:token/cameras/:camera', 'user', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'One camera',
        params: CameraParams,
        response: { 200: CameraDetailSchema, ...failures },
      },
      handler: (request) => {
        const camera = requireCamera(deps, paramsOf(request.params).camera);
        const { capabilities, resolution } = factsOf(deps, camera);
        return {
          name: camera.name,
          camera_id: wireCameraId(deps, camera),
          attribution: {},
          capabilities,
          is_online: isOnline(deps, camera),
          latitude: 0,
          longitude: 0,
          tags: [],
          user_id: String((request.principal?.account ?? deps.accounts.first())?.id ?? 1),
          ...(resolution && { resolution }),
        };
      },
    },
    {
      methods: ['DELETE'],
      schema: {
        tags,
        summary: 'Remove a camera with its recordings and events',
        params: CameraParams,
        response: { 204: NoContent, ...failures },
      },
      handler: async (request, reply) => {
        await deps.engine.removeCamera(requireCamera(deps, paramsOf(request.params).camera).id);
        reply.code(204);
        return null;
      },
    },
  ]);

  addPath(app, '/users/:token/cameras/:camera/zones', 'user', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'Zones of a camera',
        params: CameraParams,
        response: { 200: ZoneListSchema, ...failures },
      },
      handler: (request) => requireCamera(deps, paramsOf(request.params).camera).zones.map(buildZone),
    },
  ]);

  addPath(app, '/users/:token/cameras/:camera/zones/:zone', 'user', [
    {
      methods: ['GET'],
      schema: { tags, summary: 'One zone', params: ZoneParams, response: { 200: ZoneSchema, ...failures } },
      handler: (request) => {
        const { camera, zone } = ZoneParams.parse(request.params);
        return buildZone(requireZone(requireCamera(deps, camera), zone));
      },
    },
    {
      methods: ['POST', 'PUT'],
      body: 'json',
      schema: {
        tags,
        summary: 'Make, change or rename a zone',
        description: 'Alarm settings that were made elsewhere stay. Another name in the body renames.',
        params: ZoneParams,
        body: ZoneInputSchema,
        response: { 200: ZoneSchema, ...failures },
      },
      handler: (request) => {
        const { camera, zone } = ZoneParams.parse(request.params);
        const input = request.body as z.infer<typeof ZoneInputSchema>;
        const name = (input.name ?? zone).trim();
        const drawn = DomainZoneSchema.safeParse({ name, polygons: input.polygons });
        if (!drawn.success) throw drawn.error;
        return buildZone(putZone(deps, requireCamera(deps, camera), zone, drawn.data));
      },
    },
    {
      methods: ['DELETE'],
      schema: {
        tags,
        summary: 'Remove a zone',
        params: ZoneParams,
        response: { 204: NoContent, ...failures },
      },
      handler: (request, reply) => {
        const params = ZoneParams.parse(request.params);
        const camera = requireCamera(deps, params.camera);
        const zone = requireZone(camera, params.zone);
        deps.cameras.update(camera.id, { zones: camera.zones.filter((other) => other !== zone) });
        reply.code(204);
        return null;
      },
    },
  ]);
}

export function isOnline(deps: CamioRouteDeps, camera: StoredCamera): boolean {
  const now = deps.clock.epochMs();
  if (camera.source) {
    const { state, lastFrameEpochMs } = deps.engine.cameraStatus(camera.id);
    if (state === 'online' || (lastFrameEpochMs !== null && now - lastFrameEpochMs <= FRAME_AGE_MS))
      return true;
  }
  const upload = deps.contents.lastReceivedEpochMs(camera.id);
  const call = lastCall(deps, camera);
  return Math.max(upload ?? 0, call ?? 0) > now - UPLOAD_AGE_MS;
}

function lastCall(deps: CamioRouteDeps, camera: StoredCamera): number | null {
  const names = [camera.macAddress, wireCameraId(deps, camera)];
  const times = names.flatMap((name) => {
    const mac = name?.toLowerCase().replaceAll(/[:-]/g, '');
    return (mac && deps.camioClients.call(mac)?.lastEpochMs) || [];
  });
  return times.length > 0 ? Math.max(...times) : null;
}

/** What is known of a camera's pictures: from its running streams, its recordings, or its uploads. */
function factsOf(
  deps: CamioRouteDeps,
  camera: StoredCamera,
): { capabilities: string[]; resolution: { aspect_ratio: number; width: number; height: number } | null } {
  const main = deps.engine.cameraStatus(camera.id).streams.find((stream) => stream.stream === 'main');
  const recorded = main ? null : deps.engine.lastRecorded(camera.id);
  const picture = deps.contents.newest(camera.id, 'image/jpeg');
  const video = deps.contents.newest(camera.id, 'video/mp4');
  const seen = [main, recorded, picture, video].find((facts) => facts && facts.width > 0 && facts.height > 0);
  const hasAudio =
    (main && main.audioCodec !== null) || recorded?.hasAudio === true || video?.hasAudio === true;
  const isKnown = main || recorded || picture || video;
  return {
    capabilities: isKnown ? ['video', ...(hasAudio ? ['audio'] : [])] : [],
    resolution: seen
      ? {
          aspect_ratio: Math.round((seen.width / seen.height) * 1e7) / 1e7,
          width: seen.width,
          height: seen.height,
        }
      : null,
  };
}

function putZone(deps: CamioRouteDeps, camera: StoredCamera, pathName: string, drawn: Zone): Zone {
  const before = findZone(camera, pathName);
  const taken = findZone(camera, drawn.name);
  if (taken && taken !== before)
    throw new AppError('invalid-input', `There already is a zone named "${taken.name}".`);
  const zone: Zone = before ? { ...before, name: drawn.name, polygons: drawn.polygons } : drawn;
  const zones = before
    ? camera.zones.map((other) => (other === before ? zone : other))
    : [...camera.zones, zone];
  deps.cameras.update(camera.id, { zones });
  return zone;
}

function findZone(camera: StoredCamera, name: string): Zone | undefined {
  return camera.zones.find((zone) => zone.name.toLowerCase() === name.trim().toLowerCase());
}

function requireZone(camera: StoredCamera, name: string): Zone {
  const zone = findZone(camera, name);
  if (!zone) throw new AppError('not-found', 'There is no such zone.');
  return zone;
}

function buildZone({ name, polygons }: Zone): z.infer<typeof ZoneSchema> {
  return {
    name,
    polygons: polygons.map(({ points }) => ({ points: points.map(({ x, y }) => ({ x, y })) })),
  };
}

function paramsOf(params: unknown): z.infer<typeof CameraParams> {
  return params as z.infer<typeof CameraParams>;
}
