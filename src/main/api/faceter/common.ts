/** What the parts of the Faceter API share. */
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import { baseUrl } from '../methods.ts';
import type { FaceterDeps } from './deps.ts';
import { ErrorSchema } from './schemas.ts';
import type { Viewer } from './views.ts';

export const tags = ['Faceter'];
export const security = [{ integrationKey: [] }];
export const failures = {
  401: ErrorSchema.describe('No valid integration key'),
  404: ErrorSchema.describe('There is no such camera'),
  429: ErrorSchema.describe('Too many requests; Retry-After says when to try again'),
};
export const bad = { 400: ErrorSchema.describe('The request does not fit') };

/** Throws AppError `not-found`, for what is no id too. */
export function requireCamera({ cameras }: Pick<FaceterDeps, 'cameras'>, params: unknown): StoredCamera {
  const camera = cameras.get((params as { cameraId: string }).cameraId);
  if (!camera) throw new AppError('not-found', 'There is no such camera.');
  return camera;
}

export function viewerOf(request: FastifyRequest): Viewer {
  const { principal } = request;
  return {
    base: baseUrl(request),
    keyId: principal?.kind === 'token' ? principal.token.id : '',
    host: request.hostname || 'localhost',
  };
}
