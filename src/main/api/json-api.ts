/** What every JSON API of ours shares: bodies are JSON whatever the Content-Type says, and a path answers every method. */
import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { AppError } from '../../shared/errors.ts';

export const JSON_BODY_BYTES = 1024 * 1024;

/** All methods that can arrive; CONNECT never gets here. */
export const ALL_METHODS = METHODS.filter((method) => method !== 'CONNECT') as HTTPMethods[];

/** Reads every body of this part of the server as JSON. */
export function readJsonWhateverItSays(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    // `curl -d` names a form's type, others none or a broken one: what is sent here is JSON.
    if (request.headers['content-type'] !== undefined || hasBody(request))
      request.headers['content-type'] = 'application/json';
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: JSON_BODY_BYTES }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Answers all methods of a path that are not in `allow`; register it once for each path. */
export function refuseOtherMethods(
  app: FastifyInstance,
  url: string,
  allow: readonly HTTPMethods[],
  status: 400 | 405,
): void {
  app.route({
    method: ALL_METHODS.filter((method) => !allow.includes(method)),
    url,
    config: { unsupportedMethod: { status, allow } },
    schema: { hide: true },
    handler: () => {
      throw new AppError('internal', 'The guard of this path has not refused the method.');
    },
  });
}

/** Undefined for an empty body. Throws AppError `invalid-input` for what is not JSON in UTF-8. */
function parseJson(body: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return text.trim() === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid-input', 'The body is not JSON.', { cause });
  }
}

function hasBody(request: FastifyRequest): boolean {
  const { headers } = request;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
