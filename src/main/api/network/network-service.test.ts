/** Real sockets on this computer's loopback addresses, with a clock that is driven. */
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NetworkInput } from '../../../shared/network.ts';
import { DAY_MS } from '../../../shared/units.ts';
import { ManualClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/log.ts';
import { SecretBox } from '../../settings/secrets.ts';
import { closeDatabase, openDatabase, type Sql } from '../../store/database.ts';
import { NetworkSettingsStore } from '../../store/network-settings.ts';
import { SettingsStore } from '../../store/settings.ts';
import { Certificates } from './certificates.ts';
import { Door } from './door.ts';
import { Listeners } from './listeners.ts';
import { isRefused, read, readKept, readTls } from './network-fixture.ts';
import { NetworkService, type NetworkServiceDeps } from './network-service.ts';
import { DEFAULT_SETTINGS, type OwnAddress } from './plan-listening.ts';

let sql: Sql;
let store: NetworkSettingsStore;
let app: FastifyInstance;
let clock: ManualClock;
let addresses: OwnAddress[];
let moves: string[];
let blockers: Server[];
let running: Array<{ service: NetworkService; listeners: Listeners[] }>;

beforeEach(async () => {
  sql = openDatabase(':memory:');
  store = new NetworkSettingsStore(new SettingsStore(sql), new SecretBox(Buffer.alloc(32, 1)));
  clock = new ManualClock(Date.now());
  addresses = [{ address: '127.0.0.5', interfaceName: 'eth0' }];
  [moves, blockers, running] = [[], [], []];
  app = Fastify();
  app.get(
    '/',
    (request) => `${request.protocol} ${running.at(-1)?.service.view(request.raw.socket).trial?.isReached}`,
  );
  app.post('/keep', (request) => running.at(-1)!.service.keep(request.raw.socket));
  app.get('/ticket/:ticket', (request) => ({
    account: running
      .at(-1)!
      .service.takeTicket((request.params as { ticket: string }).ticket, request.raw.socket),
  }));
  await app.ready();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const { service, listeners } of running) {
    service.stop();
    for (const one of listeners) one.stop();
  }
  for (const blocker of blockers) blocker.close();
  await app.close();
  closeDatabase(sql);
});

async function begin(
  deps: Partial<NetworkServiceDeps> = {},
): Promise<{ service: NetworkService; url: string }> {
  const listeners: Listeners[] = [];
  const certificates = new Certificates({
    store,
    names: () => ['127.0.0.1', 'localhost'],
    clock,
    log: silentLogger,
  });
  const service: NetworkService = new NetworkService({
    ...{ store, certificates, flag: null, windowPort: null, clock, log: silentLogger },
    addresses: () => addresses,
    newListeners() {
      const made = new Listeners(app, silentLogger);
      listeners.push(made);
      return made;
    },
    onMoved: () => moves.push(service.host),
    ...deps,
  });
  running.push({ service, listeners });
  return { service, url: await service.start() };
}

/** A port that is free now, taken on `host` if that is named. */
async function findPort(host?: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, host ?? '0.0.0.0', done));
  const { port } = server.address() as AddressInfo;
  if (host) blockers.push(server);
  else await new Promise((done) => server.close(done));
  return port;
}

const input = (change: Partial<NetworkInput>): NetworkInput => ({ ...DEFAULT_SETTINGS, ...change });
const nobody = {};
/** `address` settings of a loopback address, which stand in for those of a network. */
const at = (address: string, port: number) => input({ reach: 'address', address, port });

