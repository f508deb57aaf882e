/** How the paths of the Camio API are registered: each answers its methods, and refuses all others with 400 and `Allow`. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { ALL_METHODS } from '../json-api.ts';
import type { Access, BodyKind } from './guard.ts';

export interface CamioMethod {
  methods: HTTPMethods[];
  access?: Access;
  /** How the body is read; absent: it is ignored. */
  body?: BodyKind;
  schema: {
    tags: string[];
    summary: string;
    description?: string;
    params?: z.ZodType;
    querystring?: z.ZodType;
    body?: z.ZodType;
    consumes?: string[];
    produces?: string[];
    response: Record<number, z.ZodType>;
  };
  longBody?: boolean;
  handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

/** `access` is who may ask at this path at all; a method may say otherwise for itself. */
export function addPath(
  app: FastifyInstance,
  url: string,
  access: Access,
  methods: readonly CamioMethod[],
): void {
  const allow = methods.flatMap((entry) => entry.methods);
  for (const entry of methods) {
    const own = entry.access ?? access;
    app.route({
      method: entry.methods,
      url,
      exposeHeadRoute: false,
      config: {
        camioAccess: own,
        ...(entry.body && { camioBody: entry.body }),
        ...(entry.longBody && { longBody: true }),
      },
      schema: { ...entry.schema, ...(own !== 'open' && { security: [{ token: [] }] }) },
      handler: entry.handler,
    });
  }
  app.route({
    method: ALL_METHODS.filter((method) => !allow.includes(method)),
    url,
    config: { camioAccess: access, unsupportedMethod: { status: 400, allow } },
    schema: { hide: true },
    handler: () => {
      throw new AppError('internal', 'The guard of this path has not refused the method.');
    },
  });
}
