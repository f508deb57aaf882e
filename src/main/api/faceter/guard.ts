/** Who may ask of the Faceter API: an integration key in the header; for clips a camera's signature; for signed addresses nobody is asked more. */
import type { FastifyRequest } from 'fastify';
import type { TokenStore } from '../../store/tokens.ts';
import { type Authenticator, refuseUnsupportedMethod } from '../authentication.ts';
import type { UrlSigner } from './signing.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `key` by default; `any-key`: one has to be named, right or wrong; `clip`: or a camera's signature; `signed`: the path carries it. */
    faceterAccess?: 'key' | 'any-key' | 'clip' | 'signed';
  }
}

const NO_KEY = 'A valid integration key is needed in the header X-Integration-Key.';
const NO_SIGNATURE = 'This address is not signed, or its time is over.';

export function faceterGuard(deps: { authenticator: Authenticator; tokens: TokenStore; signer: UrlSigner }) {
  const { authenticator, tokens, signer } = deps;
  return async (request: FastifyRequest): Promise<void> => {
    if (request.is404) return;
    const access = request.routeOptions.config.faceterAccess ?? 'key';
    const key = keyOf(request);
    const token = key === null ? null : tokens.find('integration', key);
    if (access === 'any-key') {
      if (key === null) throw authenticator.refusal(request, NO_KEY);
      if (token) authenticator.admit(request, token);
      else authenticator.admitAddress(request);
    } else if (access === 'signed') {
      if (!isSignedPath(request, signer)) throw authenticator.refusal(request, NO_SIGNATURE);
      authenticator.admitKey(`signed ${(request.params as { token: string }).token}`);
    } else if (token) {
      authenticator.admit(request, token);
    } else if (access === 'clip' && isSignedClip(request, signer)) {
      authenticator.admitKey(`archive ${(request.params as { cameraId: string }).cameraId}`);
    } else throw authenticator.refusal(request, NO_KEY);
    refuseUnsupportedMethod(request);
  };
}

export function keyOf(request: FastifyRequest): string | null {
  const value = request.headers['x-integration-key'];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function isSignedClip(request: FastifyRequest, signer: UrlSigner): boolean {
  const { cameraId } = request.params as { cameraId: string };
  const { signature, exp } = request.query as { signature?: unknown; exp?: unknown };
  return signer.isGood('archive', cameraId, signature, exp);
}

/** `/media/TOKEN/THING/ID/FILE`; of a camera the preview and the live stream are signed apart. */
function isSignedPath(request: FastifyRequest, signer: UrlSigner): boolean {
  const { token, thing, id, file } = request.params as Record<'token' | 'thing' | 'id' | 'file', string>;
  if (thing === 'events') return signer.isGoodToken('event', id, token);
  if (thing === 'exports') return signer.isGoodToken('export', id, token);
  return signer.isGoodToken(file === 'preview.jpg' ? 'preview' : 'live', id, token);
}
