/** How paths of fleet, Faceter and Camlytics are registered: each answers its methods, and refuses all others with 405 and `Allow`. */
import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
} from 'fastify';
import type { z } from 'zod';
import { refuseOtherMethods } from './json-api.ts';

export interface PathMethod {
  method: HTTPMethods;
  schema: {
    tags: string[];
    summary: string;
    description?: string;
    params?: z.ZodType;
    querystring?: z.ZodType;
    body?: z.ZodType;
    security?: Array<Record<string, string[]>>;
    produces?: string[];
    response: Record<number, z.ZodType>;
    hide?: boolean;
  };
  config?: FastifyContextConfig;
  /** Largest body, in bytes. */
  bodyLimit?: number;
  handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

export function addMethods(app: FastifyInstance, url: string, methods: readonly PathMethod[]): void {
  for (const { method, schema, config, bodyLimit, handler } of methods) {
    app.route({
      method,
      url,
      exposeHeadRoute: false,
      schema: schema as object,
      ...(config && { config }),
      ...(bodyLimit !== undefined && { bodyLimit }),
      handler,
    });
  }
  refuseOtherMethods(
    app,
    url,
    methods.map(({ method }) => method),
    405,
  );
}

/** Scheme and host under which the client knows this server, as `http://127.0.0.1:8480`. */
export function baseUrl(request: FastifyRequest): string {
  return `${request.protocol}://${request.host || 'localhost'}`;
}

/** An error with a status that `AppError` has no kind for. */
export function statusError(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}
