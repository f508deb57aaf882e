/**
 * Downloads the weights that a model card names: resumable (`FILE.partial` and HTTP Range), checked against the card's SHA-256, and in
 * place only when whole. Says in words why it failed and what to do; knows nothing of who asks.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, messageOf } from '../../../shared/errors.ts';
import type { ModelCard } from './card.ts';

export interface DownloadProgress {
  receivedBytes: number;
  /** null while the server has not said. */
  totalBytes: number | null;
}

export interface DownloadOptions {
  card: ModelCard;
  /** Where the file goes; made where it is not there. */
  folder: string;
  signal?: AbortSignal;
  onProgress?: (progress: DownloadProgress) => void;
}

export const PARTIAL = '.partial';
/** A server that sends nothing for this long has gone. */
const SILENCE_MS = 30_000;
/** No detector is larger; a server that sends more sends something else. */
export const MOST_MODEL_BYTES = 2_000_000_000;

/**
 * Downloads a card's file and returns its path. What has come stays in `FILE.partial` when the connection breaks or `signal` ends it,
 * and the next call goes on from there. Throws AppError in the user's words; a file with another checksum is deleted.
 */
export async function downloadModel(options: DownloadOptions): Promise<string> {
  const { card, folder, signal } = options;
  if (!card.sourceUrl) {
    throw new AppError('invalid-input', `The card of ${card.name} names no address to download it from.`);
  }
  const target = path.join(folder, card.file);
  const partial = `${target}${PARTIAL}`;
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskProblem(card, error);
  });
  // Without a checksum nothing would tell that the rest is of another file.
  const have = card.sha256 ? ((await stat(partial).catch(() => null))?.size ?? 0) : 0;
  await fetchInto(partial, have, options);
  signal?.throwIfAborted();
  await checkDownload(card, partial);
  await rename(partial, target);
  return target;
}

async function fetchInto(partial: string, have: number, options: DownloadOptions): Promise<void> {
  const { card, onProgress } = options;
  const silence = new AbortController();
  const signals = [silence.signal, options.signal].filter((one): one is AbortSignal => one !== undefined);
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  let received = have;
  try {
    const response = await fetch(card.sourceUrl!, {
      headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      signal: AbortSignal.any(signals),
    });
    const plan = planAnswer(card, response.status, response.headers, have);
    if (plan.kind === 'complete') {
      await response.body?.cancel();
      return;
    }
    if (plan.kind === 'again') {
      await response.body?.cancel();
      await rm(partial, { force: true });
      return await fetchInto(partial, 0, options);
    }
    received = plan.from;
    const { totalBytes } = plan;
    onProgress?.({ receivedBytes: received, totalBytes });
    if (!response.body) throw new Error('the answer is empty');
    const file = await open(partial, plan.from > 0 ? 'a' : 'w');
    try {
      for await (const chunk of response.body) {
        heard();
        if (received + chunk.length > (totalBytes ?? MOST_MODEL_BYTES)) {
          throw new Error('more was sent than announced');
        }
        // Written before it is told: what was told to have come is there to go on from.
        await file.appendFile(chunk);
        received += chunk.length;
        onProgress?.({ receivedBytes: received, totalBytes });
      }
    } finally {
      await file.close();
    }
    if (totalBytes !== null && received < totalBytes) throw new Error('the connection was closed');
  } catch (error) {
    if (error instanceof AppError) throw error;
    options.signal?.throwIfAborted();
    throw downloadProblem(card, error, { received, silent: silence.signal.aborted });
  } finally {
    clearTimeout(timer);
  }
}

type Answer =
  | { kind: 'body'; from: number; totalBytes: number | null }
  /** All of it is there already; its checksum will tell. */
  | { kind: 'complete' }
  /** What is there does not fit what the server has: from the beginning. */
  | { kind: 'again' };

/** What to do with an answer when `have` bytes are there. Throws AppError in the user's words for one that brings no file. */
export function planAnswer(card: ModelCard, status: number, headers: Headers, have: number): Answer {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
    if (!range || Number(range[1]) !== have) return { kind: 'again' };
    return { kind: 'body', from: have, totalBytes: range[2] === '*' ? null : Number(range[2]) };
  }
  if (status === 416 && have > 0) {
    const total = /^bytes \*\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
    return Number(total) === have ? { kind: 'complete' } : { kind: 'again' };
  }
  if (status === 200) return { kind: 'body', from: 0, totalBytes: Number.isNaN(length) ? null : length };
  if (status === 404 || status === 410) {
    throw new AppError(
      'not-found',
      `${hostOf(card)} no longer has ${card.file} (status ${status}). Its publisher may have moved it: find it there, and add the file itself.`,
    );
  }
  if (status === 401 || status === 403) {
    throw new AppError(
      'unavailable',
      `${hostOf(card)} does not hand out ${card.file} (status ${status}). ${byHand(card)}`,
    );
  }
  throw new AppError(
    'unavailable',
    `${hostOf(card)} could not send ${card.file} just now (status ${status}). Try again later.`,
  );
}

async function checkDownload(card: ModelCard, partial: string): Promise<void> {
  if (!card.sha256) return;
  const hash = createHash('sha256');
  await pipeline(createReadStream(partial), hash);
  if (hash.digest('hex') === card.sha256) return;
  await rm(partial, { force: true });
  throw new AppError(
    'invalid-input',
    `What ${hostOf(card)} sent is not the ${card.file} that its card means (its SHA-256 is another one). It was deleted; nothing was installed. Try again; if it happens again, the publisher has changed the file.`,
  );
}

function downloadProblem(
  card: ModelCard,
  error: unknown,
  { received, silent }: { received: number; silent: boolean },
): AppError {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const code = String((cause as NodeJS.ErrnoException).code ?? '');
  if (['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'EDQUOT'].includes(code)) return diskProblem(card, cause);
  if (received > 0) {
    const came = `${(received / 1e6).toFixed(1)} MB of ${card.file}`;
    return new AppError(
      'unavailable',
      `The connection to ${hostOf(card)} broke after ${came}. Try again: it goes on from there.`,
      { cause: error },
    );
  }
  const reason = silent ? 'no answer within 30 s' : code || firstLine(messageOf(cause));
  return new AppError(
    'unavailable',
    `${hostOf(card)} cannot be reached (${reason}). This machine may be offline. ${byHand(card)}`,
    { cause: error },
  );
}

function diskProblem(card: ModelCard, error: unknown): AppError {
  const full = ['ENOSPC', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException).code));
  const words = full
    ? `The disk is full: ${card.file} could not be stored. Free some space and try again.`
    : `${card.file} could not be stored: ${messageOf(error)}`;
  return new AppError('unavailable', words, { cause: error });
}

function byHand(card: ModelCard): string {
  return `Download ${card.sourceUrl} on another machine and add the file here.`;
}

function hostOf(card: ModelCard): string {
  return card.sourceUrl ? new URL(card.sourceUrl).host : '';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.slice(0, 200);
}
