/** The Faceter integration API, `/integration-api/v1`: keys and cameras here; events, archive and signed addresses beside it. */
import type { FastifyInstance } from 'fastify';
import type { Authenticator } from '../authentication.ts';
import { codeShape, errorHandler, notFoundHandler } from '../errors.ts';
import { readJsonWhateverItSays } from '../json-api.ts';
import { addMethods } from '../methods.ts';
import { registerFaceterArchive } from './archive-routes.ts';
import { failures, requireCamera, security, tags, viewerOf } from './common.ts';
import type { FaceterDeps } from './deps.ts';
import { registerFaceterEvents } from './event-routes.ts';
import { faceterGuard, keyOf } from './guard.ts';
import { registerFaceterMedia } from './media-routes.ts';
import { CameraListSchema, CameraParams, CameraSchema, ValidateAnswer } from './schemas.ts';
import { buildCamera } from './views.ts';

/** To be registered with the prefix `/integration-api/v1`. */
export function registerFaceterRoutes(
  app: FastifyInstance,
  deps: FaceterDeps & { authenticator: Authenticator },
): void {
  app.setErrorHandler(errorHandler(codeShape));
  app.setNotFoundHandler(notFoundHandler(codeShape));
  app.addHook('onRequest', faceterGuard(deps));
  readJsonWhateverItSays(app);

  addMethods(app, '/integration-key/validate', [
    {
      method: 'POST',
      config: { faceterAccess: 'any-key' },
      schema: {
        ...{ tags, security, summary: 'Whether a key is valid' },
        response: { 200: ValidateAnswer, 401: failures[401], 429: failures[429] },
      },
      handler: (request) => ({ isValid: deps.tokens.find('integration', keyOf(request) ?? '') !== null }),
    },
  ]);

  addMethods(app, '/cameras', [
    {
      method: 'GET',
      schema: {
        ...{ tags, security, summary: 'All cameras' },
        response: { 200: CameraListSchema, 401: failures[401], 429: failures[429] },
      },
      handler: (request) => deps.cameras.list().map((camera) => buildCamera(deps, camera, viewerOf(request))),
    },
  ]);

  addMethods(app, '/cameras/:cameraId', [
    {
      method: 'GET',
      schema: {
        ...{ tags, security, summary: 'One camera', params: CameraParams },
        response: { 200: CameraSchema, ...failures },
      },
      handler: (request) => buildCamera(deps, requireCamera(deps, request.params), viewerOf(request)),
    },
  ]);

  registerFaceterEvents(app, deps);
  registerFaceterArchive(app, deps);
  registerFaceterMedia(app, deps);
}
