/** Camio's physical access control integration, `/api/integrations/pacs`: readers and what they report. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { AccessControl } from '../../access/access-control.ts';
import type { Authenticator } from '../authentication.ts';
import { errorHandler, messageShape, notFoundHandler } from '../errors.ts';
import { readJsonWhateverItSays, refuseOtherMethods } from '../json-api.ts';
import { buildDevices, DevicesSchema, parseReaders, parseReport, ReportSchema } from './translate.ts';

export interface PacsRouteDeps {
  authenticator: Authenticator;
  access: AccessControl;
}

const SCOPE = 'annotations:write';
const UNSUPPORTED = 400;

const ErrorSchema = z.object({ message: z.string() });
const Empty = z.null().describe('Done. No body.');
const failures = {
  400: ErrorSchema.describe('The payload does not fit, or the method is not supported'),
  401: ErrorSchema.describe('No valid access token'),
  403: ErrorSchema.describe('The token lacks the scope annotations:write'),
  413: ErrorSchema.describe('The body is larger than 1 MiB'),
  429: ErrorSchema.describe('Too many requests; Retry-After says when to try again'),
};
const common = { tags: ['Access control'], security: [{ token: [] }] };

/** To be registered with the prefix `/api/integrations/pacs`. */
export async function registerPacsRoutes(plain: FastifyInstance, deps: PacsRouteDeps): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  app.setErrorHandler(errorHandler(messageShape));
  app.setNotFoundHandler(notFoundHandler(messageShape));
  app.addHook('onRequest', deps.authenticator.tokenGuard(SCOPE));
  readJsonWhateverItSays(app as unknown as FastifyInstance);

  app.route({
    method: ['POST', 'PUT'],
    url: '/devices',
    schema: {
      ...common,
      summary: 'Replace the list of readers',
      description: 'Which cameras see a reader stays as it is. An empty list clears it.',
      body: DevicesSchema,
      response: { 204: Empty, ...failures },
    },
    handler: async (request, reply) => {
      deps.access.replaceReaders(parseReaders(request.body));
      reply.code(204);
      return null;
    },
  });

  app.route({
    method: 'GET',
    url: '/devices',
    exposeHeadRoute: false,
    schema: {
      ...common,
      summary: 'The stored readers',
      response: { 200: DevicesSchema, ...failures, 404: ErrorSchema.describe('No readers are stored') },
    },
    handler: () => {
      const readers = deps.access.readers();
      if (readers.length === 0) throw new AppError('not-found', 'No readers are stored.');
      return buildDevices(readers);
    },
  });

  app.route({
    method: ['POST', 'PUT'],
    url: '/webhooks',
    // Comes before the body is looked at, like every other lack of permission.
    onRequest: async () => {
      if (deps.access.readers().length === 0)
        throw new AppError('forbidden', 'There is no access control integration: no readers are stored.');
    },
    schema: {
      ...common,
      summary: 'Report what a reader saw',
      description: 'The same device, time, type and actor again adds nothing.',
      body: ReportSchema,
      response: {
        204: Empty,
        ...failures,
        403: ErrorSchema.describe('The token lacks the scope annotations:write, or no readers are stored'),
        404: ErrorSchema.describe('No camera is assigned to the reader'),
      },
    },
    handler: async (request, reply) => {
      deps.access.report(parseReport(request.body));
      reply.code(204);
      return null;
    },
  });

  refuseOtherMethods(plain, '/devices', ['GET', 'POST', 'PUT'], UNSUPPORTED);
  refuseOtherMethods(plain, '/webhooks', ['POST', 'PUT'], UNSUPPORTED);
}
