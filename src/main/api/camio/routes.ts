/** The Camio API, `/api`, as reference 001 and the API contract have it. */
import type { FastifyInstance } from 'fastify';
import { errorHandler, messageShape, notFoundHandler } from '../errors.ts';
import { registerCamioOAuth } from './authorize-routes.ts';
import { readCamioBodies } from './bodies.ts';
import { registerCamioCameras } from './camera-routes.ts';
import { registerCamioConfiguration } from './configuration-routes.ts';
import { registerCamioContent } from './content-routes.ts';
import { camioGuard } from './guard.ts';
import { registerCamioHooks } from './hook-routes.ts';
import { registerCamioLivePicture } from './live-picture-routes.ts';
import type { CamioRouteDeps } from './ports.ts';
import { registerCamioSearch } from './search-routes.ts';
import { registerCamioSettings } from './settings-routes.ts';
import { registerCamioShares } from './share-routes.ts';
import { registerCamioUploads } from './upload-routes.ts';

/** To be registered with the prefix `/api`. */
export async function registerCamioApi(app: FastifyInstance, deps: CamioRouteDeps): Promise<void> {
  app.setErrorHandler(errorHandler(messageShape));
  app.setNotFoundHandler(notFoundHandler(messageShape));
  app.addHook('onRequest', camioGuard(deps));
  await app.register(async (part) => {
    readCamioBodies(part);
    registerCamioOAuth(part, deps);
    registerCamioCameras(part, deps);
    registerCamioConfiguration(part, deps);
    registerCamioHooks(part, deps);
    registerCamioSearch(part, deps);
    registerCamioContent(part, deps);
    registerCamioLivePicture(part, deps);
    registerCamioShares(part, deps);
    registerCamioSettings(part, deps);
  });
  await app.register(async (part) => registerCamioUploads(part, deps));
}
