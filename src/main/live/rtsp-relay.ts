/** The relay of live cameras over our RTSP server: `rtsp://USER:PASSWORD@HOST:PORT/CAMERA`, with credentials of its own. */
import { AppError, messageOf } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { LiveHub } from './hub.ts';
import { attachRtspOutput, parseRtspDescription } from './rtsp-hub-source.ts';
import { RtspServer } from './rtsp-server.ts';
import type { RtspSource } from './rtsp-source.ts';

export interface RtspRelayDeps {
  /** The port is tried first; any free one where it is taken. 0 picks a free one. */
  at(): { host: string; port: number };
  passwordOf(user: string): string | null;
  /** The live stream of a camera; null where there is none. */
  hubOf(cameraId: string, stream: 'main' | 'sub'): LiveHub | null;
  clock: Clock;
  log: Logger;
}

export class RtspRelay {
  private readonly deps: RtspRelayDeps;
  private server: RtspServer | null = null;
  private host = '';

  constructor(deps: RtspRelayDeps) {
    this.deps = deps;
  }

  /** Null while it does not listen. */
  get port(): number | null {
    return this.server?.port ?? null;
  }

  /** Without a port there is no relay: that is logged, not thrown. */
  async start(): Promise<void> {
    const { host, port: wanted } = this.deps.at();
    this.host = host;
    for (const port of wanted === 0 ? [0] : [wanted, 0]) {
      const server = new RtspServer({
        ...{ host, port },
        passwordOf: (user) => this.deps.passwordOf(user),
        sourceAt: (mount) => this.sourceAt(mount),
        clock: this.deps.clock,
        log: this.deps.log,
      });
      try {
        await server.start();
        this.server = server;
        return;
      } catch (error) {
        this.deps.log.warn({ port, problem: messageOf(error) }, 'the RTSP relay cannot listen here');
      }
    }
  }

  /** Listens where it is to be now; who watches over it has to come again there. */
  async move(): Promise<void> {
    if (this.host === this.deps.at().host) return;
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    this.server = null;
  }

  private sourceAt(mount: string): RtspSource | null {
    const [cameraId = '', stream = 'main', ...rest] = mount.split('/');
    if ((stream !== 'main' && stream !== 'sub') || rest.length > 0) return null;
    const hub = this.deps.hubOf(cameraId.toLowerCase(), stream);
    if (!hub) return null;
    return {
      async describe() {
        const { description } = hub;
        if (!description) throw new AppError('unavailable', 'This camera sends nothing now.');
        return parseRtspDescription(description);
      },
      attach: (output) => attachRtspOutput(hub, output),
    };
  }
}
