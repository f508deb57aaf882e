/** Who may ask of the Camlytics API: a known key, the request target signed with its secret, a nonce above the last one. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Authenticator, refuseUnsupportedMethod } from '../authentication.ts';
import { isNonce } from './schemas.ts';

export interface CamlyticsKeys {
  camlyticsKey(key: string): { secret: string; lastNonce: number } | null;
  /** Moves a key's nonce forward, for good; false when it is not above the last one. */
  advanceCamlyticsNonce(key: string, nonce: number): boolean;
}

/**
 * An `onRequest` hook. Only a right signature moves the nonce, even if the request then fails; a nonce that is no number is
 * left to the check of the parameters (400).
 */
export function camlyticsGuard(authenticator: Authenticator, keys: CamlyticsKeys) {
  return async (request: FastifyRequest): Promise<void> => {
    if (request.is404) return;
    const key = headerOf(request, 'x-key');
    const known = key === null ? null : keys.camlyticsKey(key);
    const signature = headerOf(request, 'x-sign');
    if (key === null || !known || !isSigned(request.raw.url ?? '', known.secret, signature))
      throw authenticator.refusal(
        request,
        'A known X-Key is needed, and in X-Sign the signature of the request.',
      );
    const { nonce } = request.query as { nonce?: unknown };
    if (isNonce(nonce) && !keys.advanceCamlyticsNonce(key, Number(nonce)))
      throw authenticator.refusal(request, 'The nonce is not above that of the request before.');
    authenticator.admitKey(`camlytics ${key}`);
    refuseUnsupportedMethod(request);
  };
}

/** Hex HMAC-SHA512 of the request target exactly as it was sent. */
export function signTarget(target: string, secret: string): string {
  return createHmac('sha512', secret).update(target, 'utf8').digest('hex');
}

function isSigned(target: string, secret: string, signature: string | null): boolean {
  const right = Buffer.from(signTarget(target, secret), 'hex');
  const given = /^[0-9a-f]{128}$/i.test(signature ?? '') ? Buffer.from(signature!, 'hex') : Buffer.alloc(64);
  return timingSafeEqual(right, given) && signature !== null;
}

function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
