/** Notifications of a whole engine: door reports told by mail, webhook and on screens, one per incident, through a real mail server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Engine } from '../../src/main/compose.ts';
import { createLogger } from '../../src/main/platform/log.ts';
import { parseProvision } from '../../src/main/settings/provision.ts';
import type { NotificationsView } from '../../src/shared/notifications.ts';
import { ACCOUNT, until } from '../fixtures/engine.ts';
import { type SmtpSink, startSmtpSink } from '../fixtures/smtp-sink.ts';

const TOKEN = 'door-token';
const MAIL_ACCOUNT = { user: 'recorder', password: 'mail-word' };
const folder = mkdtempSync(join(tmpdir(), 'threshold-notifications-'));

describe('notifications', () => {
  let engine: Engine;
  let sink: SmtpSink;
  let hook: Server;
  let socket: WebSocket;
  let url: string;
  let cookie: string;
  const hooked: Array<Record<string, unknown>> = [];
  const shown: Array<Record<string, unknown>> = [];

  beforeAll(async () => {
    sink = await startSmtpSink(MAIL_ACCOUNT);
    hook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        hooked.push(JSON.parse(body) as Record<string, unknown>);
        response.end();
      });
    });
    await new Promise<void>((listening) => hook.listen(0, '127.0.0.1', listening));
    const parsed = parseProvision({
      account: ACCOUNT,
      readers: [{ deviceId: 'R1', deviceName: 'Back door' }],
      cameras: [{ name: 'Yard', readers: ['R1'] }],
      credentials: { oauthTokens: [{ token: TOKEN, scopes: ['annotations:write'] }] },
    });
    if (!parsed.ok) throw new Error(parsed.problems.join());
    engine = new Engine({
      ...{ dataDir: join(folder, 'data'), listen: { host: '127.0.0.1', port: 0 }, demo: false },
      ...{ provision: parsed.provision, log: createLogger('silent') },
    });
    url = await engine.start();
    const session = engine.localSession()!;
    cookie = `${session.name}=${session.value}`;
    socket = new WebSocket(`${url.replace('http', 'ws')}/app/v1/ws`, { headers: { cookie, origin: url } });
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Record<string, unknown>;
      if (message.kind === 'notification') shown.push(message);
    });
    await new Promise((opened) => socket.once('open', opened));
  });

  afterAll(async () => {
    socket?.close();
    await engine?.stop();
    hook?.close();
    await sink?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const MAIL = () => ({
    ...{ host: '127.0.0.1', port: sink.port, security: 'none', user: MAIL_ACCOUNT.user },
    from: 'recorder@example.test',
  });
  const RULE = () => ({
    ...{ name: 'Doors', enabled: true, alerts: [], events: ['access'], cameraIds: null },
    mailTo: ['guard@example.test', 'owner@example.test'],
    webhookUrl: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
    ...{ desktop: true, schedule: null, groupMinutes: 5 },
  });

  test('sends a test mail, and says what is wrong in words', async () => {
    await send('PUT', '/notifications/mail', { ...MAIL(), password: 'wrong' });
    expect(await send('POST', '/notifications/mail/test', { to: 'a@b.test' })).toMatchObject({
      ...{ status: 503, json: { message: 'The mail server refuses this user name and password.' } },
    });
    await send('PUT', '/notifications/mail', {
      ...MAIL(),
      security: 'starttls',
      password: MAIL_ACCOUNT.password,
    });
    const unsafe = await send('POST', '/notifications/mail/test', { to: 'a@b.test' });
    expect(unsafe.json.message).toMatch(/does not offer encryption|mail server/);
    const saved = await send('PUT', '/notifications/mail', { ...MAIL(), password: MAIL_ACCOUNT.password });
    expect(saved.json).toMatchObject({ mail: { hasPassword: true } });
    expect(JSON.stringify(saved.json)).not.toContain(MAIL_ACCOUNT.password);
    expect((await send('POST', '/notifications/mail/test', { to: 'a@b.test' })).status).toBe(204);
    expect(sink.mails).toMatchObject([{ from: 'recorder@example.test', to: ['a@b.test'] }]);
  });

  test('keeps the password for the same server and user only', async () => {
    expect((await send('PUT', '/notifications/mail', MAIL())).json).toMatchObject({
      mail: { hasPassword: true },
    });
    const moved = await send('PUT', '/notifications/mail', { ...MAIL(), host: 'localhost' });
    expect(moved.json).toMatchObject({ mail: { hasPassword: false } });
    await send('PUT', '/notifications/mail', { ...MAIL(), password: MAIL_ACCOUNT.password });
  });

  test('refuses a rule that tells nothing or nobody', async () => {
    for (const wrong of [{ events: [] }, { mailTo: [], webhookUrl: null, desktop: false }, { mailTo: ['x'] }])
      expect((await send('POST', '/notifications/rules', { ...RULE(), ...wrong })).status).toBe(400);
  });

  test('tells an incident once, by every way', async () => {
    expect((await send('POST', '/notifications/rules', RULE())).status).toBe(201);
    sink.mails.length = 0;
    await report('Forced Open');
    await report('Entry Ajar');
    await until('the mail', () => sink.mails.length > 0);
    await until('the webhook', () => hooked.length > 0);
    await until('the screen', () => shown.length > 0);
    expect(sink.mails[0]).toMatchObject({ to: ['guard@example.test', 'owner@example.test'] });
    expect(sink.mails[0]!.data).toMatch(/^Subject: Yard: Forced open: Back door$/m);
    expect(hooked).toMatchObject([
      {
        event: 'notification',
        rule: 'Doors',
        title: 'Yard: Forced open: Back door',
        eventId: expect.any(String),
      },
    ]);
    expect(shown).toMatchObject([
      { title: 'Yard: Forced open: Back door', place: `/events/${hooked[0]!.eventId}` },
    ]);
    await until('the outcome', async () => (await rules())[0]?.lastDelivery?.state === 'delivered');
    expect(sink.mails).toHaveLength(1);
  });

  test('tests a rule whatever its incident, and is quiet while snoozed', async () => {
    const [rule] = await rules();
    await send('POST', `/notifications/rules/${rule!.id}/test`, {});
    await until('the test', () => sink.mails.length === 2 && hooked.length === 2);
    await send('PUT', `/notifications/rules/${rule!.id}`, { ...RULE(), groupMinutes: 0 });
    const snoozed = await send('POST', '/notifications/snoozes', { cameraId: null, minutes: 30 });
    expect(snoozed.json).toMatchObject({ snoozes: [{ cameraId: null }] });
    await report('Forced Open');
    expect((await send('DELETE', '/notifications/snoozes')).json).toMatchObject({ snoozes: [] });
    await report('Entry Ajar');
    await until('the mail after the snooze', () => sink.mails.length === 3 && hooked.length === 3);
    expect(hooked[2]).toMatchObject({ title: 'Yard: Entry ajar: Back door' });
  });

  test('forgets a rule', async () => {
    const [rule] = await rules();
    expect((await send('DELETE', `/notifications/rules/${rule!.id}`)).json).toMatchObject({ rules: [] });
    expect((await send('POST', `/notifications/rules/${rule!.id}/test`, {})).status).toBe(404);
  });

  async function rules(): Promise<NotificationsView['rules']> {
    return ((await send('GET', '/notifications')).json as unknown as NotificationsView).rules;
  }

  async function report(eventType: string): Promise<void> {
    const response = await fetch(`${url}/api/integrations/pacs/webhooks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ device_id: 'R1', event_type: eventType, timestamp: new Date().toISOString() }),
    });
    expect(response.status).toBe(204);
  }

  async function send(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const response = await fetch(`${url}/app/v1${path}`, {
      method,
      headers: { cookie, origin: url, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
  }
});
