/** Takes a request's body into a file as it arrives: an upload of any size takes no memory. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../shared/errors.ts';

const MAX_BYTES = 512 * 1024 * 1024;
/** A connection that sends nothing for this long is given up. */
const SILENCE_MS = 60_000;

/** Leaves every body of this part of the server unread, whatever it is said to be. */
export function takeBodiesAsStreams(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    request.headers['content-type'] = 'application/octet-stream';
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/**
 * Writes the body to a file of its own in `folder` (made when needed) and returns its path; what is broken off leaves none.
 * Throws AppError: too-large above 512 MiB, unavailable when the disk is full, invalid-input when it was broken off.
 */
export async function receiveFile(request: FastifyRequest, folder: string): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) throw tooLarge();
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomUUID());
  request.raw.setTimeout(SILENCE_MS, () => request.raw.destroy());
  let size = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > MAX_BYTES ? tooLarge() : null, chunk);
    },
  });
  try {
    await pipeline(request.raw, limit, createWriteStream(path, { mode: 0o600, flush: true }));
    return path;
  } catch (error) {
    await rm(path, { force: true });
    if (error instanceof AppError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new AppError('unavailable', 'The disk is full.', { cause: error });
    throw new AppError('invalid-input', 'The upload was broken off.', { cause: error });
  }
}

function tooLarge(): AppError {
  return new AppError('too-large', 'An upload can be 512 MiB at most.');
}