test('a change is opened beside the old address, kept only by who reached it, and then alone', async () => {
  const port = await findPort();
  store.choose(input({ port }), null);
  const { service, url } = await begin();
  expect(url).toBe(`http://127.0.0.1:${port}`);
  const { ticket, at: where } = await service.change(at('127.0.0.5', port), 7);
  expect(where).toEqual({ scheme: 'http', port, isFlag: false, fingerprint: null });
  const there = `http://127.0.0.5:${port}`;
  expect([await read(url), await read(there)]).toEqual(['200 http false', '200 http true']);
  expect(service.view(nobody)).toMatchObject({ urls: [url], trial: { urls: [there], isReached: false } });
  expect(await read(`${url}/keep`, 'POST')).toContain('The change can be kept at the new address only');
  // The ticket is for the new address, and for once.
  expect(await read(`${url}/ticket/${ticket}`)).toBe('200 {"account":null}');
  expect(await read(`${there}/ticket/${encodeURIComponent('é'.repeat(ticket.length))}`)).toBe(
    '200 {"account":null}',
  );
  expect(await read(`${there}/ticket/${ticket}`)).toBe('200 {"account":7}');
  expect(await read(`${there}/ticket/${ticket}`)).toBe('200 {"account":null}');
  expect(store.chosen()?.settings.reach).toBe('computer');
  expect(await read(`${there}/keep`, 'POST')).toMatch(/^200/);
  expect(store.chosen()).toEqual({ settings: at('127.0.0.5', port), interfaceName: 'eth0' });
  expect([await isRefused(url), await read(there), moves]).toEqual([
    true,
    '200 http undefined',
    ['127.0.0.5'],
  ]);
  clock.advance(120_000);
  expect(await read(there)).toMatch(/^200/);
});

test('what nobody keeps within 60 s is undone, also where it stood in the way of what was before', async () => {
  const port = await findPort();
  store.choose(input({ port }), null);
  const { service, url } = await begin();
  await service.change(input({ reach: 'network', port }), 1);
  expect(await read(`http://127.0.0.5:${port}`)).toMatch(/^200/);
  clock.advance(59_000);
  expect(service.view(nobody).trial).not.toBeNull();
  clock.advance(1000);
  await expect.poll(() => read(url).catch(() => null)).toBe('200 http undefined');
  expect(await isRefused(`http://127.0.0.5:${port}`)).toBe(true);
  expect(() => service.keep(nobody)).toThrow('There is no change to keep');
  expect([store.chosen()?.settings.reach, moves]).toEqual(['computer', []]);
});

test('who is connected already comes through the new door where the new address takes in the old one', async () => {
  const port = await findPort();
  store.choose(input({ port }), null);
  const { service, url } = await begin();
  const agent = new Agent({ keepAlive: true });
  const ask = () => readKept(url, agent);
  // As browsers do, several connections that are used again.
  expect(await Promise.all([ask(), ask()])).toEqual(['http undefined', 'http undefined']);
  await service.change(input({ reach: 'network', port }), 1);
  await expect.poll(ask).toBe('http true');
  agent.destroy();
});

test('what cannot be had is said, and changes nothing', async () => {
  const [port, taken] = [await findPort(), await findPort('127.0.0.5')];
  store.choose(input({ port }), null);
  const { service, url } = await begin();
  const closed = vi.spyOn(Door.prototype, 'close');
  await expect(service.change(at('127.0.0.5', taken), 1)).rejects.toThrow(
    `Another program listens on 127.0.0.5:${taken} already.`,
  );
  await expect(service.change(input({ reach: 'network', port: taken }), 1)).rejects.toThrow(
    `Another program listens on 0.0.0.0:${taken} already.`,
  );
  await expect(service.change(at('192.0.2.1', port), 1)).rejects.toThrow(
    'This machine has no address 192.0.2.1.',
  );
  await expect(service.change(input({ port, certificate: 'own' }), 1)).rejects.toThrow(
    'Add a certificate and its key first.',
  );
  expect([await read(url), service.view(nobody).trial]).toEqual(['200 http undefined', null]);
  // Of the three that were made for an address; it is tried again and again where one is gone for long.
  expect(closed).toHaveBeenCalledTimes(3);
});

test('an address that is gone at the start is taken by another of its interface, until it is back', async () => {
  const port = await findPort();
  store.choose(at('192.0.2.1', port), 'eth0');
  const { service, url } = await begin();
  expect(url).toBe(`http://127.0.0.5:${port}`);
  expect(await read(url)).toMatch(/^200/);
  expect(service.view(nobody).notice).toBe(
    `This machine has no address 192.0.2.1. Until that has changed, the recorder listens at ${url}.`,
  );
  expect(store.chosen()?.settings.address).toBe('192.0.2.1');
});

