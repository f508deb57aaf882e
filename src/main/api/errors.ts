/** One way from anything thrown to an HTTP answer; each API gives the body its own shape. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, type ErrorKind } from '../../shared/errors.ts';
import { problemLine, problemsOf } from '../settings/issue-words.ts';

/** The body of an error. Camio, PACS and the UI: `{message}`. */
export type ErrorShape = (status: number, message: string) => object;
export const messageShape: ErrorShape = (_status, message) => ({ message });
/** Fleet and Faceter. */
export const codeShape: ErrorShape = (code, message) => ({ code, message });
/** Camlytics. */
export const camlyticsShape: ErrorShape = (code, msg) => ({ code, msg, result: [] });

const STATUS_OF_KIND: Record<ErrorKind, number> = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'rate-limited': 429,
  unavailable: 503,
  internal: 500,
};

/** An AppError that tells the client when to try again. */
export class RateLimitError extends AppError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, message = 'Too many requests: try again later.') {
    super('rate-limited', message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A method that the path does not know. */
export class MethodError extends Error {
  readonly status: 400 | 405;
  readonly allow: readonly string[];

  constructor(status: 400 | 405, allow: readonly string[]) {
    super(`This method is not supported here. Supported: ${allow.join(', ')}.`);
    this.status = status;
    this.allow = allow;
  }
}

/** The status and words of anything thrown; unknown things are `internal` and say nothing of themselves. */
export function describeError(error: unknown): { status: number; message: string } {
  if (error instanceof AppError) return { status: STATUS_OF_KIND[error.kind], message: error.message };
  if (error instanceof MethodError) return { status: error.status, message: error.message };
  if (error instanceof z.ZodError) return { status: 400, message: problemLine(problemsOf(error.issues)) };
  const status = (error as FastifyError | null)?.statusCode;
  if (status === 413) return { status, message: 'The request is too large.' };
  if (status !== undefined && status >= 400 && status < 500)
    return { status: status === 415 ? 400 : status, message: (error as Error).message };
  return { status: 500, message: 'Something went wrong inside the program. Its log says more.' };
}

/** An error handler for a part of the server. */
export function errorHandler(shape: ErrorShape) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, message } = describeError(error);
    if (status >= 500)
      request.log.error(
        { err: error, method: request.method, route: request.routeOptions.url },
        'a request failed',
      );
    if (error instanceof RateLimitError) reply.header('retry-after', String(error.retryAfterSeconds));
    if (error instanceof MethodError) reply.header('allow', error.allow.join(', '));
    if (status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer');
    reply.removeHeader('etag'); // of what could not be sent
    reply.code(status).type('application/json; charset=utf-8');
    const send = () => void reply.send(JSON.stringify(shape(status, message)));
    if (status === 413) afterBody(request, reply, send);
    else send();
  };
}

/** A body that is too large is read on up to here, and for so long, before its sender is told. */
const MAX_IGNORED_BYTES = 64 * 1024 * 1024;
const MAX_IGNORED_MS = 10_000;

/** Most clients read no answer before they have sent everything: what is left of a body is let pass, within limits. */
function afterBody(request: FastifyRequest, reply: FastifyReply, send: () => void): void {
  const { raw } = request;
  if (raw.complete || raw.destroyed) {
    send();
    return;
  }
  let left = MAX_IGNORED_BYTES;
  const finish = () => {
    clearTimeout(timer);
    raw.off('data', count).off('end', finish).off('close', finish);
    if (raw.complete) reply.removeHeader('connection');
    send();
  };
  const count = (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) finish();
  };
  const timer = setTimeout(finish, MAX_IGNORED_MS);
  raw.on('data', count).once('end', finish).once('close', finish).resume();
}

export function notFoundHandler(shape: ErrorShape) {
  return (_request: FastifyRequest, reply: FastifyReply): void => {
    reply
      .code(404)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(shape(404, 'There is nothing at this address.')));
  };
}
