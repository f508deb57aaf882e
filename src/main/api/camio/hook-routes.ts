/** Hooks: whom to tell when an event with certain labels is seen. Which events match is judged in `outputs/`. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { Hook } from '../../store/camio-hooks.ts';
import { mergeQuery } from './bodies.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath } from './register.ts';
import { failures, HookListSchema, HookSchema, MeParams, NoContent, single } from './schemas.ts';

const tags = ['Camio: hooks'];
const NotBlank = z.string().refine((text) => text.trim() !== '', 'expected a text that is not blank');
const HookInput = z
  .object({
    type: z.literal('label_hit'),
    callback_url: z
      .string()
      .refine(
        (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
        'expected an http:// or https:// URL',
      ),
    query: NotBlank,
    camera_name: z.string().nullish(),
  })
  .meta({
    example: {
      type: 'label_hit',
      callback_url: 'https://example.com/camio/package-delivery',
      query: 'front people approaching mailbox',
    },
  });
/** Documents what may stand in the body or in the query; the two are checked together. */
const HookBody = z.looseObject({}).meta({
  description:
    'type (label_hit), callback_url, query, camera_name; each may stand in the query string instead',
  example: {
    type: 'label_hit',
    callback_url: 'https://example.com/camio/package-delivery',
    query: 'front people approaching mailbox',
  },
});
const HookQuery = z.object({
  type: single(z.string().optional()),
  callback_url: single(z.string().optional()),
  query: single(z.string().optional()),
  camera_name: single(z.string().optional()),
});
const HookParams = MeParams.extend({ hook: z.string().meta({ example: '1' }) });

export function registerCamioHooks(app: FastifyInstance, deps: CamioRouteDeps): void {
  addPath(app, '/users/:token/hooks', 'user', [
    {
      methods: ['GET'],
      schema: {
        tags,
        summary: 'List all hooks',
        params: MeParams,
        response: { 200: HookListSchema, ...failures },
      },
      handler: () => deps.hooks.list().map(buildHook),
    },
    {
      methods: ['POST'],
      body: 'optional',
      schema: {
        tags,
        summary: 'Make a hook',
        description:
          'Words of the query that name cameras limit it to them; every other word must be a word of one of the labels of the event. ' +
          'Fires once per event of at least important motion, as a POST of `{hook_id, event: {id, source, earliest_date, latest_date, labels}}`, ' +
          'tried again after 1, 5 and 25 s.',
        params: MeParams,
        querystring: HookQuery,
        body: HookBody,
        response: { 200: HookSchema, ...failures },
      },
      handler: (request) => {
        const input = HookInput.parse(mergeQuery(request));
        const hook = deps.hooks.add(
          {
            type: input.type,
            callbackUrl: input.callback_url,
            query: input.query,
            cameraName: input.camera_name?.trim() ? input.camera_name : null,
          },
          deps.clock.epochMs(),
        );
        return buildHook(hook);
      },
    },
  ]);

  addPath(app, '/users/:token/hooks/:hook', 'user', [
    {
      methods: ['GET'],
      schema: { tags, summary: 'One hook', params: HookParams, response: { 200: HookSchema, ...failures } },
      handler: (request) => buildHook(requireHook(request.params)),
    },
    {
      methods: ['DELETE'],
      schema: {
        tags,
        summary: 'Remove a hook',
        params: HookParams,
        response: { 204: NoContent, ...failures },
      },
      handler: (request, reply) => {
        const { id } = requireHook(request.params);
        deps.hooks.remove(id);
        deps.engine.forgetHook(id);
        reply.code(204);
        return null;
      },
    },
  ]);

  function requireHook(params: unknown): Hook {
    const { hook: id } = params as z.infer<typeof HookParams>;
    const hook = /^[1-9]\d{0,14}$/.test(id) ? deps.hooks.get(Number(id)) : null;
    if (!hook) throw new AppError('not-found', 'There is no such hook.');
    return hook;
  }
}

function buildHook(hook: Hook): z.infer<typeof HookSchema> {
  return {
    id: String(hook.id),
    type: hook.type,
    callback_url: hook.callbackUrl,
    query: hook.query,
    ...(hook.cameraName !== null && { camera_name: hook.cameraName }),
  };
}
