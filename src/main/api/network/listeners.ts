/**
 * The addresses on which connections are accepted, and moving from some to others: the new ones are opened first; the old ones stay until
 * the move is kept, and are back when it is undone.
 */
import { lookup } from 'node:dns/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { Door, type Protocol } from './door.ts';

export interface Place {
  host: string;
  /** 0 picks a free one. */
  port: number;
  ipv6Only?: boolean;
  /** Where this cannot be had, the others suffice. */
  optional?: boolean;
}

export interface Move {
  /** What connections at the new places come through. */
  door: Door;
  /** The old places are closed. */
  keep(): void;
  /** The new places are closed, the old ones open as before. Throws where one of those can no longer be had. */
  undo(): Promise<void>;
}

export class Listeners {
  private readonly app: FastifyInstance;
  private readonly log: Logger;
  private door: Door | null = null;
  private open: Listener[] = [];
  /** Those of an earlier place that a move under way has left open. */
  private readonly all = new Set<Listener>();
  private readonly doors = new Set<Door>();

  /** `app`: ready to answer; it listens nowhere itself. */
  constructor(app: FastifyInstance, log: Logger) {
    this.app = app;
    this.log = log;
  }

  /** The places with their real ports. */
  places(): Place[] {
    return this.open.map(({ place, port }) => ({ ...place, port }));
  }

  /** Throws AppError `unavailable` where a place cannot be had; everything is then as it was, unless that says otherwise. */
  async move(places: readonly Place[], protocol: Protocol): Promise<Move> {
    const door = new Door(this.app, protocol);
    this.doors.add(door);
    const [before, doorBefore] = [this.open, this.door];
    const stay = before.filter((one) => places.some((place) => one.isAt(place)));
    const wanted = places.filter((place) => !stay.some((one) => one.isAt(place)));
    const others = before.filter((one) => !stay.includes(one));
    const inTheWay = others.filter((one) => wanted.some((place) => one.isInTheWayOf(place)));
    const opened: Listener[] = [];
    const undo = async () => {
      for (const one of opened) this.close(one);
      for (const one of stay) if (doorBefore) one.door = doorBefore;
      this.door = doorBefore;
      this.open = before.filter((one) => !inTheWay.includes(one));
      door.retire();
      doorBefore?.resume();
      for (const one of inTheWay) {
        this.all.add(await one.listen());
        this.open.push(one);
      }
      this.open = before;
    };
    for (const one of inTheWay) this.close(one);
    try {
      for (const place of wanted) opened.push(...(await this.openAt(place, door)));
    } catch (error) {
      await undo().finally(() => this.forget(door));
      throw error;
    }
    for (const one of stay) one.door = door;
    // Who comes to the same address again is to come through the new door.
    if (stay.length > 0 || inTheWay.length > 0) doorBefore?.retire();
    this.door = door;
    this.open = [...stay, ...opened];
    return {
      door,
      keep: () => {
        for (const one of others) this.close(one);
        doorBefore?.retire();
      },
      undo,
    };
  }

  /** Nobody can connect any more; who is connected stays. */
  refuse(): void {
    for (const one of this.all) this.close(one);
  }

  /** Ends all connections too. */
  stop(): void {
    this.refuse();
    for (const door of this.doors) door.close();
    this.open = [];
  }

  private async openAt(place: Place, door: Door): Promise<Listener[]> {
    const opened: Listener[] = [];
    const open = async (at: Place) => {
      const one = await new Listener(at, door, this.log).listen();
      this.all.add(one);
      opened.push(one);
      return one;
    };
    try {
      const { port } = await open(place);
      if (place.host === 'localhost')
        for (const at of await otherLocalPlaces(opened[0]!, port)) await open(at).catch(() => {});
    } catch (error) {
      if (!place.optional) throw error;
    }
    return opened;
  }

  /** Of a door that nobody has come to rely on. */
  private forget(door: Door): void {
    door.close();
    this.doors.delete(door);
  }

  private close(one: Listener): void {
    one.close();
    this.all.delete(one);
  }
}

class Listener {
  readonly place: Place;
  door: Door;
  private readonly log: Logger;
  private server: Server | null = null;
  private realPort: number;

  constructor(place: Place, door: Door, log: Logger) {
    this.place = place;
    this.door = door;
    this.log = log;
    this.realPort = place.port;
  }

  get port(): number {
    return this.realPort;
  }

  /** The address that the host turned out to be. */
  get address(): string {
    return (this.server?.address() as AddressInfo | null)?.address ?? '';
  }

  isAt({ host, port, ipv6Only = false }: Place): boolean {
    return host === this.place.host && port === this.port && ipv6Only === (this.place.ipv6Only ?? false);
  }

  /** One port is not had at an address and at all addresses at once. */
  isInTheWayOf({ host, port }: Place): boolean {
    return port === this.port && (isWildcard(host) || isWildcard(this.place.host));
  }

  async listen(): Promise<this> {
    const { host, ipv6Only } = this.place;
    // As Node's own HTTP server has it.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) =>
      this.door.take(socket),
    );
    await new Promise<void>((done, fail) => {
      server.once('error', (cause) => fail(listenError(cause, { host, port: this.realPort })));
      server.listen({ host, port: this.realPort, ipv6Only }, done);
    });
    server.removeAllListeners('error');
    server.on('error', ({ message }) => this.log.warn({ problem: message }, 'a connection was not accepted'));
    this.server = server;
    this.realPort = (server.address() as AddressInfo).port;
    return this;
  }

  /** Connections that were accepted go on. */
  close(): void {
    this.server?.close();
    this.server = null;
  }
}

/** `localhost` is both families, where there are both. */
async function otherLocalPlaces(first: { address: string }, port: number): Promise<Place[]> {
  const all = await lookup('localhost', { all: true }).catch(() => []);
  return all
    .filter(({ address }) => address !== first.address)
    .map(({ address }) => ({ host: address, port }));
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function listenError(cause: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (code === 'EADDRINUSE')
    return new AppError('unavailable', `Another program listens on ${at} already.`, { cause });
  if (code === 'EACCES')
    return new AppError('unavailable', `Listening on ${at} is not permitted.`, { cause });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new AppError('unavailable', `This machine has no address ${host}.`, { cause });
  return cause;
}
