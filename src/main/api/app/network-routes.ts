/** Where the recorder listens, for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import { type NetworkChange, NetworkInputSchema, type NetworkSettings } from '../../../shared/network.ts';
import type { Audit } from '../../archive/audit.ts';
import type { Certificates } from '../network/certificates.ts';
import type { NetworkService } from '../network/network-service.ts';
import { THIS_COMPUTER, urlOf } from '../network/plan-listening.ts';
import { forAdministrators } from './rights.ts';

export interface NetworkRouteDeps {
  network: NetworkService;
  certificates: Certificates;
  audit: Pick<Audit, 'note'>;
}

/** Where the page goes on at the new address. */
const PAGE = '/#/settings?tab=network&ticket=';

export function registerNetworkRoutes(app: FastifyInstance, deps: NetworkRouteDeps): void {
  const { network, certificates } = deps;

  app.get('/network', forAdministrators, viewFor);

  app.put('/network', forAdministrators, async (request, reply): Promise<NetworkChange> => {
    const input = NetworkInputSchema.parse(request.body);
    const { accountId, email } = whoAsks(request);
    const { ticket, at } = await network.change(input, accountId);
    note(request, email, `On trial: ${describe(input)}`);
    // The next request comes through what is new at this address.
    reply.header('connection', 'close');
    const view = viewFor(request);
    const url = urlOf(at.scheme, hostFor(request, input, at.isFlag), at.port);
    const isHere = url === urlOf(request.protocol, bareHost(request), request.port ?? defaultPort(request));
    return {
      view,
      leadUrl: isHere || view.trial?.isReached ? null : `${url}${PAGE}${ticket}`,
      fingerprint: at.fingerprint,
    };
  });

  app.post('/network/keep', forAdministrators, (request) => {
    const settings = network.keep(request.raw.socket);
    note(request, whoAsks(request).email, `Kept: ${describe(settings)}`);
    return viewFor(request);
  });

  app.delete('/network/trial', forAdministrators, async (request, reply) => {
    await network.undo();
    reply.header('connection', 'close');
    return viewFor(request);
  });

  app.post('/network/certificate', forAdministrators, async (request) => {
    await certificates.make();
    note(request, whoAsks(request).email, 'A new certificate');
    return viewFor(request);
  });

  app.get('/network/certificate.pem', forAdministrators, async (_request, reply) => {
    const pem = certificates.pem();
    if (pem === null) throw new AppError('not-found', 'The recorder has made no certificate yet.');
    return reply
      .type('application/x-pem-file')
      .header('content-disposition', 'attachment; filename="threshold-nvr.crt"')
      .send(pem);
  });

  function viewFor(request: FastifyRequest) {
    return network.view(request.raw.socket);
  }

  function note(request: FastifyRequest, actor: string, detail: string): void {
    deps.audit.note('network-changed', { actor, address: request.ip }, [], { detail });
  }
}

function whoAsks({ principal }: FastifyRequest): { accountId: number; email: string } {
  if (!principal?.account) throw new AppError('unauthenticated', 'Please sign in.');
  return { accountId: principal.account.id, email: principal.account.email };
}

/** By what name the browser that asks is likely to find the recorder at its new address. */
function hostFor(request: FastifyRequest, { reach, address }: NetworkSettings, isFlag: boolean): string {
  const host = bareHost(request);
  if (isFlag || reach === 'network') return host;
  if (reach === 'address' && address !== null) return address;
  return /^(localhost|127(\.\d+){3})$/.test(host) ? host : THIS_COMPUTER;
}

/** Without the brackets of IPv6. */
function bareHost({ hostname }: FastifyRequest): string {
  return hostname.replace(/^\[|\]$/g, '') || THIS_COMPUTER;
}

function defaultPort({ protocol }: FastifyRequest): number {
  return protocol === 'https' ? 443 : 80;
}

/** As 'whole network, port 8480, HTTPS with an own certificate'. */
function describe({ reach, address, port, certificate }: NetworkSettings): string {
  const where = { computer: 'this computer only', network: 'whole network', address: address ?? '' }[reach];
  const how = { none: 'HTTP', generated: 'HTTPS', own: 'HTTPS with an own certificate' }[certificate];
  return `${where}, port ${port}, ${how}`;
}
