/** A file as an answer, whole or the part that a `Range` header asks for. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import { parseRange } from '../byte-range.ts';

/** `onSent` is called once the answer has been sent or broken off. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: { path: string; contentType: string; onSent?: () => void },
): Promise<FastifyReply> {
  const { path, contentType, onSent = () => {} } = file;
  const size = await stat(path).then(
    (facts) => facts.size,
    (cause: unknown) => {
      throw new AppError('not-found', 'This file is no longer there.', { cause });
    },
  );
  reply.header('accept-ranges', 'bytes').type(contentType);
  const range = parseRange(request.headers.range, size);
  if (range === 'unsatisfiable') {
    onSent();
    return reply.code(416).header('content-range', `bytes */${size}`).send();
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  reply.header('content-length', end - start + 1);
  const stream = createReadStream(path, { start, end, highWaterMark: 1024 * 1024 });
  stream.once('close', onSent);
  return reply.send(stream);
}
