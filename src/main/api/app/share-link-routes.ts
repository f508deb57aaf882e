/** Links to the events of some cameras and times, for the UI. Registered inside the authenticated scope. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { type ShareLink, ShareLinkInputSchema } from '../../../shared/share-links.ts';
import type { Audit } from '../../archive/audit.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Share, ShareStore } from '../../store/camio-shares.ts';
import type { TokenStore } from '../../store/tokens.ts';
import { viewerOf } from '../viewer.ts';
import { type CameraScope, camerasOf, forOperators, NO_CAMERA } from './rights.ts';

export interface ShareLinkRouteDeps {
  shares: Pick<ShareStore, 'list' | 'byId' | 'add' | 'remove'>;
  tokens: Pick<TokenStore, 'list' | 'put' | 'remove'>;
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
  audit: Pick<Audit, 'note'>;
  clock: Clock;
}

const ParamsSchema = z.object({ id: z.coerce.number().int() });

export function registerShareLinkRoutes(app: FastifyInstance, deps: ShareLinkRouteDeps): void {
  const { shares, tokens, audit, clock } = deps;

  app.get('/share-links', forOperators, (request) =>
    shares
      .list()
      .filter((share) => isTheirs(share, camerasOf(request)))
      .reverse()
      .map(viewOf),
  );

  app.post('/share-links', forOperators, (request, reply) => {
    const { name, startEpochMs, endEpochMs, ...input } = ShareLinkInputSchema.parse(request.body);
    const cameraIds = [...new Set(input.cameraIds.map((id) => id.toLowerCase()))];
    const cameras = camerasOf(request);
    if (cameraIds.some((id) => deps.cameraName(id) === null || !cameras.has(id)))
      throw new AppError('not-found', NO_CAMERA);
    const query = { cameraIds, labels: [], eventIds: [], startEpochMs, endEpochMs, sort: null };
    const share = shares.add({ name, type: 'public', query }, clock.epochMs());
    const key = randomBytes(16).toString('base64url');
    tokens.put({ kind: 'embed', name: keyNameOf(share.id), scopes: [], token: key }, clock.epochMs());
    audit.note('share-made', viewerOf(request), cameraIds, {
      ...{ fromEpochMs: startEpochMs, toEpochMs: endEpochMs },
      detail: `with everybody who has the link: ${name}`,
    });
    const path = `/?${new URLSearchParams({ v: share.viewToken, key })}`;
    return reply.code(201).send({ ...viewOf(share), path });
  });

  app.delete('/share-links/:id', forOperators, (request, reply) => {
    const { id } = ParamsSchema.parse(request.params);
    const share = shares.byId(id);
    if (!share || !isTheirs(share, camerasOf(request)))
      throw new AppError('not-found', 'This link does not exist.');
    shares.remove(id);
    for (const token of tokens.list('embed')) if (token.name === keyNameOf(id)) tokens.remove(token.id);
    const { cameraIds, startEpochMs, endEpochMs } = share.query;
    audit.note('share-removed', viewerOf(request), cameraIds, {
      ...{ fromEpochMs: startEpochMs, toEpochMs: endEpochMs, detail: share.name },
    });
    return reply.code(204).send();
  });
}

/** A link belongs to those who see all of its cameras; one of all cameras to those who see all. */
function isTheirs({ query }: Share, cameras: CameraScope): boolean {
  return query.cameraIds.length > 0 ? cameras.hasAll(query.cameraIds) : cameras.isWhole;
}

/** By its name the key of a link is found again. */
function keyNameOf(shareId: number): string {
  return `Shared link ${shareId}`;
}

function viewOf({ id, name, query, createdEpochMs }: Share): ShareLink {
  const { cameraIds, startEpochMs, endEpochMs } = query;
  return { id, name, cameraIds, startEpochMs, endEpochMs, createdEpochMs };
}
