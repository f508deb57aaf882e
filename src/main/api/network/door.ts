/**
 * How connections are spoken with: HTTP, or HTTPS with a certificate. A door listens nowhere itself; it is handed accepted connections,
 * so that an address can change from one to the other while it goes on listening.
 */
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { CertificateAndKey } from '../../settings/certificate.ts';

/** null: HTTP. */
export type Protocol = (CertificateAndKey & { plainHttp: 'off' | 'redirect' }) | null;

/** First byte of a TLS handshake (RFC 8446, 5.1). */
const TLS_HANDSHAKE = 22;
/** A connection that says nothing at all ends after this time. */
const SILENT_MS = 60_000;
/** Of connections whose request was under way as their door was retired. */
const RETIRED_KEEP_ALIVE_MS = 500;
const HOST = /^[a-z0-9.:[\]-]+$/i;

export class Door {
  readonly scheme: 'http' | 'https';
  private readonly server: HttpServer | HttpsServer;
  /** Answers HTTP where HTTPS is spoken; null: such connections are closed. */
  private readonly redirects: HttpServer | null;
  private readonly arrived = new WeakSet<object>();
  private readonly upgraded = new Set<Duplex>();
  private readonly keepAliveMs: number;
  private isRetired = false;

  constructor(app: FastifyInstance, protocol: Protocol) {
    this.scheme = protocol ? 'https' : 'http';
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      if (this.isRetired) response.shouldKeepAlive = false;
      app.routing(request, response);
    };
    this.server = protocol
      ? createHttpsServer({ cert: protocol.chain, key: protocol.key }, answer)
      : createServer(answer);
    this.server.on(protocol ? 'secureConnection' : 'connection', (socket: Socket) =>
      this.arrived.add(socket),
    );
    this.redirects = protocol?.plainHttp === 'redirect' ? createServer(redirect) : null;
    const { server } = this;
    this.keepAliveMs = app.server.keepAliveTimeout;
    server.keepAliveTimeout = this.keepAliveMs;
    server.requestTimeout = app.server.requestTimeout;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.upgraded.add(socket);
      socket.once('close', () => this.upgraded.delete(socket));
      app.server.emit('upgrade', request, socket, head);
    });
    server.on('clientError', (error, socket) => app.server.emit('clientError', error, socket));
    // What watches over slow requests is set going by this event, whoever listens for the connections.
    for (const each of this.servers()) each.emit('listening');
  }

  /** Serves a connection that was accepted. */
  take(socket: Socket): void {
    if (this.scheme === 'http') this.server.emit('connection', socket);
    else this.tellApart(socket);
  }

  /** Whether a connection (of a request) came through this door. */
  let(socket: object): boolean {
    return this.arrived.has(socket);
  }

  /** Another certificate for connections from now on. */
  renew({ chain, key }: CertificateAndKey): void {
    if ('setSecureContext' in this.server) this.server.setSecureContext({ cert: chain, key });
  }

  /** Connections end as soon as what they are asked for is answered; WebSockets end at once. */
  retire(): void {
    this.isRetired = true;
    for (const socket of this.upgraded) socket.destroy();
    this.server.keepAliveTimeout = RETIRED_KEEP_ALIVE_MS;
    this.server.closeIdleConnections();
  }

  /** The end of `retire`. */
  resume(): void {
    this.isRetired = false;
    this.server.keepAliveTimeout = this.keepAliveMs;
  }

  /** Ends all connections. */
  close(): void {
    for (const socket of this.upgraded) socket.destroy();
    for (const server of this.servers()) {
      server.closeAllConnections();
      server.close(() => {});
    }
  }

  private servers(): Array<HttpServer | HttpsServer> {
    return this.redirects ? [this.server, this.redirects] : [this.server];
  }

  /** TLS to the server, plain HTTP to where that is led on. */
  private tellApart(socket: Socket): void {
    const forget = () => socket.destroy();
    socket.on('error', forget);
    socket.setTimeout(SILENT_MS, forget);
    socket.once('readable', () => {
      const start = socket.read() as Buffer | null;
      if (start === null) return socket.destroy();
      socket.off('error', forget);
      socket.off('timeout', forget);
      socket.setTimeout(0);
      socket.unshift(start);
      if (start[0] === TLS_HANDSHAKE) this.server.emit('connection', socket);
      else if (this.redirects) this.redirects.emit('connection', socket);
      else socket.destroy();
    });
  }
}

function redirect(request: IncomingMessage, response: ServerResponse): void {
  const { host = '' } = request.headers;
  if ((request.method === 'GET' || request.method === 'HEAD') && HOST.test(host)) {
    // For now only: a browser that remembered it would not come back to HTTP when that is spoken here again.
    response
      .writeHead(307, {
        ...{ location: `https://${host}${request.url ?? '/'}`, connection: 'close' },
        'cache-control': 'no-store',
      })
      .end();
    return;
  }
  const words = 'This recorder speaks HTTPS: use https:// in its address.\n';
  response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(words);
}
