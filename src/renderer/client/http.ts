/** One HTTP request to the engine: JSON in, parsed JSON out, failures in words. Knows nothing of single routes; those are in `api.ts`. */
import { t } from '@lingui/core/macro';
import type { z } from 'zod';
import { APP_PREFIX, ErrorBodySchema } from '../../shared/contract.ts';

/** `status` is 0 when the engine could not be reached at all. */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
  }
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  file?: Blob;
  signal?: AbortSignal;
}

const signedOutListeners = new Set<() => void>();

/** Called when the engine answers that the session is no longer valid. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Sends a request below the UI's prefix; `path` starts with a slash. Throws `RequestError`, or an AbortError when aborted. */
export async function request<T extends z.ZodType>(
  schema: T,
  path: string,
  options: RequestOptions = {},
): Promise<z.infer<T>> {
  const response = await send(path, options);
  const answer = await readJson(response);
  options.signal?.throwIfAborted(); // what was given up in mid-answer is not damaged
  const parsed = schema.safeParse(answer);
  if (!parsed.success) {
    console.error(`answer of ${path} does not fit`, parsed.error);
    throw new RequestError(
      response.status,
      t`The recorder answered in a way this page does not understand. Reload the page: it may be older than the recorder.`,
    );
  }
  return parsed.data;
}

/** A request whose answer has no body. */
export async function requestNothing(path: string, options: RequestOptions = {}): Promise<void> {
  await send(path, options);
}

/** A request whose answer is a file. */
export async function requestBytes(path: string, options: RequestOptions = {}): Promise<Blob> {
  return (await send(path, options)).blob();
}

async function send(path: string, { method = 'GET', body, file, signal }: RequestOptions): Promise<Response> {
  const response = await reach(`${APP_PREFIX}${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: file ?? (body === undefined ? null : JSON.stringify(body)),
    signal: signal ?? null,
  });
  if (response.ok) return response;
  throw await refusalOf(response, { endsSession: path !== '/session' });
}

/** Any answer of the engine, for those to whom its status and headers matter. Throws `RequestError` 0, or an AbortError when aborted. */
export async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...options });
  } catch (thrown) {
    if (options.signal?.aborted) throw thrown;
    throw new RequestError(0, t`The recorder cannot be reached. It may be stopped, or the network is down.`);
  }
}

/** What an answer that is not ok says. Where the session is no longer valid, the page is signed out, unless it only asked for that. */
export async function refusalOf(response: Response, { endsSession = true } = {}): Promise<RequestError> {
  if (response.status === 401 && endsSession) for (const listener of signedOutListeners) listener();
  const parsed = ErrorBodySchema.safeParse(await readJson(response));
  const words = parsed.success ? parsed.data.message : wordsForStatus(response.status);
  return new RequestError(response.status, words);
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null; // not JSON: the schema then says that it does not fit
  }
}

function wordsForStatus(status: number): string {
  if (status === 401) return t`You are signed out.`;
  if (status === 403) return t`This account may not do that.`;
  if (status === 404) return t`That no longer exists.`;
  if (status === 413) return t`That is too large.`;
  if (status === 429) return t`Too many attempts. Wait a minute and try again.`;
  if (status === 503) return t`The recorder is not ready yet. Try again in a moment.`;
  return t`The recorder failed to answer (status ${status}).`;
}
