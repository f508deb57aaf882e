/** What the parts of the organisation-cameras API share: what they need of the engine, their failures, and finding cameras and sites. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Site } from '../../../shared/domain-camera.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AccountStore } from '../../store/accounts.ts';
import type { CameraStore, StoredCamera } from '../../store/cameras.ts';
import type { FleetStore } from '../../store/fleet.ts';
import type { SiteStore } from '../../store/sites.ts';
import { type CameraEngine, serialNumberOf } from '../integration-cameras.ts';
import { statusError } from '../methods.ts';
import { type AcceptedSchema, type CameraIdParams, ErrorSchema } from './schemas.ts';

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

export const NO_CAMERA = 'There is no such camera.';
export const tags = ['Organisation cameras'];
export const security = [{ token: [] }];
export const failures = {
  401: ErrorSchema.describe('No valid access token in the header Authorization'),
  403: ErrorSchema.describe('The token lacks the scope user'),
  404: ErrorSchema.describe('There is no such camera or site'),
  429: ErrorSchema.describe('Too many requests; Retry-After says when to try again'),
};
export const bad = { 400: ErrorSchema.describe('The request does not fit') };
export const unfit = { 422: ErrorSchema.describe('A value does not fit, or the camera is decommissioned') };

/** A camera that is not decommissioned: that would be 422. */
export function requireLive({ cameras, fleet }: FleetDeps, params: unknown): StoredCamera {
  const { cameraId } = params as z.infer<typeof CameraIdParams>;
  const camera = cameras.get(cameraId);
  if (camera) return camera;
  if (fleet.decommissioned(cameraId)) throw statusError(422, 'The camera is decommissioned.');
  throw new AppError('not-found', NO_CAMERA);
}

/** Null for a decommissioned one. */
export function requireAny({ cameras, fleet }: FleetDeps, params: unknown): StoredCamera | null {
  const { cameraId } = params as z.infer<typeof CameraIdParams>;
  const camera = cameras.get(cameraId);
  if (!camera && !fleet.decommissioned(cameraId)) throw new AppError('not-found', NO_CAMERA);
  return camera;
}

export function requireSite(sites: SiteStore, uuid: string): Site {
  const site = sites.byUuid(uuid);
  if (!site) throw new AppError('not-found', 'There is no such site.');
  return site;
}

export function bySerial(cameras: CameraStore, serialNumber: string): StoredCamera | null {
  return cameras.list().find((camera) => serialNumberOf(camera) === serialNumber) ?? null;
}

export function accepted(msg: string): z.infer<typeof AcceptedSchema> {
  return { id: randomUUID(), msg, status: 'created' };
}
