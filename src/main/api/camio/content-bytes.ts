/** Bytes of content into answers: whole, a range of them, or as base64. */
import type { FastifyReply } from 'fastify';
import { parseRange } from '../byte-range.ts';
import type { Item, OpenItem } from './items.ts';

/** Bytes of base64 at a time: a multiple of three. */
const BASE64_STEP = 3 * 65_536;

/** Its bytes as base64, piece by piece. */
export async function* base64Of({ size, read }: OpenItem): AsyncGenerator<string> {
  for (let start = 0; start < size; start += BASE64_STEP) {
    const piece = read(start, Math.min(size, start + BASE64_STEP) - 1);
    if (Buffer.isBuffer(piece)) yield piece.toString('base64');
    else {
      const chunks: Buffer[] = [];
      for await (const chunk of piece) chunks.push(chunk as Buffer);
      yield Buffer.concat(chunks).toString('base64');
    }
  }
}

export function sendBytes(reply: FastifyReply, type: string, bytes: Buffer): FastifyReply {
  return reply
    .type(type)
    .serializer((body: unknown) => body as string)
    .send(bytes);
}

/** All of it, or the range that is asked for. */
export function sendItem(
  reply: FastifyReply,
  item: Item,
  { size, read }: OpenItem,
  rangeHeader: string | undefined,
): FastifyReply {
  reply.header('accept-ranges', 'bytes').type(item.contentType);
  const range = parseRange(rangeHeader, size);
  if (range === 'unsatisfiable')
    return sendBytes(
      reply.code(416).header('content-range', `bytes */${size}`),
      item.contentType,
      Buffer.alloc(0),
    );
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  reply.header('content-length', end - start + 1);
  return reply.send(read(start, end));
}
