/** What Camios (share links) open: their queries against the index of events. Pure but for the lookups it is given. */
import { AppError } from '../../../shared/errors.ts';
import type { Share, SharedQuery } from '../../store/camio-shares.ts';
import type { EventQuery } from '../../store/event-index.ts';
import type { CamioDeps } from './ports.ts';

const MAX_TOKENS = 50;

/** The Camios that these tokens open; private ones only for the owner. Throws AppError `unauthenticated` when none does. */
export function openShares(
  deps: Pick<CamioDeps, 'shares'>,
  viewTokens: readonly string[],
  isOwner: boolean,
): Share[] {
  const shares = [...new Set(viewTokens)]
    .slice(0, MAX_TOKENS)
    .flatMap((token) => deps.shares.byToken(token) ?? [])
    .filter((share) => share.type === 'public' || isOwner);
  if (shares.length === 0) throw new AppError('unauthenticated', 'None of the view tokens is valid.');
  return shares;
}

/** A query narrowed to what a Camio shares; null when nothing can be left. */
export function narrow(
  deps: Pick<CamioDeps, 'eventStore'>,
  query: EventQuery,
  shared: SharedQuery,
): EventQuery | null {
  const cameraIds = meet(query.cameraIds, shared.cameraIds.length > 0 ? shared.cameraIds : undefined);
  if (cameraIds?.length === 0) return null;
  const from = Math.max(
    query.fromEpochMs ?? Number.NEGATIVE_INFINITY,
    shared.startEpochMs ?? Number.NEGATIVE_INFINITY,
  );
  // The end date itself is shared.
  const to = Math.min(
    query.toEpochMs ?? Number.POSITIVE_INFINITY,
    shared.endEpochMs === null ? Number.POSITIVE_INFINITY : shared.endEpochMs + 1,
  );
  const sequences =
    shared.eventIds.length > 0
      ? new Set(shared.eventIds.flatMap((id) => deps.eventStore.get(id)?.sequence ?? []))
      : undefined;
  return {
    ...query,
    ...(cameraIds && { cameraIds }),
    labels: [...query.labels, ...shared.labels],
    fromEpochMs: from,
    toEpochMs: to,
    ...(sequences && { sequences }),
  };
}

function meet(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!a || !b) return a ?? b;
  return a.filter((id) => b.includes(id));
}
