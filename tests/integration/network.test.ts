/** The engine listens elsewhere while a camera records, over HTTP and HTTPS, and where it can when it cannot where it should. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SessionView } from '../../src/shared/contract.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import type { GapLedger } from '../../src/shared/contract-health.ts';
import type { NetworkChange, NetworkInput, NetworkView } from '../../src/shared/network.ts';
import { type Authority, type Issued, makeAuthority } from '../fixtures/certificates.ts';
import { ACCOUNT, type EngineProcess, launchEngine, startEngine, until } from '../fixtures/engine.ts';
import { call, chooseNetwork, findFreePort, ON_THIS_COMPUTER } from '../fixtures/network.ts';
import { makeClip, type RtspCameras, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';

const missing = await whyNoRtspCameras();

describe.skipIf(missing)(`where the engine listens${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let data: string;
  let rtsp: RtspCameras;
  let engine: EngineProcess;
  let authority: Authority;
  let issued: Issued;
  let url: string;
  let cookie: string;
  let ca: string | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-network-'));
    data = join(folder, 'data');
    rtsp = await startRtspCameras([`front=${await makeClip(folder, 'front')}`]);
    authority = await makeAuthority();
    issued = await authority.issue(['127.0.0.1']);
    const camera = { name: 'front', source: { main: rtsp.url('front') }, analysis: { enabled: false } };
    const first = await startEngine(data, { cameras: [camera] });
    await first.stop();
    chooseNetwork(data, { ...ON_THIS_COMPUTER, port: await findFreePort() });
    await launch();
  });
  afterAll(async () => {
    await engine?.stop();
    await rtsp?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Without `--listen`: the setting decides. */
  async function launch(): Promise<void> {
    engine = await launchEngine(['--data', data]);
    url = engine.url;
    const answer = await call(`${url}/app/v1/session`, { method: 'POST', body: ACCOUNT, ca });
    cookie = answer.setCookie.split(';')[0]!;
  }
  async function ask<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
    const answer = await call<T>(`${url}/app/v1${path}`, { ...{ method, body, cookie }, ...(ca && { ca }) });
    if (answer.status >= 400) throw new Error(`${answer.status} ${answer.text}`);
    return answer.body;
  }
  /** Goes on at the address that a change leads to, as a browser does. */
  async function follow({ leadUrl }: NetworkChange): Promise<string> {
    const { origin, hash } = new URL(leadUrl!);
    const ticket = new URLSearchParams(hash.split('?')[1]).get('ticket');
    url = origin;
    const answer = await call<SessionView>(`${url}/app/v1/session/handover`, {
      ...{ method: 'POST', body: { ticket } },
      ...(ca && { ca }),
    });
    expect(answer.body).toMatchObject({ state: 'signed-in', email: ACCOUNT.email });
    cookie = answer.setCookie.split(';')[0]!;
    return answer.setCookie;
  }
  const isRecording = async () => (await ask<CameraView[]>('/cameras'))[0]?.status.recording === true;
  async function expectNothingLost(sinceEpochMs: number): Promise<void> {
    await new Promise((done) => setTimeout(done, 3000));
    const { gaps } = await ask<GapLedger>(`/gaps?fromEpochMs=${sinceEpochMs}&toEpochMs=${Date.now()}`);
    expect(gaps).toEqual([]);
    const [camera] = await ask<CameraView[]>('/cameras');
    const { text } = await call(`${url}/metrics`, { ...(ca && { ca }) });
    expect(text).toMatch(new RegExp(`frames_dropped_total\\{[^}]*${camera!.id}[^}]*\\} 0\\n`));
  }

  test('another port is opened, reached, kept and alone, and not a frame is lost', async () => {
    await until('recording', isRecording);
    const [before, since] = [url, Date.now()];
    const port = await findFreePort();
    const change = await ask<NetworkChange>('/network', 'PUT', { ...ON_THIS_COMPUTER, port });
    expect(change).toMatchObject({
      view: { urls: [before], trial: { urls: [`http://127.0.0.1:${port}`], isReached: false } },
      fingerprint: null,
    });
    await follow(change);
    expect((await ask<NetworkView>('/network')).trial?.isReached).toBe(true);
    expect(await ask<NetworkView>('/network/keep', 'POST')).toMatchObject({
      ...{ settings: { port }, urls: [`http://127.0.0.1:${port}`], notice: null, trial: null },
    });
    await expect(call(before)).rejects.toThrow('ECONNREFUSED');
    await expectNothingLost(since);
  });

  test('a port that is taken, and a key that does not fit, are said and change nothing', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    await expect(ask('/network', 'PUT', { ...ON_THIS_COMPUTER, port })).rejects.toThrow(
      `503 {"message":"Another program listens on 127.0.0.1:${port} already."}`,
    );
    other.close();
    const { keyPem } = await authority.issue(['127.0.0.1']);
    const own = { chain: issued.pem, key: keyPem };
    await expect(
      ask('/network', 'PUT', { ...ON_THIS_COMPUTER, port, certificate: 'own', own }),
    ).rejects.toThrow('400 {"message":"The key does not belong to this certificate."}');
    expect((await ask<NetworkView>('/network')).trial).toBeNull();
  });

  test('HTTPS with an own certificate takes over the same port; what is undone is as before', async () => {
    const [plain, port, since] = [url, Number(new URL(url).port), Date.now()];
    const passphrase = 'of the key';
    const key = issued.key
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString();
    const input: NetworkInput = {
      ...{ ...ON_THIS_COMPUTER, port, certificate: 'own' },
      own: { chain: `${issued.pem}${authority.pem}`, key, passphrase },
    };
    await ask('/network', 'PUT', input);
    expect(await call(`${plain}/app/v1/network`, { cookie })).toMatchObject({ status: 307 });
    ca = authority.pem;
    url = plain.replace('http:', 'https:');
    // The session of the HTTP page is not one of the HTTPS page.
    await expect(ask('/network')).rejects.toThrow('401');
    const [sessionName, session] = cookie.split('=');
    cookie = `__Host-${sessionName}=${session}`;
    await ask('/network/trial', 'DELETE');
    [ca, url, cookie] = [undefined, plain, `${sessionName}=${session}`];
    expect((await ask<NetworkView>('/network')).trial).toBeNull();

    const change = await ask<NetworkChange>('/network', 'PUT', input);
    ca = authority.pem;
    expect(await follow(change)).toMatch(/^__Host-threshold_session=.*; HttpOnly; Secure; SameSite=Strict$/);
    const view = await ask<NetworkView>('/network/keep', 'POST');
    expect(view.certificates.own).toMatchObject({ issuer: 'Test authority', names: ['127.0.0.1'] });
    expect(view.certificates.own?.fingerprint).toBe(change.fingerprint);
    expect(await call(`${plain}/live?a=b`)).toMatchObject({ status: 307 });
    await expectNothingLost(since);
  });

  test('over HTTPS, live sockets and the addresses that others are given are secure too', async () => {
    const socket = new WebSocket(`${url.replace('https:', 'wss:')}/app/v1/ws`, { ca, headers: { cookie } });
    await new Promise((done, fail) => {
      socket.once('open', done);
      socket.once('error', fail);
    });
    socket.close();
    const { key } = await ask<{ key: string }>('/integration-keys', 'POST', { name: 'Platform' });
    const answer = await fetchWithKey(`${url}/integration-api/v1/cameras`, key);
    const links = [...JSON.stringify(answer).matchAll(/"(https?:[^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(link).toMatch(new RegExp(`^${url}/`));
  });

  test('the setting survives a restart, and its key stands in no answer, log or file as it is', async () => {
    expect(await engine.stop()).toBe(0);
    const body = issued.keyPem.split('\n')[1]!;
    expect(engine.log()).not.toContain(body);
    const before = url;
    await launch();
    expect(url).toBe(before);
    expect(JSON.stringify(await ask('/network'))).not.toContain('PRIVATE KEY');
    await until('recording', isRecording);
  });

  test('an address that is gone at the start does not keep the engine from starting', async () => {
    await engine.stop();
    const { port } = new URL(url);
    chooseNetwork(data, {
      ...{ reach: 'address', address: '192.0.2.1', port: Number(port), certificate: 'own', plainHttp: 'off' },
    });
    await launch();
    expect(url).toBe(`https://127.0.0.1:${port}`);
    expect((await ask<NetworkView>('/network')).notice).toBe(
      `This machine has no address 192.0.2.1. Until that has changed, the recorder listens at ${url}.`,
    );
    expect(engine.log()).toContain('not listening where the settings say');
    await until('recording', isRecording);
  });

  function fetchWithKey(address: string, key: string): Promise<unknown> {
    return call(address, { ca: ca!, headers: { 'x-integration-key': key } }).then(({ body }) => body);
  }
});
