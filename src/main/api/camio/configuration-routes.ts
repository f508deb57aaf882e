/** Cameras that ask for their configuration, by MAC address. They have no credentials, so the answer holds no secret. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MacAddressSchema } from '../../../shared/domain-camera.ts';
import { AppError } from '../../../shared/errors.ts';
import { formatCamioTime } from '../wire-time.ts';
import { mergeQuery } from './bodies.ts';
import type { CamioRouteDeps } from './ports.ts';
import { addPath } from './register.ts';
import { failures, single } from './schemas.ts';

const tags = ['Camio: cameras'];
const Params = z.object({ mac: z.string().meta({ example: '12:34:56:78:90:12' }) });
const Short = z.string().trim().max(200);
const CallQuery = z.object({
  maker: single(Short.optional()).meta({
    description: 'Needed in the first call, then remembered',
    example: 'Sharx',
  }),
  model: single(Short.optional()).meta({
    description: 'Needed in the first call, then remembered',
    example: 'SCNC3904',
  }),
  ip_address_local: single(Short.optional()).meta({ example: '192.168.1.51' }),
});
const CommandSchema = z.object({
  date_updated: z.string(),
  id: z.string(),
  is_auth_required: z.boolean(),
  method: z.string(),
  path: z.string(),
  regex_response: z.string(),
});
const ConfigurationSchema = z
  .object({
    commands: z.array(CommandSchema),
    ip_address: z.string(),
    mac_address: z.string(),
    maker: z.string(),
    model: z.string(),
    user_agent: z.string(),
  })
  .meta({
    example: {
      commands: [
        {
          date_updated: '2015-09-19T21:43:55.794-0000',
          id: 'time',
          is_auth_required: true,
          method: 'GET',
          path: '/form/setNtp?ENABLE=1&SERVER=time.nist.gov',
          regex_response: '000 Success',
        },
      ],
      ip_address: '192.168.1.51',
      mac_address: '123456789012',
      maker: 'Sharx',
      model: 'SCNC3904',
      user_agent: 'Wget',
    },
  });

export function registerCamioConfiguration(app: FastifyInstance, deps: CamioRouteDeps): void {
  addPath(app, '/cameras/:mac', 'open', [
    {
      methods: ['GET', 'POST', 'PUT'],
      body: 'loose',
      schema: {
        tags,
        summary: 'What a camera is to be set to',
        description: 'maker, model and ip_address_local may stand in the query or the body. Makes no camera.',
        params: Params,
        querystring: CallQuery,
        response: { 200: ConfigurationSchema, ...failures },
      },
      handler: (request) => answerCall(request),
    },
  ]);

  function answerCall(request: FastifyRequest): z.infer<typeof ConfigurationSchema> {
    const mac = MacAddressSchema.safeParse((request.params as z.infer<typeof Params>).mac);
    if (!mac.success) throw new AppError('invalid-input', 'expected a MAC address: six pairs of hex digits');
    const input = CallQuery.parse(mergeQuery(request));
    const now = deps.clock.epochMs();
    const before = deps.camioClients.call(mac.data);
    const maker = input.maker || before?.maker;
    const model = input.model || before?.model;
    if (!maker || !model)
      throw new AppError('invalid-input', 'maker and model are needed in the first call of a camera.');
    const call = {
      macAddress: mac.data,
      maker,
      model,
      ipAddressLocal: input.ip_address_local || before?.ipAddressLocal || null,
      ipAddress: request.ip.replace(/^::ffff:(?=\d+\.)/i, ''),
      userAgent: String(request.headers['user-agent'] ?? '').slice(0, 500),
      firstEpochMs: before?.firstEpochMs ?? now,
      lastEpochMs: now,
    };
    deps.camioClients.putCall(call);
    return {
      commands: buildCommands(maker, request.host, call.firstEpochMs),
      ip_address: call.ipAddress,
      mac_address: mac.data,
      maker,
      model,
      user_agent: call.userAgent,
    };
  }
}

/** Settings for cameras whose firmware takes them by URL; others get none. */
function buildCommands(maker: string, host: string, epochMs: number): z.infer<typeof CommandSchema>[] {
  if (maker.toLowerCase() !== 'sharx') return [];
  const common = {
    date_updated: formatCamioTime(epochMs),
    is_auth_required: true,
    method: 'GET',
    regex_response: '000 Success',
  };
  const url = `${host}/api/cameras/$(hwaddr)/?maker=Sharx&ip_address_local=$(localip)`;
  return [
    {
      ...common,
      id: 'ping',
      path: `/form/setHttpPeriodSending/?ENABLE=1&SCHED=0&SCHEDID=1&HOUR=0&MIN=0&SEC=30&URL=${url}&AUTH=0&USERNAME=&PASSWORD=`,
    },
    { ...common, id: 'time', path: '/form/setNtp?ENABLE=1&SERVER=time.nist.gov' },
  ];
}
