/** Who may do what: every route that the engine registers against every role, and what accounts see of cameras that are not theirs. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, HTTPMethods, RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { Engine } from '../../src/main/compose.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { parseProvision } from '../../src/main/settings/provision.ts';
import { type AccountView, includesRole, ROLE_WORDS, ROLES } from '../../src/shared/accounts.ts';
import type { AuditPage } from '../../src/shared/contract-exports.ts';
import type { ServerMessage } from '../../src/shared/contract-live.ts';
import { ACCOUNT, until } from '../fixtures/engine.ts';
import { NEEDED_ROLES } from './roles-table.ts';

const FRONT = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const SIDE = '4fa85f64-5717-4562-b3fc-2c963f66afa7';
const NOTHING = '00000000-0000-4000-8000-000000000000';
const PASSWORD = 'a password of theirs';
const TOKEN = 'user-token';
const folder = mkdtempSync(join(tmpdir(), 'roles-'));
const routes: RouteOptions[] = [];
let app: FastifyInstance;
let engine: Engine;
let url: string;
/** `Cookie` headers by what the account is called. */
const cookies: Record<string, string> = {};

const watch = (message: unknown) => {
  ({ fastify: app } = message as { fastify: FastifyInstance });
  app.addHook('onRoute', (route) => void routes.push(route));
};

beforeAll(async () => {
  const parsed = parseProvision({
    account: ACCOUNT,
    sites: [
      { id: 1, name: 'HQ' },
      { id: 2, name: 'Store' },
    ],
    cameras: [
      { id: FRONT, name: 'front', siteId: 1, analysis: { enabled: false }, readers: ['door'] },
      { id: SIDE, name: 'side', siteId: 2, analysis: { enabled: false }, readers: ['gate'] },
    ],
    credentials: {
      oauthTokens: [{ token: TOKEN, scopes: ['user', 'annotations:write'] }],
      integrationKeys: ['key'],
    },
  });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  engine = new Engine({
    ...{
      dataDir: join(folder, 'data'),
      listen: { host: '127.0.0.1', port: 0 },
      demo: false,
      log: silentLogger,
    },
    provision: parsed.provision,
  });
  subscribe('fastify.initialization', watch);
  url = await engine.start();
  unsubscribe('fastify.initialization', watch);
  cookies.administrator = await signIn(ACCOUNT.email, ACCOUNT.password);
  for (const [name, rights] of Object.entries({
    viewer: { role: 'viewer' },
    operator: { role: 'operator' },
    guard: { role: 'operator', cameraIds: [FRONT] },
    watcher: { role: 'viewer', cameraIds: [FRONT.toUpperCase()] },
  }))
    await addAccount(name, rights);
  for (const cameraId of [FRONT, SIDE]) await postEvent(cameraId);
}, 120_000);
afterAll(async () => {
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the matrix of roles and routes', () => {
  const appRoutes = () =>
    routes
      .filter((route) => route.url.startsWith('/app/v1/') && !String(route.method).includes('OPTIONS'))
      .flatMap(({ method, url: path }) =>
        [method].flat().map((one) => ({ method: one as HTTPMethods, path: path.replace('/app/v1', '') })),
      );

  test('names every route that is registered, and no other', () => {
    const registered = appRoutes().flatMap(({ method, path }) =>
      method === 'HEAD' ? [] : `${method} ${path}`,
    );
    expect([...new Set(registered)].sort()).toEqual([...NEEDED_ROLES.keys()].sort());
  });

  test.each(ROLES)('%s', async (role) => {
    const wrong: string[] = [];
    for (const { method, path } of appRoutes()) {
      const needed = NEEDED_ROLES.get(`${method === 'HEAD' ? 'GET' : method} ${path}`) ?? 'nobody';
      if (needed === 'nobody') continue;
      // It would look around in the network.
      if (path === '/discovery' && method === 'POST' && includesRole(role, needed)) continue;
      const answer = await inject(method, path, cookies[role]);
      const refused = [401, 403].includes(answer.statusCode);
      if (refused === includesRole(role, needed)) wrong.push(`${method} ${path}: ${answer.statusCode}`);
      if (refused && method !== 'HEAD')
        expect(answer.json().message).toContain(`This account is ${ROLE_WORDS[role]}. Only`);
    }
    expect(wrong).toEqual([]);
  });

  test('nobody who is not signed in', async () => {
    const admitted: string[] = [];
    for (const { method, path } of appRoutes()) {
      const { statusCode } = await inject(method, path, undefined);
      const isOpen = NEEDED_ROLES.get(`${method === 'HEAD' ? 'GET' : method} ${path}`) === 'nobody';
      // POST /session and /setup refuse the empty body.
      if ((statusCode !== 401) !== isOpen) admitted.push(`${method} ${path}: ${statusCode}`);
    }
    expect(admitted).toEqual([]);
  });

  test('a camera that is not theirs does not exist for them, whatever the route', async () => {
    const ofCameras = appRoutes().filter(({ path }) => /^\/cameras\/:id|:cameraId/.test(path));
    expect(ofCameras.length).toBeGreaterThan(8);
    for (const { method, path } of ofCameras) {
      if (method === 'HEAD' || NEEDED_ROLES.get(`${method} ${path}`) === 'administrator') continue;
      const answer = await inject(method, path.replace(/:id|:cameraId/, SIDE), cookies.guard);
      expect([path, answer.statusCode, answer.json()]).toEqual([
        path,
        404,
        { message: 'There is no such camera.' },
      ]);
    }
  });
});

