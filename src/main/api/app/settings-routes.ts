/** Tokens for integrations, storage limits, health, completeness and the ledger of gaps for the UI. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { TOKEN_SCOPES, TokenInputSchema, type TokenView } from '../../../shared/contract.ts';
import { GapQuerySchema, StorageInputSchema } from '../../../shared/contract-health.ts';
import { AppError } from '../../../shared/errors.ts';
import { DAY_MS } from '../../../shared/units.ts';
import type { Clock } from '../../platform/clock.ts';
import { bytesInWords } from '../../recorder/lock-plan.ts';
import type { SettingsStore } from '../../store/settings.ts';
import type { StoredToken, TokenStore } from '../../store/tokens.ts';
import type { EnginePorts } from './ports.ts';
import { camerasOf, forAdministrators, forOperators } from './rights.ts';

export interface SettingsRouteDeps {
  tokens: TokenStore;
  settings: SettingsStore;
  engine: EnginePorts;
  clock: Clock;
}

const ParamsSchema = z.object({ id: z.string() });
const CompletenessQuerySchema = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) });
const MAX_LEDGER_MS = 366 * DAY_MS;

export function registerSettingsRoutes(app: FastifyInstance, deps: SettingsRouteDeps): void {
  const { tokens, settings, engine } = deps;

  app.get('/tokens', forAdministrators, () => tokens.list('api').map(view));

  app.post('/tokens', forAdministrators, (request, reply) => {
    const input = TokenInputSchema.parse(request.body);
    const accountId = request.principal?.account?.id ?? null;
    const created = tokens.put({ kind: 'api', ...input, accountId }, deps.clock.epochMs());
    return reply.code(201).send({ ...view(created), token: created.token });
  });

  app.delete('/tokens/:id', forAdministrators, (request, reply) => {
    const { id } = ParamsSchema.parse(request.params);
    if (!tokens.list('api').some((token) => token.id === id) || !tokens.remove(id)) {
      throw new AppError('not-found', 'There is no such token.');
    }
    return reply.code(204).send();
  });

  app.get('/storage', forAdministrators, () => engine.storage());

  app.put('/storage', forAdministrators, async (request) => {
    const { lockCapShare = settings.storage().lockCapShare, ...limits } = StorageInputSchema.parse(
      request.body,
    );
    const { lockedBytes } = await engine.storage();
    if (limits.maxBytes !== null && lockedBytes > limits.maxBytes)
      throw new AppError(
        'conflict',
        `Locked footage alone takes ${bytesInWords(lockedBytes)}: more than this limit. Remove locks first.`,
      );
    settings.setStorage({ ...limits, lockCapShare });
    return engine.storage();
  });

  app.get('/health', forAdministrators, () => engine.health());

  app.get('/completeness', forOperators, (request) =>
    engine.completeness(CompletenessQuerySchema.parse(request.query).days, camerasOf(request).narrow()),
  );

  app.get('/gaps', forOperators, (request) => {
    const query = GapQuerySchema.parse(request.query);
    const range = { startEpochMs: query.fromEpochMs, endEpochMs: query.toEpochMs };
    const lengthMs = range.endEpochMs - range.startEpochMs;
    if (lengthMs <= 0) throw new AppError('invalid-input', 'toEpochMs must be later than fromEpochMs');
    if (lengthMs > MAX_LEDGER_MS)
      throw new AppError('invalid-input', 'Ask for at most 366 days of gaps at once.');
    const cameraIds = query.cameraIds?.split(',').flatMap((id) => id.trim().toLowerCase() || []);
    return engine.gaps(range, camerasOf(request).narrow(cameraIds), query.limit);
  });
}

function view(token: StoredToken): TokenView {
  const { id, name, scopes, createdEpochMs, lastUsedEpochMs } = token;
  return {
    id,
    name,
    scopes: TOKEN_SCOPES.filter((scope) => scopes.includes(scope)),
    createdEpochMs,
    lastUsedEpochMs,
  };
}
