/** The HTTP and WebSocket server: one Fastify instance with the APIs as parts of it, each with its own guard and error shape. */
import fastifyCookie from '@fastify/cookie';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { APP_PREFIX } from '../../shared/contract.ts';
import type { ServerMessage } from '../../shared/contract-live.ts';
import type { AccessControl } from '../access/access-control.ts';
import type { Audit } from '../archive/audit.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { CameraStore } from '../store/cameras.ts';
import type { ReaderStore } from '../store/readers.ts';
import type { SettingsStore } from '../store/settings.ts';
import type { SiteStore } from '../store/sites.ts';
import type { TokenStore } from '../store/tokens.ts';
import { registerAccountRoutes } from './app/account-routes.ts';
import { registerCameraRoutes } from './app/camera-routes.ts';
import { registerEventRoutes } from './app/event-routes.ts';
import { EventSockets } from './app/event-sockets.ts';
import { OpenConnections } from './app/open-connections.ts';
import type { EnginePorts } from './app/ports.ts';
import { camerasOf, forViewers, requireDeclaration, requireRights } from './app/rights.ts';
import { registerSessionRoutes, SetupCode } from './app/session-routes.ts';
import { registerSettingsRoutes } from './app/settings-routes.ts';
import { Authenticator } from './authentication.ts';
import { PasswordConfirmation } from './confirm-password.ts';
import { addDocumentation } from './documentation.ts';
import { type ErrorShape, errorHandler, messageShape, notFoundHandler } from './errors.ts';
import { addHealthRoutes, Metrics } from './health-routes.ts';
import { ALL_METHODS, JSON_BODY_BYTES, readJsonWhateverItSays } from './json-api.ts';
import { Listeners } from './network/listeners.ts';
import { urlOf } from './network/plan-listening.ts';
import { registerPacsRoutes } from './pacs/routes.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addStaticUi } from './static-ui.ts';

export interface ApiServerDeps {
  version: string;
  /** Where the setup code of the first run is written. */
  dataDir: string;
  /** Output of the renderer's build; null where there is none. */
  rendererDir: string | null;
  accounts: AccountStore;
  sites: SiteStore;
  cameras: CameraStore;
  readers: ReaderStore;
  tokens: TokenStore;
  settings: SettingsStore;
  events: EventLog;
  access: AccessControl;
  audit: Pick<Audit, 'note' | 'noteEventPicture'>;
  engine: EnginePorts;
  /** As of the session routes. */
  takeTicket?(ticket: string, socket: object): number | null;
  /** Further parts of the UI's API (live, archive), registered below its prefix and behind its guard. */
  appPlugins: ReadonlyArray<(app: FastifyInstance) => Promise<void> | void>;
  /** APIs for other systems, each with its own guard, error shape and content type parsers. */
  apis?: ReadonlyArray<PublicApi>;
  /** Answers `/` with `?v=`: the viewer of a shared Camio. */
  viewer?: (
    request: FastifyRequest,
    reply: FastifyReply,
    authenticator: Authenticator,
  ) => Promise<FastifyReply>;
  clock: Clock;
  log: Logger;
}

export interface PublicApi {
  /** As `/fleet/v1`. */
  prefix: string;
  /** How it tells errors that arise before its own handler is asked, as of an address that is no address; `{message}` where absent. */
  errorShape?: ErrorShape;
  register(app: FastifyInstance, authenticator: Authenticator): Promise<void> | void;
}

/** As much as a header may have: an id that is too long is an id that is not known. */
const MAX_PARAMETER_CHARACTERS = 16 * 1024;
/** A body other than an upload has to arrive within this time. */
const SLOW_BODY_MS = 120_000;
/** An upload may take this long; a silent connection ends sooner. */
const LONGEST_REQUEST_MS = 3_600_000;

export class ApiServer {
  /** Other parts may register metrics of their own on its registry. */
  readonly metrics: Metrics;
  private readonly deps: ApiServerDeps;
  private readonly sockets = new EventSockets();
  private readonly authenticator: Authenticator;
  private readonly undo: Array<() => void> = [];
  private readonly listeners: Listeners[] = [];
  private app: FastifyInstance | null = null;

  constructor(deps: ApiServerDeps) {
    this.deps = deps;
    this.authenticator = new Authenticator(deps);
    this.metrics = new Metrics({
      cameraStatuses: () => deps.cameras.list().map((camera) => deps.engine.cameraStatus(camera.id)),
      storage: () => deps.engine.storage(),
    });
  }