describe('an account that sees one camera', () => {
  test('is listed nothing of another', async () => {
    const ids = `${FRONT},${SIDE}`;
    const range = `fromEpochMs=${Date.now() - 3_600_000}&toEpochMs=${Date.now() + 1000}`;
    const all = await json('GET', '/events', cookies.operator);
    expect(new Set(all.items.map(({ cameraId }: { cameraId: string }) => cameraId))).toEqual(
      new Set([FRONT, SIDE]),
    );
    for (const path of [
      '/cameras',
      '/sites',
      '/readers',
      '/events',
      `/events?cameraIds=${ids}`,
      `/access?${range}&cameraIds=${ids}`,
      `/archive/timeline?${range}&resolutionMs=1000&cameraIds=${ids}`,
      `/gaps?${range}`,
      `/gaps?${range}&cameraIds=${ids}`,
      '/completeness',
      `/counts?${range}&stepMs=3600000&cameraIds=${ids}`,
      '/alerts',
      '/locks',
      '/exports',
      '/bookmarks',
      '/cases',
    ]) {
      const answer = await inject('GET', path, cookies.guard);
      expect([path, answer.statusCode]).toEqual([path, 200]);
      expect(answer.body).not.toMatch(new RegExp(`${SIDE}|"side"|"Store"|"gate"`));
    }
    expect((await json('GET', '/cameras', cookies.guard))[0]).toMatchObject({ id: FRONT, source: null });
    expect(await json('GET', `/events?cameraIds=${SIDE}`, cookies.guard)).toMatchObject({ items: [] });
    expect(await json('GET', '/archive/bounds', cookies.guard)).toEqual({
      earliestEpochMs: null,
      latestEpochMs: null,
    });
  });

  test('cannot reach what belongs to another', async () => {
    const { items } = await json('GET', `/events?cameraIds=${SIDE}`, cookies.operator);
    const { id } = items[0];
    for (const [method, path, body] of [
      ['GET', `/events/${id}`],
      ['GET', `/events/${id}/snapshot.jpg`],
      ['POST', '/locks', { cameraIds: [FRONT, SIDE], startEpochMs: 0, endEpochMs: 1000, reason: 'x' }],
      [
        'POST',
        '/exports',
        { cameraIds: [FRONT, SIDE], fromEpochMs: 0, toEpochMs: 1000, form: 'clip', reason: 'x' },
      ],
    ] as const)
      expect([path, (await inject(method, path, cookies.guard, body)).statusCode]).toEqual([path, 404]);
  });

  test('hears of its own camera alone, and a viewer of no events', async () => {
    const sockets = ['operator', 'guard', 'watcher'].map((name) => openSocket(name));
    await Promise.all(sockets.map(({ socket }) => once(socket, 'open')));
    for (const cameraId of [SIDE, FRONT]) await postEvent(cameraId);
    const [operator, guard, watcher] = sockets.map(
      ({ messages }) =>
        () =>
          messages.flatMap((message) => (message.kind === 'event' ? message.event.cameraId : [])),
    );
    await until('both events', () => operator!().length === 2);
    await until('the event of its camera', () => guard!().length > 0);
    expect([guard!(), watcher!()]).toEqual([[FRONT], []]);
    for (const { socket } of sockets) socket.terminate();
  });
});

