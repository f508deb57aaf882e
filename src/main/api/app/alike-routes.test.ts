import Fastify from 'fastify';
import { expect, it } from 'vitest';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { registerAlikeRoutes } from './alike-routes.ts';

const event = (sequence: number, labels: string[]): NvrEvent => ({
  ...{
    id: `00000000-0000-4000-8000-00000000000${sequence}`,
    sequence,
    cameraId: 'front',
    cameraName: 'front',
  },
  ...{ type: 'object', startEpochMs: sequence, endEpochMs: sequence, labels, hasSnapshot: true },
  detail: { box: { x: 0.4, y: 0.3, width: 0.1, height: 0.5 } },
});

it('gives the other events, the most alike first', async () => {
  const events = [event(1, ['human']), event(2, ['car']), event(3, ['human'])];
  const app = Fastify();
  let cameraIds: string[] | null = null;
  app.addHook('onRequest', async (request) => {
    Object.assign(request, { principal: { kind: 'session', account: { cameraIds } } });
  });
  registerAlikeRoutes(app, {
    eventStore: {
      get: (id) => events.find((one) => one.id === id) ?? null,
      bySequences: (wanted) => wanted.map((sequence) => events[sequence - 1]!),
      vectors: () => new Map(),
    },
    eventIndex: {
      ready: async () => {},
      *find() {
        yield* events.map(({ sequence, startEpochMs }) => ({ sequence, startEpochMs }));
      },
    },
  });
  const ask = (path: string) => app.inject({ url: path });
  const ids = async (path: string) => (await ask(path)).json<NvrEvent[]>().map(({ sequence }) => sequence);
  expect(await ids(`/events/${events[0]!.id}/alike`)).toEqual([3, 2]);
  expect(await ids(`/events/${events[0]!.id}/alike?limit=1`)).toEqual([3]);
  expect((await ask('/events/00000000-0000-4000-8000-000000000009/alike')).statusCode).not.toBe(200);
  cameraIds = ['side'];
  expect((await ask(`/events/${events[0]!.id}/alike`)).statusCode).not.toBe(200);
});
