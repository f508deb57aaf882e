/** One POST of JSON to an address that somebody else gave: a time limit for all of it, no redirects, little of the answer kept. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Answer {
  /** null: no answer. */
  status: number | null;
  /** The beginning of the answer, or why there was none. */
  text: string;
}

const TIMEOUT_MS = 10_000;
const KEPT_BYTES = 500;

/** Never rejects: what goes wrong is in the answer. */
export function postJson(
  url: string,
  body: string,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> {
  if (!URL.canParse(url)) return Promise.resolve({ status: null, text: 'The address is not a URL.' });
  const target = new URL(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:')
    return Promise.resolve({ status: null, text: 'The address is neither http nor https.' });
  return new Promise((resolve) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Threshold-NVR',
      connection: 'close',
    };
    const request = send(target, {
      method: 'POST',
      headers,
      agent: false,
      signal: AbortSignal.any([limit, signal]),
    });
    request.on('response', (response) => {
      readBeginning(response).then((text) => {
        resolve({ status: response.statusCode ?? null, text });
        request.destroy();
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const text = limit.aborted ? `No answer within ${timeoutMs / 1000} s.` : (error.code ?? error.message);
      resolve({ status: null, text });
    });
    request.end(body);
  });
}

/** Ends with the answer, with enough of it, or when the connection breaks. */
function readBeginning(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = () => resolve(Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString('utf8'));
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= KEPT_BYTES) finish();
    });
    response.on('end', finish);
    response.on('error', finish);
    response.on('close', finish);
  });
}
