/** Bodies as clients send them: JSON whatever the Content-Type says; where the contract allows it, a form too. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import { JSON_BODY_BYTES } from '../json-api.ts';

/** Reads bodies of this part of the server; `config.camioBody` of a route says how, others ignore theirs. */
export function readCamioBodies(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (request.headers['content-type'] !== undefined || hasBody(request))
      request.headers['content-type'] = 'application/octet-stream';
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: JSON_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('preValidation', async (request) => {
    const { camioBody } = request.routeOptions.config;
    if (!camioBody) return;
    const text = decode(request.body as Buffer | undefined);
    if (text === '') request.body = camioBody === 'json' ? undefined : {};
    else request.body = camioBody === 'loose' ? parseLoose(text) : parseJson(text);
  });
}

/** Body and query as one, the body's values first: for calls whose parameters may stand in either. */
export function mergeQuery(request: FastifyRequest): Record<string, unknown> {
  const body = request.body;
  if (body !== undefined && (body === null || typeof body !== 'object' || Array.isArray(body)))
    throw new AppError('invalid-input', 'expected a JSON object');
  return { ...(request.query as object), ...(body as object | undefined) };
}

function decode(body: Buffer | undefined): string {
  if (!body) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body).trim();
  } catch (cause) {
    throw new AppError('invalid-input', 'The body is not text in UTF-8.', { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid-input', 'The body is not JSON.', { cause });
  }
}

/** A form is what does not begin like JSON. */
function parseLoose(text: string): unknown {
  return /^[[{"]/.test(text) ? parseJson(text) : Object.fromEntries(new URLSearchParams(text));
}

function hasBody(request: FastifyRequest): boolean {
  const { headers } = request;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
