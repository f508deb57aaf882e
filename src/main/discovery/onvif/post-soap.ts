/** One SOAP request to a device: HTTP with a time limit, Digest authentication where asked for, no redirects, bounded answers. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ClientAuthenticator, type Credentials } from '../../media/rtsp/auth.ts';

export interface SoapAnswer {
  status: number;
  /** `WWW-Authenticate` headers. */
  challenges: string[];
  body: string;
}

const TIMEOUT_MS = 5000;
const LARGEST_ANSWER = 512 * 1024;

/** Throws the socket's error, or an Error in words where the answer is too long or does not come in time. */
export async function postSoap(
  url: string,
  body: string,
  credentials: Credentials | null,
  timeoutMs = TIMEOUT_MS,
): Promise<SoapAnswer> {
  const authenticator = new ClientAuthenticator(credentials);
  const first = await postOnce(url, body, null, timeoutMs);
  if (first.status !== 401 || !authenticator.challenged(first.challenges)) return first;
  const { pathname, search } = new URL(url);
  return postOnce(url, body, authenticator.authorize('POST', `${pathname}${search}`), timeoutMs);
}

function postOnce(
  url: string,
  body: string,
  authorization: string | null,
  timeoutMs: number,
): Promise<SoapAnswer> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const limit = AbortSignal.timeout(timeoutMs);
    const fail = (error: Error) =>
      reject(limit.aborted ? new Error(`No answer within ${timeoutMs / 1000} s`) : error);
    const headers = {
      'content-type': 'application/soap+xml; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
      ...(authorization === null ? {} : { authorization }),
    };
    const options = { method: 'POST', headers, agent: false, signal: limit };
    // Cameras sign their certificates themselves: what matters here is only that the line is encrypted.
    const sent =
      target.protocol === 'https:'
        ? httpsRequest(target, { ...options, rejectUnauthorized: false })
        : httpRequest(target, options);
    sent.on('response', (response) => {
      readBody(response).then(
        (text) =>
          resolve({
            status: response.statusCode ?? 0,
            challenges: response.headersDistinct['www-authenticate'] ?? [],
            body: text,
          }),
        fail,
      );
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

function readBody(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LARGEST_ANSWER) response.destroy(new Error('The answer is too long'));
    });
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('error', reject);
  });
}