describe('accounts', () => {
  test('the last administrator stays one', async () => {
    const [{ id }] = (await json('GET', '/accounts', cookies.administrator)) as [AccountView];
    for (const [method, body] of [['DELETE'], ['PATCH', { role: 'viewer' }]] as const) {
      const answer = await inject(method, `/accounts/${id}`, cookies.administrator, body);
      expect([answer.statusCode, answer.json().message]).toEqual([
        409,
        expect.stringContaining('only administrator'),
      ]);
    }
  });

  test('a change ends open sockets at once, a new password and a deletion the sessions too', async () => {
    const { id } = await addAccount('changing', { role: 'operator' });
    const steps: Array<[() => Promise<unknown>, number]> = [
      [() => json('PATCH', `/accounts/${id}`, cookies.administrator, { role: 'viewer' }), 200],
      [() => json('PATCH', `/accounts/${id}`, cookies.administrator, { cameraIds: [FRONT] }), 200],
      [() => json('PATCH', `/accounts/${id}`, cookies.administrator, { password: `${PASSWORD} again` }), 401],
      [() => inject('DELETE', `/accounts/${id}`, cookies.administrator), 401],
    ];
    for (const [change, status] of steps) {
      const { socket } = openSocket('changing');
      await once(socket, 'open');
      const closed = once(socket, 'close');
      await change();
      await closed;
      expect((await inject('GET', '/cameras', cookies.changing)).statusCode).toBe(status);
      if (status === 401 && change !== steps.at(-1)![0])
        cookies.changing = await signIn('changing@example.test', `${PASSWORD} again`);
    }
  });

  test('each changes its own password, and stays signed in', async () => {
    await addAccount('own', { role: 'viewer' });
    const elsewhere = await signIn('own@example.test', PASSWORD);
    const body = { current: PASSWORD, password: 'another password' };
    const wrong = await inject('PUT', '/session/password', cookies.own, { ...body, current: 'wrong' });
    expect(wrong.statusCode).toBe(403);
    expect((await inject('PUT', '/session/password', cookies.own, body)).statusCode).toBe(204);
    expect((await inject('GET', '/cameras', cookies.own)).statusCode).toBe(200);
    expect((await inject('GET', '/cameras', elsewhere)).statusCode).toBe(401);
    await signIn('own@example.test', 'another password');
  });

  test('sign-ins and changes are in the audit log', async () => {
    await inject('POST', '/session', undefined, { email: 'guard@example.test', password: 'wrong' });
    const { lines } = (await json('GET', '/audit?limit=500', cookies.administrator)) as AuditPage;
    expect(lines).toEqual(
      expect.arrayContaining(
        (
          [
            ['signed-in', 'guard@example.test', ''],
            ['sign-in-refused', 'guard@example.test', ''],
            ['account-added', ACCOUNT.email, 'guard@example.test, an operator of 1 camera'],
            ['account-changed', ACCOUNT.email, 'changing@example.test, a viewer of all cameras'],
            ['account-removed', ACCOUNT.email, 'changing@example.test'],
            ['password-changed', 'own@example.test', ''],
          ] as const
        ).map(([action, actor, detail]) => expect.objectContaining({ action, actor, detail })),
      ),
    );
  });
});

test('a token does no more than its account, in every API that takes one', async () => {
  const { id } = await addAccount('integrator', { role: 'administrator' });
  const { token } = await json('POST', '/tokens', cookies.integrator, {
    name: 'theirs',
    scopes: ['user', 'annotations:write'],
  });
  const withToken = (method: HTTPMethods, path: string) =>
    app.inject({ method: method as 'GET', url: path, headers: { authorization: `Bearer ${token}` } });
  expect((await withToken('GET', '/api/users/me/cameras')).statusCode).toBe(200);
  await json('PATCH', `/accounts/${id}`, cookies.administrator, { role: 'operator' });
  const guarded = routes.filter(
    ({ url: path, config }) =>
      /^\/(api|fleet\/v1)\//.test(path) &&
      !config?.open &&
      !config?.unsupportedMethod &&
      config?.camioAccess !== 'open',
  );
  expect(guarded.length).toBeGreaterThan(30);
  const wrong: string[] = [];
  for (const { method, url: path } of guarded)
    for (const one of [method].flat()) {
      const answer = await withToken(one as HTTPMethods, fill(path.replace(':token', 'me')));
      if (answer.statusCode !== 403) wrong.push(`${one} ${path}: ${answer.statusCode}`);
    }
  expect(wrong).toEqual([]);
  const provisioned = await fetch(`${url}/api/users/me/cameras`, {
    headers: { authorization: `token ${TOKEN}` },
  });
  expect(provisioned.status).toBe(200);
});

function fill(path: string): string {
  return path.replaceAll(/:[a-zA-Z]+/g, NOTHING);
}

function inject(method: HTTPMethods, path: string, cookie: string | undefined, body?: object) {
  return app.inject({
    method: method as 'GET',
    url: `/app/v1${fill(path)}`,
    headers: cookie === undefined ? {} : { cookie },
    ...(body && { payload: body }),
  });
}

async function json(
  method: HTTPMethods,
  path: string,
  cookie: string | undefined,
  body?: object,
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers
): Promise<any> {
  const answer = await inject(method, path, cookie, body);
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`);
  return answer.json();
}

async function signIn(email: string, password: string): Promise<string> {
  const answer = await inject('POST', '/session', undefined, { email, password });
  const [cookie] = answer.cookies;
  if (!cookie) throw new Error(`${email}: ${answer.body}`);
  return `${cookie.name}=${cookie.value}`;
}

async function addAccount(name: string, rights: object): Promise<AccountView> {
  const email = `${name}@example.test`;
  const account = await json('POST', '/accounts', cookies.administrator, {
    email,
    password: PASSWORD,
    ...rights,
  });
  cookies[name] = await signIn(email, PASSWORD);
  return account;
}

async function postEvent(cameraId: string): Promise<void> {
  const answer = await fetch(`${url}/integration-api/v1/cameras/${cameraId}/events`, {
    method: 'POST',
    headers: { 'x-integration-key': 'key', 'content-type': 'application/json' },
    body: JSON.stringify({ startDate: new Date().toISOString(), eventType: 'Human', instant: true }),
  });
  expect(answer.status).toBe(204);
}

function openSocket(name: string): { socket: WebSocket; messages: ServerMessage[] } {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/app/v1/ws`, {
    headers: { cookie: cookies[name]! },
  });
  const messages: ServerMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as ServerMessage));
  socket.on('error', () => {});
  return { socket, messages };
}
