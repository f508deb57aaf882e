/** The organisation-cameras API, `/fleet/v1`: a camera's life from registration to decommissioning, as organisations see it. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AnalysisSchema, RecordingSchema, type Site } from '../../../shared/domain.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { stableUuid } from '../../platform/stable-uuid.ts';
import type { AccountStore } from '../../store/accounts.ts';
import type { CameraStore, StoredCamera } from '../../store/cameras.ts';
import type { FleetStore } from '../../store/fleet.ts';
import type { SiteStore } from '../../store/sites.ts';
import type { Authenticator } from '../authentication.ts';
import { codeShape, errorHandler, notFoundHandler } from '../errors.ts';
import { type CameraEngine, serialNumberOf } from '../integration-cameras.ts';
import { readJsonWhateverItSays } from '../json-api.ts';
import { addMethods, statusError } from '../methods.ts';
import { listOf } from '../query-values.ts';
import { formatPlainTime } from '../wire-time.ts';
import { buildCamera, buildDecommissioned } from './camera-view.ts';
import {
  AcceptedSchema,
  CameraIdParams,
  CameraListSchema,
  CameraPatch,
  CameraQuery,
  CameraSchema,
  CamerasQuery,
  ErrorSchema,
  FrameRequest,
  FrameSchema,
  HoursQuery,
  HoursSchema,
  Move,
  NewCamera,
  NoContent,
  OutcomeSchema,
  RegisterRequest,
  StateParams,
  StateRequest,
  UploadMetricsSchema,
} from './schemas.ts';

export interface FleetDeps {
  accounts: AccountStore;
  cameras: CameraStore;
  sites: SiteStore;
  fleet: FleetStore;
  engine: CameraEngine;
  /** Runs what it is given in one transaction. */
  transaction: <T>(action: () => T) => T;
  clock: Clock;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Status of a path, query or body whose values do not fit. */
    badInput?: { params?: number; querystring?: number; body?: number };
  }
}

const FRAME_WIDTH = 3840;
const NO_CAMERA = 'There is no such camera.';
const tags = ['Organisation cameras'];
const security = [{ token: [] }];
const failures = {
  401: ErrorSchema.describe('No valid access token in the header Authorization'),
  403: ErrorSchema.describe('The token lacks the scope user'),
  404: ErrorSchema.describe('There is no such camera or site'),
  429: ErrorSchema.describe('Too many requests; Retry-After says when to try again'),
};
const bad = { 400: ErrorSchema.describe('The request does not fit') };
const unfit = { 422: ErrorSchema.describe('A value does not fit, or the camera is decommissioned') };

/** To be registered with the prefix `/fleet/v1`. */
export function registerFleetRoutes(
  app: FastifyInstance,
  deps: FleetDeps & { authenticator: Authenticator },
): void {
  app.setErrorHandler(fleetErrors);
  app.setNotFoundHandler(notFoundHandler(codeShape));
  app.addHook('onRequest', headerTokenGuard(deps.authenticator));
  readJsonWhateverItSays(app);
  registerCameras(app, deps);
  registerStates(app, deps);
  registerPictures(app, deps);
}