  /** Listens; resolves with the address, the real port in it. Throws AppError `unavailable` when the port is taken. */
  async start(listen: { host: string; port: number }): Promise<string> {
    await this.prepare();
    try {
      const listeners = this.newListeners();
      const { door } = await listeners.move([listen], null);
      return urlOf(door.scheme, listen.host, listeners.places()[0]!.port);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Can answer from then on, but listens nowhere yet. */
  async prepare(): Promise<void> {
    const { deps } = this;
    const setupCode = new SetupCode(deps.dataDir);
    if (deps.accounts.first()) setupCode.remove();
    else setupCode.ensure();
    const app = await this.build(setupCode);
    this.app = app;
    this.sockets.start();
    this.undo.push(
      deps.events.subscribe((event) => {
        this.metrics.countEvent(event);
        this.broadcast({ kind: 'event', event });
      }),
      deps.cameras.subscribe(() => this.broadcast({ kind: 'cameras-changed' })),
    );
    await app.ready();
  }

  /** Addresses to listen on, closed when the server stops. To be called once it is prepared. */
  newListeners(): Listeners {
    if (!this.app) throw new Error('the server is not prepared');
    const listeners = new Listeners(this.app, this.deps.log);
    this.listeners.push(listeners);
    return listeners;
  }

  /** A request as from a program on this computer, without a connection; resolves with the status. */
  readonly post = async (url: string, token: string, body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await this.app?.inject({ ...{ method: 'POST', url, headers }, payload: body });
    return answer?.statusCode ?? 503;
  };

  /** Sends a message to the UIs that are open. */
  broadcast(message: ServerMessage): void {
    this.sockets.broadcast(message);
  }

  /** Ends all connections and waits until the last request is answered. */
  async stop(): Promise<void> {
    for (const undo of this.undo.splice(0)) undo();
    this.sockets.stop();
    for (const listeners of this.listeners) listeners.refuse();
    await this.app?.close();
    for (const listeners of this.listeners.splice(0)) listeners.stop();
    this.app = null;
  }

  private async build(setupCode: SetupCode): Promise<FastifyInstance> {
    const { deps, authenticator } = this;
    const app = createFastify(deps.log, deps.apis ?? []);
    app.decorateRequest('principal', null);
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'unknown';
      this.metrics.countRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
      // The query is left out: it may carry tokens.
      const facts = {
        method: request.method,
        // So may some paths.
        path: route.includes(':token') ? route : request.url.split('?', 1)[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      };
      request.log.debug(facts, 'request');
    });
    addSecurityHeaders(app);
    app.addHook('onRequest', async (request) => endSlowBody(request));
    app.setErrorHandler(errorHandler(messageShape));
    await app.register(fastifyCookie);
    await app.register(fastifyWebsocket, { options: { maxPayload: 64 * 1024 } });
    await addDocumentation(app, deps.version);
    addHealthRoutes(app, { authenticator, metrics: this.metrics, health: () => deps.engine.health() });
    await app.register((part) => registerPacsRoutes(part, { authenticator, access: deps.access }), {
      prefix: '/api/integrations/pacs',
    });
    for (const api of deps.apis ?? [])
      await app.register(async (part) => api.register(part, authenticator), { prefix: api.prefix });
    await app.register((part) => this.registerApp(part, setupCode), { prefix: APP_PREFIX });
    const { viewer } = deps;
    await addStaticUi(
      app,
      deps.rendererDir,
      viewer && ((request, reply) => viewer(request, reply, authenticator)),
    );
    return app;
  }

  private async registerApp(app: FastifyInstance, setupCode: SetupCode): Promise<void> {
    const { deps, authenticator } = this;
    app.setErrorHandler(errorHandler(messageShape));
    app.setNotFoundHandler(notFoundHandler(messageShape));
    const connections = new OpenConnections();
    app.addHook(
      'onRequest',
      authenticator.sessionGuard((account, request, reply) => {
        requireRights(account, request.routeOptions.config, request.params);
        connections.add(request, reply);
      }),
    );
    app.addHook('onRoute', (route) => {
      requireDeclaration(route);
      route.schema = { ...route.schema, hide: true };
    });
    readJsonWhateverItSays(app);
    registerSessionRoutes(app, { ...deps, authenticator, setupCode });
    registerAccountRoutes(app, { ...deps, connections, confirmation: new PasswordConfirmation(deps) });
    registerCameraRoutes(app, { ...deps, forgetEvents: (cameraId) => deps.events.forgetCamera(cameraId) });
    registerEventRoutes(app, deps);
    registerSettingsRoutes(app, deps);
    app.get('/ws', { websocket: true, ...forViewers }, (socket, request) =>
      this.sockets.add(socket, {
        role: request.principal?.account?.role ?? 'viewer',
        cameras: camerasOf(request),
      }),
    );
    for (const plugin of deps.appPlugins) await plugin(app);
  }
}

function createFastify(log: Logger, apis: readonly PublicApi[]): FastifyInstance {
  const app = Fastify({
    loggerInstance: log.child({ part: 'api' }) as never,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_BODY_BYTES,
    forceCloseConnections: true,
    return503OnClosing: true,
    requestTimeout: LONGEST_REQUEST_MS,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAMETER_CHARACTERS },
    frameworkErrors: (error, request, reply) => {
      const api = apis.find(({ prefix }) => request.url.startsWith(`${prefix}/`));
      errorHandler(api?.errorShape ?? messageShape)(error, request as never, reply as never);
    },
  }) as unknown as FastifyInstance;
  for (const method of ALL_METHODS) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  // Gives the ZodError itself to the error handler, which knows how to say it.
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: parsed.error };
  });
  app.setSerializerCompiler(serializerCompiler);
  return app;
}

/** Breaks a connection whose body does not come; paths that take large bodies say so with `longBody`. */
function endSlowBody(request: FastifyRequest): void {
  if (request.raw.complete || request.method === 'GET' || request.routeOptions.config.longBody) return;
  const timer = setTimeout(() => {
    if (!request.raw.complete) request.raw.destroy();
  }, SLOW_BODY_MS);
  timer.unref();
  request.raw.once('close', () => clearTimeout(timer));
}
