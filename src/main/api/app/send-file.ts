/** Sends files of the UI's API: whole, or the part that was asked for. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import { AppError } from '../../../shared/errors.ts';

interface SentFile {
  path: string;
  fileName: string;
  contentType?: string;
  isShown?: boolean;
}

/** A whole file or the part that a Range header asks for; `isShown`: in the page, not saved. */
export async function sendFile(
  reply: FastifyReply,
  { path, fileName, contentType = 'video/mp4', isShown }: SentFile,
  rangeHeader: string | undefined,
): Promise<FastifyReply> {
  const size = await stat(path).then(
    (facts) => facts.size,
    (cause: unknown) => {
      throw new AppError('not-found', 'This file is no longer there.', { cause });
    },
  );
  reply.header('content-disposition', dispositionOf(fileName, isShown ? 'inline' : 'attachment'));
  reply.header('accept-ranges', 'bytes').type(contentType);
  const range = parseRange(rangeHeader, size);
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send();
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  reply.header('content-length', end - start + 1);
  return reply.send(createReadStream(path, { start, end }));
}

/** A Content-Disposition with a name that every browser takes. */
export function dispositionOf(fileName: string, kind: 'inline' | 'attachment' = 'attachment'): string {
  const plainName = fileName.replaceAll(/[^\x20-\x7e]|["\\]/g, '-');
  return `${kind}; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}

/** One range (RFC 9110 14.1.2), both ends included; null for none or several, which get the whole file. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [first, last] = [
    match[1] === '' ? null : Number(match[1]),
    match[2] === '' ? null : Number(match[2]),
  ];
  const start = first ?? Math.max(0, size - (last ?? 0));
  const end = first === null ? size - 1 : Math.min(last ?? size - 1, size - 1);
  return start >= size || end < start ? 'unsatisfiable' : { start, end };
}