function registerCameras(app: FastifyInstance, deps: FleetDeps): void {
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
        response: { 204: NoContent, ...failures, ...unfit },
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

function registerStates(app: FastifyInstance, deps: FleetDeps): void {
  addMethods(app, '/cameras/:cameraId/state/:newState', [
    {
      method: 'PUT',
      schema: {
        ...{ tags, security, summary: 'Pause or resume a camera' },
        description: 'A paused camera is neither recorded nor analysed, and nobody is told of its events.',
        params: StateParams,
        response: { 201: OutcomeSchema, ...failures, ...unfit },
      },
      handler: (request, reply) => {
        const { newState } = request.params as z.infer<typeof StateParams>;
        setState(deps, requireLive(deps, request.params), newState);
        reply.code(201);
        return { code: 201, message: `The camera is ${newState}.` };
      },
    },
  ]);

  addMethods(app, '/put-camera-state-requests', [
    {
      method: 'POST',
      config: { badInput: { body: 422 } },
      schema: {
        ...{ tags, security, summary: 'Ask for a camera to be paused or resumed' },
        description: 'claimed: running; claimed_paused: paused. Done within 5 s.',
        body: StateRequest,
        response: { 202: AcceptedSchema, ...bad, ...failures, ...unfit },
      },
      handler: (request, reply) => {
        const { newState, ...params } = request.body as z.infer<typeof StateRequest>;
        setState(deps, requireLive(deps, params), newState === 'claimed' ? 'running' : 'paused');
        reply.code(202);
        return accepted(`The camera becomes ${newState}.`);
      },
    },
  ]);
}

function registerPictures(app: FastifyInstance, deps: FleetDeps): void {
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

/** Openings and closings of a local day in turn, epoch ms: from midnight to midnight while recording is on, else none. */
export function planOpeningHours(
  camera: Pick<StoredCamera, 'recording'>,
  date: string | null,
  nowEpochMs: number,
): number[] {
  if (camera.recording.mode === 'off') return [];
  const now = new Date(nowEpochMs);
  const [year, month, day] =
    date === null
      ? [now.getFullYear(), now.getMonth() + 1, now.getDate()]
      : (date.split('-').map(Number) as [number, number, number]);
  return [new Date(year, month - 1, day).getTime(), new Date(year, month - 1, day + 1).getTime()];
}

function claim(deps: FleetDeps, input: z.infer<typeof NewCamera>): StoredCamera {
  const { cameras, sites, fleet, clock, transaction } = deps;
  const serialNumber = input.serialNumber.trim();
  const site = requireSite(sites, input.siteId);
  if (bySerial(cameras, serialNumber))
    throw new AppError('conflict', 'This camera has already been claimed.');
  const name = input.name?.trim() ?? serialNumber;
  if (cameras.byName(name))
    throw new AppError('invalid-input', 'name: there is a camera with this name already');
  return transaction(() =>
    cameras.add(
      {
        id: fleet.takeRegistration(serialNumber) ?? randomUUID(),
        name,
        siteId: site.id,
        serialNumber,
        recording: RecordingSchema.parse({}),
        analysis: AnalysisSchema.parse({}),
        zones: [],
        lines: [],
        readers: [],
      },
      clock.epochMs(),
    ),
  );
}

function patch(deps: FleetDeps, camera: StoredCamera, changes: z.infer<typeof CameraPatch>): StoredCamera {
  const { cameras, fleet, transaction } = deps;
  const name = changes.name?.trim();
  if (name !== undefined) {
    const other = cameras.byName(name);
    if (name === '' || name.length > 200) throw statusError(422, 'name: expected 1 to 200 characters');
    if (other && other.id !== camera.id) throw statusError(422, 'name: another camera has this name');
  }
  return transaction(() => {
    fleet.setAliases(camera.id, changes);
    return name === undefined || name === camera.name ? camera : cameras.update(camera.id, { name });
  });
}

function setState({ fleet, engine }: FleetDeps, camera: StoredCamera, state: 'running' | 'paused'): void {
  if (state === 'paused') fleet.noteSeen(camera.id, engine.lastHeard(camera));
  fleet.setState(camera.id, state);
}

/** A camera that is not decommissioned: that would be 422. */
function requireLive({ cameras, fleet }: FleetDeps, params: unknown): StoredCamera {
  const { cameraId } = params as z.infer<typeof CameraIdParams>;
  const camera = cameras.get(cameraId);
  if (camera) return camera;
  if (fleet.decommissioned(cameraId)) throw statusError(422, 'The camera is decommissioned.');
  throw new AppError('not-found', NO_CAMERA);
}

/** Null for a decommissioned one. */
function requireAny({ cameras, fleet }: FleetDeps, params: unknown): StoredCamera | null {
  const { cameraId } = params as z.infer<typeof CameraIdParams>;
  const camera = cameras.get(cameraId);
  if (!camera && !fleet.decommissioned(cameraId)) throw new AppError('not-found', NO_CAMERA);
  return camera;
}

function requireSite(sites: SiteStore, uuid: string): Site {
  const site = sites.byUuid(uuid);
  if (!site) throw new AppError('not-found', 'There is no such site.');
  return site;
}

function bySerial(cameras: CameraStore, serialNumber: string): StoredCamera | null {
  return cameras.list().find((camera) => serialNumberOf(camera) === serialNumber) ?? null;
}

/** The owner sees every camera. */
function userIdOf({ accounts, fleet }: FleetDeps): string {
  return stableUuid('user', fleet.organisationId(), String(accounts.first()?.id ?? 0));
}

function wantsMetrics({ includeMetrics }: z.infer<typeof CameraQuery>): boolean {
  return includeMetrics?.toLowerCase() !== 'false';
}

function accepted(msg: string): z.infer<typeof AcceptedSchema> {
  return { id: randomUUID(), msg, status: 'created' };
}

/** This API takes tokens from the header alone. */
function headerTokenGuard(authenticator: Authenticator) {
  const guard = authenticator.tokenGuard('user');
  return async (request: FastifyRequest): Promise<void> => {
    if (!request.is404 && !/^(?:token|bearer)\s+\S+\s*$/i.test(request.headers.authorization ?? ''))
      throw authenticator.refusal(request);
    return guard(request);
  };
}

const answerError = errorHandler(codeShape);

/** Values of path and query that do not fit are 422, of bodies 400, unless a route says otherwise; what is no object is always 400. */
function fleetErrors(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const context = (error as { validationContext?: string }).validationContext;
  if (!(error instanceof z.ZodError) || context === undefined) {
    answerError(error, request, reply);
    return;
  }
  const { badInput } = request.routeOptions.config;
  const isShapeless = context === 'body' && error.issues.some((issue) => issue.path.length === 0);
  const statuses = { params: 422, querystring: 422, body: 400, ...badInput } as Record<string, number>;
  const status = isShapeless ? 400 : (statuses[context] ?? 400);
  const { path, message } = error.issues[0]!;
  const words = status === 404 ? NO_CAMERA : `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`;
  answerError(statusError(status, words), request, reply);
}
