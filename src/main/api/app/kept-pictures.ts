/** Pictures that do not change: a browser keeps them, but asks each time, so that whoever sees them next is noted too, and has to be signed in. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Sets the headers of what `facts` tell from everything else; true, with status 304, where the browser has it: then nothing is to be sent. */
export function isKept(
  request: FastifyRequest,
  reply: FastifyReply,
  ...facts: ReadonlyArray<string | number | Buffer>
): boolean {
  const digests = facts.map((fact) => hash('sha256', Buffer.isBuffer(fact) ? fact : String(fact)));
  const tag = `"${hash('sha256', digests.join(' ')).slice(0, 32)}"`;
  reply.header('cache-control', 'private, no-cache').header('etag', tag);
  const had = request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (!had?.includes(tag)) return false;
  reply.code(304);
  return true;
}
