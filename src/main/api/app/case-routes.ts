/** Cases for the UI: what they are, what is in them, and the evidence package of one. Registered inside the authenticated scope. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Case,
  type CaseDetail,
  CaseExportInputSchema,
  CaseInputSchema,
  type CaseItem,
  CaseItemInputSchema,
  CasePatchSchema,
  CaseQuerySchema,
  MAX_CASE_ITEMS,
} from '../../../shared/cases.ts';
import { type ExportJob, ExportOptionsSchema } from '../../../shared/contract-exports.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Archive } from '../../archive/archive.ts';
import type { Audit } from '../../archive/audit.ts';
import { planCaseFootage } from '../../archive/case-footage.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CaseStore } from '../../store/cases.ts';
import { viewerOf } from '../viewer.ts';
import { camerasOf, forOperators } from './rights.ts';

export interface CaseRouteDeps {
  cases: Pick<CaseStore, 'list' | 'get' | 'items' | 'put' | 'remove' | 'addItem' | 'removeItem'>;
  exports: Pick<Archive['exports'], 'create'>;
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
  /** After a case or what is in it was changed. */
  onChange(): void;
  audit: Pick<Audit, 'note'>;
  clock: Clock;
}

const IdSchema = z.guid('expected an id').transform((id) => id.toLowerCase());
const ParamsSchema = z.object({ id: IdSchema });
const ItemParamsSchema = ParamsSchema.extend({ itemId: IdSchema });

export function registerCaseRoutes(app: FastifyInstance, deps: CaseRouteDeps): void {
  const { cases, onChange, clock } = deps;
  /** A case belongs to those who see all cameras of what is in it. */
  const isTheirs = (request: FastifyRequest, id: string): boolean => {
    const theirs = camerasOf(request);
    return theirs.isWhole || cases.items(id).every(({ cameraIds }) => theirs.hasAll(cameraIds));
  };
  const find = (request: FastifyRequest): Case => {
    const found = cases.get(ParamsSchema.parse(request.params).id);
    if (!found || !isTheirs(request, found.id)) throw new AppError('not-found', 'This case does not exist.');
    return found;
  };
  const detail = (id: string): CaseDetail => ({ ...cases.get(id)!, items: cases.items(id) });

  app.get('/cases', forOperators, (request) => {
    const { text, state } = CaseQuerySchema.parse(request.query);
    return cases
      .list({ ...(text && { text }), ...(state && { state }) })
      .filter(({ id }) => isTheirs(request, id));
  });

  app.post('/cases', forOperators, (request, reply) => {
    const now = clock.epochMs();
    const made: Case = {
      ...{ id: randomUUID(), ...CaseInputSchema.parse(request.body), state: 'open' },
      ...{ createdBy: viewerOf(request).actor, createdEpochMs: now, changedEpochMs: now },
    };
    cases.put(made);
    onChange();
    return reply.code(201).send(detail(made.id));
  });

  app.get('/cases/:id', forOperators, (request) => detail(find(request).id));

  app.patch('/cases/:id', forOperators, (request) => {
    const patch = CasePatchSchema.parse(request.body);
    const before = find(request);
    cases.put({
      ...before,
      title: patch.title ?? before.title,
      reference: patch.reference ?? before.reference,
      notes: patch.notes ?? before.notes,
      state: patch.state ?? before.state,
      changedEpochMs: clock.epochMs(),
    });
    onChange();
    return detail(before.id);
  });

  app.delete('/cases/:id', forOperators, (request, reply) => {
    const { id, reference, title } = find(request);
    const items = cases.items(id);
    cases.remove(id);
    const cameraIds = [...new Set(items.flatMap((item) => item.cameraIds))];
    deps.audit.note('case-removed', viewerOf(request), cameraIds, {
      ...spanOf(items),
      detail: [reference, title].filter(Boolean).join(' '),
    });
    onChange();
    return reply.code(204).send();
  });

  app.post('/cases/:id/items', forOperators, (request, reply) => {
    const { id } = find(request);
    const input = CaseItemInputSchema.parse(request.body);
    const cameraIds = [...new Set(input.cameraIds.map((cameraId) => cameraId.toLowerCase()))];
    const isKnown = (cameraId: string) => deps.cameraName(cameraId) !== null;
    if (!camerasOf(request).hasAll(cameraIds) || !cameraIds.every(isKnown))
      throw new AppError('not-found', 'This camera does not exist.');
    const items = cases.items(id);
    if (items.length >= MAX_CASE_ITEMS)
      throw new AppError('conflict', `A case can hold ${MAX_CASE_ITEMS} entries at most.`);
    const isThere = (one: CaseItem) => one.kind === input.kind && one.sourceId === input.sourceId;
    if (input.sourceId !== null && items.some(isThere))
      throw new AppError('conflict', 'This is in the case already.');
    cases.addItem(id, {
      ...{ id: randomUUID(), ...input, cameraIds },
      ...{ addedBy: viewerOf(request).actor, addedEpochMs: clock.epochMs() },
    });
    onChange();
    return reply.code(201).send(detail(id));
  });

  app.delete('/cases/:id/items/:itemId', forOperators, (request) => {
    const { id, itemId } = ItemParamsSchema.parse(request.params);
    if (!cases.removeItem(find(request).id, itemId, clock.epochMs()))
      throw new AppError('not-found', 'This is not in the case.');
    onChange();
    return detail(id);
  });

  app.post('/cases/:id/export', forOperators, async (request, reply) => {
    const one = detail(find(request).id);
    const job = await exportCase(deps, one, request.body, viewerOf(request));
    onChange();
    return reply.code(202).send(job);
  });
}

/** From the first to the last moment of what is in a case; nothing for an empty one. */
function spanOf(items: readonly CaseItem[]) {
  if (items.length === 0) return {};
  return {
    fromEpochMs: Math.min(...items.map(({ startEpochMs }) => startEpochMs)),
    toEpochMs: Math.max(...items.map(({ endEpochMs }) => endEpochMs)),
  };
}

async function exportCase(
  { cases, exports, cameraName, clock }: CaseRouteDeps,
  { id, items }: CaseDetail,
  body: unknown,
  viewer: ReturnType<typeof viewerOf>,
): Promise<ExportJob> {
  const { reason, driveId, audio, compatible } = CaseExportInputSchema.parse(body);
  const ranges = planCaseFootage(items).filter(({ cameraId }) => cameraName(cameraId) !== null);
  if (ranges.length === 0) throw new AppError('conflict', 'There is no footage in this case yet.');
  const range = {
    fromEpochMs: Math.min(...ranges.map(({ fromEpochMs }) => fromEpochMs)),
    toEpochMs: Math.max(...ranges.map(({ toEpochMs }) => toEpochMs)),
  };
  const cameraIds = [...new Set(ranges.map(({ cameraId }) => cameraId))];
  const options = ExportOptionsSchema.parse({ audio, compatible });
  const job = await exports.create(
    { cameraIds, ...range, ranges, form: 'evidence', reason, driveId, options },
    viewer,
  );
  cases.addItem(id, {
    ...{ id: randomUUID(), kind: 'export', sourceId: job.id, cameraIds },
    ...{ startEpochMs: range.fromEpochMs, endEpochMs: range.toEpochMs, label: job.name },
    ...{ addedBy: viewer.actor, addedEpochMs: clock.epochMs() },
  });
  return job;
}
