/** Finding cameras and signing in at them, against a small ONVIF device on the loopback interface. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Discovery } from '../../src/main/discovery/discovery.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { until } from '../fixtures/engine.ts';
import { type OnvifDeviceFixture, startOnvifDevice } from '../fixtures/onvif-device.ts';

const ACCOUNT = { user: 'admin', password: 'p&ss <word>' };
const MINUTES_20 = 20 * 60_000;

describe('finding cameras', () => {
  let device: OnvifDeviceFixture;
  let rtsp: Server;
  let web: Server;
  let discovery: Discovery;

  beforeAll(async () => {
    rtsp = await listen('127.0.0.2', 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Lens 3\r\n\r\n');
    web = await listen('127.0.0.3', 'HTTP/1.1 400 Bad Request\r\n\r\n', portOf(rtsp));
    device = await startOnvifDevice({
      ...{ ...ACCOUNT, maker: 'Acme', model: 'Dome', serialNumber: 'A1', macAddress: '12:34:56:78:90:ab' },
      ...{ host: '127.0.0.1', clockAheadMs: MINUTES_20, announcePort: 0 },
      profiles: [
        { token: 'low', codec: 'H264', width: 640, height: 360, rtsp: ':8554/low?a=1&amp;b=2' },
        { token: 'high', codec: 'H264', width: 1920, height: 1080, rtsp: '/high' },
        { token: 'stills', codec: 'JPEG', width: 3840, height: 2160, rtsp: '/stills' },
      ],
    });
    discovery = new Discovery({
      networks: () => [
        { address: '127.0.0.1', cidr: '127.0.0.0/29', hosts: ['127.0.0.2', '127.0.0.3', '127.0.0.4'] },
      ],
      ...{ rtspPorts: [portOf(rtsp)], announcePort: device.announcePort },
      cameraAt: (host) => (host === '127.0.0.2' ? 'Yard' : null),
      ...{ clock: systemClock, log: silentLogger },
    });
  });

  afterAll(async () => {
    await discovery.stop();
    await device.stop();
    for (const server of [rtsp, web]) server.close();
  });

  const idOfDevice = () => `127.0.0.1:${device.port}`;

  test('finds what announces itself and what speaks RTSP, and nothing else', async () => {
    discovery.start();
    expect(() => discovery.start()).toThrow('A search is running already.');
    await until('both devices', () => discovery.view().devices.length === 2);
    await until('the scan', () => discovery.view().addressesDone === 3);
    expect(discovery.view().devices).toMatchObject([
      {
        id: idOfDevice(),
        host: '127.0.0.1',
        name: 'Acme Dome',
        onvif: true,
        state: 'found',
        cameraName: null,
      },
      { id: '127.0.0.2', name: 'Lens 3', onvif: false, rtspPort: portOf(rtsp), cameraName: 'Yard' },
    ]);
    await discovery.stop();
    expect(discovery.view().state).toBe('cancelled');
  });

  test('tries an account once for each device and says what is wrong', async () => {
    await discovery.signIn([idOfDevice(), '127.0.0.2'], { ...ACCOUNT, password: 'wrong' });
    expect(discovery.view().devices).toMatchObject([
      { state: 'refused', problem: expect.stringContaining('Wrong user name or password') },
      { state: 'failed', problem: expect.stringContaining('no ONVIF') },
    ]);
    expect(device.requests).toEqual(['GetSystemDateAndTime', 'refused']);
    expect(() => discovery.learnt(idOfDevice())).toThrow('Sign in at this device first');
  });

  test('learns main and sub stream, keeps to the host that was asked, and goes by the clock of the device', async () => {
    await discovery.signIn([idOfDevice()], ACCOUNT);
    expect(discovery.view().devices[0]).toMatchObject({
      ...{ state: 'ready', problem: null, maker: 'Acme', model: 'Dome' },
      streams: { main: { width: 1920, codec: 'H264' }, sub: { width: 640 } },
    });
    const learnt = discovery.learnt(idOfDevice());
    expect(learnt.main.url).toBe('rtsp://admin:p%26ss%20%3Cword%3E@127.0.0.1/high');
    expect(learnt.sub?.url).toBe('rtsp://admin:p%26ss%20%3Cword%3E@127.0.0.1:8554/low?a=1&b=2');
    expect(learnt).toMatchObject({ serialNumber: 'A1', macAddress: '12:34:56:78:90:ab' });
    expect(Math.abs(learnt.clockAheadMs! - MINUTES_20)).toBeLessThan(3000);
    expect(JSON.stringify(discovery.view())).not.toContain('word');
  });

  test('keeps what it signed in at over the next search', async () => {
    discovery.start();
    await discovery.stop();
    expect(discovery.view().devices).toMatchObject([{ id: idOfDevice(), state: 'ready' }]);
    discovery.addAddress(`127.0.0.4:${device.port}`);
    await discovery.signIn([`127.0.0.4:${device.port}`], ACCOUNT);
    expect(discovery.view().devices[1]).toMatchObject({
      ...{ state: 'failed', problem: expect.stringContaining('ONVIF did not answer') },
    });
  });
});

/** Answers whatever it is sent. */
async function listen(host: string, answer: string, port = 0): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