test('a port that is taken at the start is had again when it is free', async () => {
  const port = await findPort('127.0.0.1');
  store.choose(input({ port }), null);
  const { service, url } = await begin();
  expect(url).not.toBe(`http://127.0.0.1:${port}`);
  expect(await read(url)).toMatch(/^200/);
  clock.advance(15_000);
  await expect
    .poll(() => service.view(nobody).notice)
    .toContain(`Another program listens on 127.0.0.1:${port} already.`);
  await new Promise((done) => blockers.pop()!.close(done));
  await expect
    .poll(async () => {
      clock.advance(15_000);
      return read(`http://127.0.0.1:${port}`).catch(() => null);
    })
    .toMatch(/^200/);
  expect([service.view(nobody).notice, moves]).toEqual([null, ['127.0.0.1', '127.0.0.1']]);
});

test('at the same address HTTPS takes the place of HTTP, and leads on who comes without it', async () => {
  const port = await findPort();
  store.choose(input({ port }), null);
  const { service, url } = await begin();
  const { at: where } = await service.change(input({ port, certificate: 'generated' }), 1);
  const ca = store.certificate('generated')!.chain;
  const secure = `https://127.0.0.1:${port}`;
  expect(await readTls(secure, ca)).toEqual({ text: 'https true', fingerprint: where.fingerprint });
  const plain = await fetch(`${url}/a?b=c`, { redirect: 'manual', headers: { connection: 'close' } });
  expect([plain.status, plain.headers.get('location')]).toEqual([307, `${secure}/a?b=c`]);
  expect(plain.headers.get('cache-control')).toBe('no-store');
  expect((await fetch(`${url}/keep`, { method: 'POST', headers: { connection: 'close' } })).status).toBe(403);
  await service.undo();
  expect(await read(url)).toBe('200 http undefined');
  await service.change(input({ port, certificate: 'generated', plainHttp: 'off' }), 1);
  expect(await isRefused(url)).toBe(true);
  expect((await readTls(secure, ca)).text).toBe('https true');
});

test('a certificate that was made is made anew before it ends, while it is in use', async () => {
  // So that both are valid by the clock of the client.
  clock = new ManualClock(Date.now() - 370 * DAY_MS);
  const port = await findPort();
  store.choose(input({ port, certificate: 'generated' }), null);
  const { service, url } = await begin();
  const first = store.certificate('generated')!;
  expect((await readTls(url, first.chain)).text).toBe('https undefined');
  clock.advance(360 * DAY_MS);
  expect(store.certificate('generated')).toEqual(first);
  clock.advance(10 * DAY_MS);
  await expect.poll(() => store.certificate('generated')!.chain !== first.chain).toBe(true);
  const { fingerprint } = service.view(nobody).certificates.generated!;
  await expect(readTls(url, first.chain)).rejects.toThrow();
  await expect
    .poll(() => readTls(url, store.certificate('generated')!.chain).then((seen) => seen.fingerprint))
    .toBe(fingerprint);
});

test('the flag decides address and port, the settings encryption', async () => {
  store.choose(at('127.0.0.5', await findPort()), 'eth0');
  const { service, url } = await begin({ flag: { host: '127.0.0.1', port: 0 } });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(service.view(nobody).flag).toBe('127.0.0.1:0');
  await service.change(input({ certificate: 'generated', port: 1 }), 1);
  const secure = url.replace('http:', 'https:');
  expect((await readTls(secure, store.certificate('generated')!.chain)).text).toBe('https true');
  await service.undo();
  const taken = await findPort('127.0.0.1');
  await expect(begin({ flag: { host: '127.0.0.1', port: taken } })).rejects.toThrow(
    'Another program listens',
  );
});

test('windows of the desktop app reach the engine on this computer, whatever is set, and can keep a change', async () => {
  const { service, url } = await begin({ windowPort: 0 });
  expect(service.view(nobody).urls).toEqual([url]);
  const port = await findPort();
  await service.change(at('127.0.0.5', port), 1);
  expect(await read(`${url}/keep`, 'POST')).toMatch(/^200/);
  expect(service.view(nobody).urls).toEqual([`http://127.0.0.5:${port}`, url]);
  expect([await read(url), await read(`http://127.0.0.5:${port}`)]).toEqual([
    '200 http undefined',
    '200 http undefined',
  ]);
});
