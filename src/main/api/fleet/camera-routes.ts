/** Cameras from registration to decommissioning: claimed, listed, changed, moved, removed. */
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { stableUuid } from '../../platform/stable-uuid.ts';
import { addMethods } from '../methods.ts';
import { listOf } from '../query-values.ts';
import { claim, patch } from './camera-changes.ts';
import { buildCamera, buildDecommissioned } from './camera-view.ts';
import {
  accepted,
  bad,
  bySerial,
  type FleetDeps,
  failures,
  NO_CAMERA,
  requireLive,
  requireSite,
  security,
  tags,
  unfit,
} from './common.ts';
import {
  AcceptedSchema,
  CameraIdParams,
  CameraListSchema,
  CameraPatch,
  CameraQuery,
  CameraSchema,
  CamerasQuery,
  ErrorSchema,
  Move,
  NewCamera,
  NoContent,
  RegisterRequest,
} from './schemas.ts';

export function registerFleetCameras(app: FastifyInstance, deps: FleetDeps): void {
  const { cameras, sites, fleet, engine, clock } = deps;

  addMethods(app, '/cameras', [
    {
      method: 'POST',
      schema: {
        ...{ tags, security, summary: 'Claim a camera' },
        description:
          'Makes a running camera without a source. A registered serial number brings its camera id.',
        body: NewCamera,
        response: {
          201: CameraSchema,
          ...bad,
          ...failures,
          409: ErrorSchema.describe('A camera with this serial number has been claimed'),
        },
      },
      handler: (request, reply) => {
        const input = request.body as z.infer<typeof NewCamera>;
        reply.code(201);
        return buildCamera(deps, claim(deps, input), true);
      },
    },
    {
      method: 'GET',
      schema: {
        ...{ tags, security, summary: 'List cameras' },
        querystring: CamerasQuery,
        response: { 200: CameraListSchema, ...failures, ...unfit },
      },
      handler: (request) => {
        const query = request.query as z.infer<typeof CamerasQuery>;
        const withMetrics = wantsMetrics(query);
        const states = listOf(query.state) ?? ['running', 'paused'];
        const user = query.userId?.toLowerCase();
        if (user !== undefined && !deps.accounts.first()) return [];
        if (user !== undefined && user !== userIdOf(deps)) return [];
        const site = query.siteId?.toLowerCase();
        const live = cameras.list().map((camera) => buildCamera(deps, camera, withMetrics));
        const gone = states.includes('decommissioned')
          ? fleet.listDecommissioned().map((camera) => buildDecommissioned(deps, camera, withMetrics))
          : [];
        return [...live, ...gone].filter(
          (camera) => states.includes(camera.state) && (site === undefined || camera.siteId === site),
        );
      },
    },
  ]);

  addMethods(app, '/cameras/:cameraId', [
    {
      method: 'GET',
      schema: {
        ...{ tags, security, summary: 'One camera' },
        description: 'Decommissioned cameras too.',
        params: CameraIdParams,
        querystring: CameraQuery,
        response: { 200: CameraSchema, ...failures, ...unfit },
      },
      handler: (request) => {
        const { cameraId } = request.params as z.infer<typeof CameraIdParams>;
        const withMetrics = wantsMetrics(request.query as z.infer<typeof CameraQuery>);
        const camera = cameras.get(cameraId);
        if (camera) return buildCamera(deps, camera, withMetrics);
        const gone = fleet.decommissioned(cameraId);
        if (!gone) throw new AppError('not-found', NO_CAMERA);
        return buildDecommissioned(deps, gone, withMetrics);
      },
    },
    {
      method: 'PATCH',
      schema: {
        ...{ tags, security, summary: 'Change name and names of directions' },
        params: CameraIdParams,
        body: CameraPatch,
        response: { 200: CameraSchema, ...bad, ...failures, ...unfit },
      },
      handler: (request) => {
        const camera = requireLive(deps, request.params);
        return buildCamera(deps, patch(deps, camera, request.body as z.infer<typeof CameraPatch>), true);
      },
    },
    {
      method: 'DELETE',
      schema: {
        ...{ tags, security, summary: 'Decommission a camera' },
        description: 'It and its recordings and events are gone elsewhere; its serial number is free again.',
        params: CameraIdParams,
        response: {
          204: NoContent,
          ...failures,
          409: ErrorSchema.describe('Footage of it is locked'),
          ...unfit,
        },
      },
      handler: async (request, reply) => {
        const camera = requireLive(deps, request.params);
        fleet.noteSeen(camera.id, engine.lastHeard(camera));
        await engine.removeCamera(camera.id);
        reply.code(204);
        return null;
      },
    },
  ]);

  addMethods(app, '/cameras/:cameraId/move', [
    {
      method: 'POST',
      schema: {
        ...{ tags, security, summary: 'Move a camera to another site' },
        params: CameraIdParams,
        body: Move,
        response: { 201: CameraSchema, ...bad, ...failures, ...unfit },
      },
      handler: (request, reply) => {
        const camera = requireLive(deps, request.params);
        const site = requireSite(sites, (request.body as z.infer<typeof Move>).siteId);
        const moved = cameras.update(camera.id, { siteId: site.id });
        reply.code(201);
        return buildCamera(deps, moved, true);
      },
    },
  ]);

  addMethods(app, '/register-camera-requests', [
    {
      method: 'POST',
      schema: {
        ...{ tags, security, summary: 'Register a camera' },
        description: 'Promises an id to a serial number. The camera is there once it is claimed.',
        body: RegisterRequest,
        response: { 202: AcceptedSchema, ...bad, ...failures },
      },
      handler: (request, reply) => {
        const { cameraId, serialNumber } = request.body as z.infer<typeof RegisterRequest>;
        if (cameras.get(cameraId) || fleet.decommissioned(cameraId) || fleet.isRegistered(cameraId))
          throw new AppError('invalid-input', 'cameraId: there is a camera with this id already');
        const isTaken = bySerial(cameras, serialNumber.trim()) !== null;
        if (isTaken || !fleet.register(cameraId, serialNumber.trim(), clock.epochMs()))
          throw new AppError(
            'invalid-input',
            'serialNumber: there is a camera with this serial number already',
          );
        reply.code(202);
        return accepted('The camera is registered.');
      },
    },
  ]);
}

/** The owner sees every camera. */
function userIdOf({ accounts, fleet }: FleetDeps): string {
  return stableUuid('user', fleet.organisationId(), String(accounts.first()?.id ?? 0));
}

function wantsMetrics({ includeMetrics }: z.infer<typeof CameraQuery>): boolean {
  return includeMetrics?.toLowerCase() !== 'false';
}
