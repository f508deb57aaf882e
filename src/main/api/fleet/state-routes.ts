/** Pausing and resuming cameras, at once or as a request. */
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { StoredCamera } from '../../store/cameras.ts';
import { addMethods } from '../methods.ts';
import { accepted, bad, type FleetDeps, failures, requireLive, security, tags, unfit } from './common.ts';
import { AcceptedSchema, OutcomeSchema, StateParams, StateRequest } from './schemas.ts';

export function registerFleetStates(app: FastifyInstance, deps: FleetDeps): void {
  addMethods(app, '/cameras/:cameraId/state/:newState', [
    {
      method: 'PUT',
      schema: {
        ...{ tags, security, summary: 'Pause or resume a camera' },
        description: 'A paused camera is neither recorded nor analysed, and nobody is told of its events.',
        params: StateParams,
        response: { 201: OutcomeSchema, ...failures, ...unfit },
      },
      handler: (request, reply) => {
        const { newState } = request.params as z.infer<typeof StateParams>;
        setState(deps, requireLive(deps, request.params), newState);
        reply.code(201);
        return { code: 201, message: `The camera is ${newState}.` };
      },
    },
  ]);

  addMethods(app, '/put-camera-state-requests', [
    {
      method: 'POST',
      config: { badInput: { body: 422 } },
      schema: {
        ...{ tags, security, summary: 'Ask for a camera to be paused or resumed' },
        description: 'claimed: running; claimed_paused: paused. Done within 5 s.',
        body: StateRequest,
        response: { 202: AcceptedSchema, ...bad, ...failures, ...unfit },
      },
      handler: (request, reply) => {
        const { newState, ...params } = request.body as z.infer<typeof StateRequest>;
        setState(deps, requireLive(deps, params), newState === 'claimed' ? 'running' : 'paused');
        reply.code(202);
        return accepted(`The camera becomes ${newState}.`);
      },
    },
  ]);
}

function setState({ fleet, engine }: FleetDeps, camera: StoredCamera, state: 'running' | 'paused'): void {
  if (state === 'paused') fleet.noteSeen(camera.id, engine.lastHeard(camera));
  fleet.setState(camera.id, state);
}
