/** The organisation-cameras API, `/fleet/v1`: who may ask, and how errors are told; what it answers stands in the files beside it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Authenticator } from '../authentication.ts';
import { codeShape, errorHandler, notFoundHandler } from '../errors.ts';
import { readJsonWhateverItSays } from '../json-api.ts';
import { statusError } from '../methods.ts';
import { registerFleetCameras } from './camera-routes.ts';
import { type FleetDeps, NO_CAMERA } from './common.ts';
import { registerFleetFootage } from './footage-routes.ts';
import { registerFleetStates } from './state-routes.ts';

/** To be registered with the prefix `/fleet/v1`. */
export function registerFleetRoutes(
  app: FastifyInstance,
  deps: FleetDeps & { authenticator: Authenticator },
): void {
  app.setErrorHandler(fleetErrors);
  app.setNotFoundHandler(notFoundHandler(codeShape));
  app.addHook('onRequest', headerTokenGuard(deps.authenticator));
  readJsonWhateverItSays(app);
  registerFleetCameras(app, deps);
  registerFleetStates(app, deps);
  registerFleetFootage(app, deps);
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
