/**
 * A small RTSP/1.0 server of our own (RFC 2326): H.264, H.265 and AAC, interleaved and over UDP, with digest authentication.
 * It serves the demo cameras and the relay of live cameras. No recording, no multicast, no seeking.
 */
import { createServer, type Server } from 'node:net';
import { AppError } from '../../shared/errors.ts';
import { ServerAuthenticator } from '../media/rtsp/auth.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { RtspConnection } from './rtsp-connection.ts';
import type { RtspSource } from './rtsp-source.ts';

export interface RtspServerDeps {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** The password of a user; null when there is no such user. */
  passwordOf(user: string): string | null;
  /** The stream at a path without its leading slash; null when there is none. */
  sourceAt(mount: string): RtspSource | null;
  clock: Clock;
  log: Logger;
}

const MAX_CONNECTIONS = 128;
const CHECK_INTERVAL_MS = 5000;

export class RtspServer {
  private readonly deps: RtspServerDeps;
  private readonly authenticator: ServerAuthenticator;
  private readonly connections = new Set<RtspConnection>();
  private server: Server | null = null;
  private cancelCheck: (() => void) | null = null;

  constructor(deps: RtspServerDeps) {
    this.deps = deps;
    this.authenticator = new ServerAuthenticator({
      realm: 'Threshold NVR',
      passwordOf: deps.passwordOf,
      // Players in the field (VLC, ffmpeg) know MD5 only, and some take the first challenge they see.
      algorithms: ['MD5'],
      monotonicMs: () => deps.clock.monotonicMs(),
    });
  }

  /** The port it listens on; throws before `start`. */
  get port(): number {
    const address = this.server?.address();
    if (!address || typeof address === 'string')
      throw new AppError('internal', 'The RTSP server is not running');
    return address.port;
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  /** Throws the listener's error when the port cannot be had. */
  async start(): Promise<void> {
    const server = createServer((socket) => {
      const connection = new RtspConnection(socket, {
        authenticator: this.authenticator,
        sourceAt: this.deps.sourceAt,
        clock: this.deps.clock,
        log: this.deps.log,
      });
      this.connections.add(connection);
      socket.on('close', () => this.connections.delete(connection));
    });
    server.maxConnections = MAX_CONNECTIONS;
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(this.deps.port, this.deps.host, () => {
        server.off('error', fail);
        done();
      });
    });
    server.on('error', (error) => this.deps.log.warn({ problem: error.message }, 'RTSP server'));
    this.server = server;
    this.scheduleCheck();
  }

  async stop(): Promise<void> {
    this.cancelCheck?.();
    const { server } = this;
    if (!server) return;
    const closed = new Promise<void>((done) => server.close(() => done()));
    for (const connection of this.connections) connection.close();
    await closed;
    this.server = null;
  }

  private scheduleCheck(): void {
    this.cancelCheck = this.deps.clock.after(CHECK_INTERVAL_MS, () => {
      for (const connection of this.connections) connection.check();
      this.scheduleCheck();
    });
  }
}
