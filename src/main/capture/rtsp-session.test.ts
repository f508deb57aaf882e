import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { ServerAuthenticator } from '../media/rtsp/auth.ts';
import {
  buildInterleaved,
  buildRequest,
  headerOf,
  RtspParser,
  type RtspRequest,
} from '../media/rtsp/message.ts';
import { buildRtp } from '../media/rtsp/rtp.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { RtspSession } from './rtsp-session.ts';

const SDP =
  'v=0\r\ns=x\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n';

/** A peer that answers as it is told to: each method's answer is the raw text after the status, or a function of the request. */
type Answers = Record<string, string | ((request: RtspRequest, socket: Socket) => string | null)>;

const servers: Server[] = [];
const sessions: RtspSession[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.stop()));
  for (const server of servers.splice(0)) server.close();
});

/** `pem`: key and certificate, for a camera that speaks over TLS only. */
async function camera(answers: Answers, pem?: string) {
  const requests: RtspRequest[] = [];
  const answered: string[] = [];
  let socket: Socket | null = null;
  const greet = (peer: Socket) => {
    socket = peer;
    peer.on('error', () => {});
    const parser = new RtspParser((item) => {
      if (item.kind === 'response') answered.push(`${item.status} ${headerOf(item, 'cseq')}`);
      if (item.kind !== 'request') return;
      requests.push(item);
      const answer = answers[item.method] ?? 'RTSP/1.0 200 OK\r\nCSeq: #\r\n\r\n';
      const text = typeof answer === 'string' ? answer : answer(item, peer);
      if (text !== null) peer.write(text.replace('#', headerOf(item, 'cseq') ?? ''));
    });
    peer.on('data', (chunk) => parser.push(chunk));
  };
  const server = pem ? createTlsServer({ key: pem, cert: pem }, greet) : createServer(greet);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const trace = () => requests.map((one) => `${one.method} ${one.uri.replace(String(port), 'PORT')}`);
  return { port, requests, answered, trace, send: (bytes: Buffer) => socket?.write(bytes) };
}

function play(url: string) {
  const packets: string[] = [];
  const lost: string[] = [];
  const session = new RtspSession({
    url,
    transport: 'tcp',
    clock: systemClock,
    log: silentLogger,
    chooseTracks: ({ media }) =>
      media.map((one) => ({ media: one, onPacket: ({ payload }) => packets.push(payload.toString('hex')) })),
    onLost: (failure) => lost.push(failure.message),
  });
  sessions.push(session);
  return { session, packets, lost };
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('not within 5 s');
    await new Promise((done) => setTimeout(done, 5));
  }
}

const hangUp = (_request: RtspRequest, socket: Socket) => {
  socket.destroy();
  return null;
};
const rtp = (hex: string) =>
  buildRtp({
    payloadType: 96,
    marker: true,
    sequence: 1,
    timestamp: 1,
    ssrc: 1,
    payload: Buffer.from(hex, 'hex'),
  });
const describing = (headers = '', body = SDP) =>
  `RTSP/1.0 200 OK\r\nCSeq: #\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const setUp = (extra = '') =>
  `RTSP/1.0 200 OK\r\nCSeq: #\r\nSession: 12345;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1${extra}\r\n\r\n`;

test('the whole conversation, by the book', async () => {
  const one = await camera({ DESCRIBE: describing(), SETUP: setUp() });
  const { session, packets } = play(`rtsp://127.0.0.1:${one.port}/x`);
  await session.start();
  one.send(buildInterleaved(0, rtp('6588')));
  await until(() => packets.length > 0);
  await session.stop();
  await until(() => one.requests.length === 5);
  expect(one.trace()).toEqual([
    'OPTIONS rtsp://127.0.0.1:PORT/x',
    'DESCRIBE rtsp://127.0.0.1:PORT/x',
    'SETUP rtsp://127.0.0.1:PORT/x/trackID=1',
    'PLAY rtsp://127.0.0.1:PORT/x',
    'TEARDOWN rtsp://127.0.0.1:PORT/x',
  ]);
  expect(one.requests.slice(3).map((request) => headerOf(request, 'session'))).toEqual(['12345', '12345']);
  expect(headerOf(one.requests[3]!, 'range')).toBe('npt=0.000-');
});

test.skipIf(spawnSync('openssl', ['version']).status !== 0)(
  'the same over TLS, with a certificate that the camera signed itself',
  async () => {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const signed = ['req', '-x509', ...curve, '-nodes', '-subj', '/CN=camera', '-keyout', '-', '-out', '-'];
    const pem = spawnSync('openssl', signed, { encoding: 'utf8' }).stdout;
    const one = await camera({ DESCRIBE: describing(), SETUP: setUp() }, pem);
    const { session, packets } = play(`rtsps://127.0.0.1:${one.port}/x`);
    await session.start();
    one.send(buildInterleaved(0, rtp('6588')));
    await until(() => packets.length > 0);
    expect(packets).toEqual(['6588']);
    expect(one.trace()).toContain('PLAY rtsps://127.0.0.1:PORT/x');
  },
);

test('bare line feeds, odd cases, no CSeq, no Content-Length, other channels', async () => {
  const one = await camera({
    OPTIONS: 'RTSP/1.0 404 Not Here\n\n',
    DESCRIBE: `RTSP/1.0 200 OK\ncontent-TYPE: application/sdp\n\n${SDP.replaceAll('\r\n', '\n')}`,
    SETUP: 'RTSP/1.0 200 OK\nsession: abc\ntransport: RTP/AVP/TCP;interleaved=4-5\n\n',
    PLAY: 'RTSP/1.0 200 OK\n\n',
  });
  const { session, packets } = play(`rtsp://127.0.0.1:${one.port}/x`);
  await session.start();
  one.send(buildInterleaved(0, rtp('00')));
  one.send(buildInterleaved(4, rtp('6588')));
  await until(() => packets.length > 0);
  expect(packets).toEqual(['6588']);
});

test('a base with an inner address: the host stays, its path is taken', async () => {
  const one = await camera({
    DESCRIBE: describing('Content-Base: rtsp://192.168.1.10:554/stream/main/\r\n'),
    SETUP: setUp(),
  });
  await play(`rtsp://127.0.0.1:${one.port}/x?channel=1`).session.start();
  expect(one.trace().slice(2)).toEqual([
    'SETUP rtsp://127.0.0.1:PORT/stream/main/trackID=1',
    'PLAY rtsp://127.0.0.1:PORT/stream/main/',
  ]);
});

test('a redirect is followed, and credentials go along to the same host', async () => {
  const gate = new ServerAuthenticator({ realm: 'r', passwordOf: () => 'secret' });
  const second = await camera({
    DESCRIBE: (request) =>
      gate.check('DESCRIBE', request.uri, headerOf(request, 'authorization')).result === 'ok'
        ? describing()
        : `RTSP/1.0 401 Unauthorized\r\nCSeq: #\r\n${gate
            .challenges()
            .map((one) => `WWW-Authenticate: ${one}\r\n`)
            .join('')}\r\n`,
    SETUP: setUp(),
  });
  const first = await camera({
    DESCRIBE: `RTSP/1.0 302 Moved\r\nCSeq: #\r\nLocation: rtsp://127.0.0.1:${second.port}/new\r\n\r\n`,
  });
  await play(`rtsp://u:secret@127.0.0.1:${first.port}/x`).session.start();
  expect(second.trace().at(-1)).toBe('PLAY rtsp://127.0.0.1:PORT/new');
  expect(JSON.stringify([first.trace(), second.trace()])).not.toContain('secret');
});

test('a nonce that went stale is answered anew', async () => {
  let now = 0;
  const gate = new ServerAuthenticator({
    realm: 'r',
    passwordOf: () => 'p',
    nonceLifeMs: 100,
    monotonicMs: () => now,
  });
  const guarded = (answer: string) => (request: RtspRequest) => {
    const { result } = gate.check(request.method, request.uri, headerOf(request, 'authorization'));
    if (request.method === 'SETUP' && result === 'ok') now += 1000;
    if (result === 'ok') return answer;
    const challenges = gate.challenges(result === 'stale').map((one) => `WWW-Authenticate: ${one}\r\n`);
    return `RTSP/1.0 401 Unauthorized\r\nCSeq: #\r\n${challenges.join('')}\r\n`;
  };
  const one = await camera({
    DESCRIBE: guarded(describing()),
    SETUP: guarded(setUp()),
    PLAY: guarded('RTSP/1.0 200 OK\r\nCSeq: #\r\n\r\n'),
  });
  await play(`rtsp://u:p@127.0.0.1:${one.port}/x`).session.start();
  expect(one.requests.map(({ method }) => method)).toEqual([
    'OPTIONS',
    'DESCRIBE',
    'DESCRIBE',
    'SETUP',
    'PLAY',
    'PLAY',
  ]);
});

test('it is kept alive within the time the camera names, with the method it knows', async () => {
  const one = await camera({
    OPTIONS: 'RTSP/1.0 200 OK\r\nCSeq: #\r\nPublic: DESCRIBE, GET_PARAMETER\r\n\r\n',
    DESCRIBE: describing(),
    SETUP: setUp().replace('timeout=60', 'timeout=2'),
  });
  await play(`rtsp://127.0.0.1:${one.port}/x`).session.start();
  await until(() => one.requests.filter(({ method }) => method === 'GET_PARAMETER').length >= 2);
});

test('questions of the camera are answered among the packets', async () => {
  const one = await camera({ DESCRIBE: describing(), SETUP: setUp() });
  const { session, packets, lost } = play(`rtsp://127.0.0.1:${one.port}/x`);
  await session.start();
  one.send(
    Buffer.concat([
      buildRequest('OPTIONS', '*', { CSeq: 77 }),
      buildRequest('RECORD', '*', { CSeq: 78 }),
      buildInterleaved(0, rtp('aa')),
    ]),
  );
  await until(() => packets.length > 0 && one.answered.length === 2);
  expect(one.answered).toEqual(['200 77', '501 78']);
  one.send(buildRequest('TEARDOWN', '*', { CSeq: 79 }));
  await until(() => lost.length > 0);
  expect(lost).toEqual(['The camera closed the stream']);
});

test.each([
  ['an HTTP server', { OPTIONS: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, /answers HTTP/],
  ['a server that hangs up', { DESCRIBE: hangUp }, /closed/],
  ['a busy camera', { DESCRIBE: 'RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: #\r\n\r\n' }, /too many viewers/],
  [
    'a failing camera',
    { DESCRIBE: 'RTSP/1.0 500 Internal <b>Error</b>\r\nCSeq: #\r\n\r\n' },
    /error 500 Internal bErrorb/,
  ],
])('refused: %s', async (_name, answers, words) => {
  const one = await camera(answers as Answers);
  await expect(play(`rtsp://127.0.0.1:${one.port}/x`).session.start()).rejects.toThrow(words);
});

const SDP_OF_TWO =
  'v=0\r\ns=x\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:/trackID=1\r\n' +
  'm=audio 0 RTP/AVP 0\r\na=control:/trackID=2\r\n';
const BASE = 'Content-Base: rtsp://127.0.0.1/base/\r\n';

test.each([400, 404, 454, 459])(
  'a control that the camera means otherwise (%i) is tried as appended, and so at once for the next track',
  async (status) => {
    const one = await camera({
      DESCRIBE: describing('', SDP_OF_TWO),
      SETUP: ({ uri }) => (/\d\/x\/trackID/.test(uri) ? setUp() : `RTSP/1.0 ${status} No\r\nCSeq: #\r\n\r\n`),
    });
    const { session, packets } = play(`rtsp://127.0.0.1:${one.port}/x`);
    await session.start();
    expect(one.trace().slice(2)).toEqual([
      'SETUP rtsp://127.0.0.1:PORT/trackID=1',
      'SETUP rtsp://127.0.0.1:PORT/x/trackID=1',
      'SETUP rtsp://127.0.0.1:PORT/x/trackID=2',
      'PLAY rtsp://127.0.0.1:PORT/x',
    ]);
    one.send(buildInterleaved(0, rtp('6588')));
    await until(() => packets.length > 0);
  },
);

test('a base that the camera names but does not know is left out, for PLAY too', async () => {
  const one = await camera({
    DESCRIBE: describing(BASE),
    SETUP: ({ uri }) => (uri.includes('base') ? 'RTSP/1.0 404 No\r\nCSeq: #\r\n\r\n' : setUp()),
  });
  await play(`rtsp://127.0.0.1:${one.port}/x`).session.start();
  expect(one.trace().slice(2)).toEqual([
    'SETUP rtsp://127.0.0.1:PORT/base/trackID=1',
    'SETUP rtsp://127.0.0.1:PORT/x/trackID=1',
    'PLAY rtsp://127.0.0.1:PORT/x',
  ]);
});

test('a track that is nowhere is looked for once at each place, and refused in the words of the first', async () => {
  let answers = 0;
  const one = await camera({
    DESCRIBE: describing(BASE, SDP_OF_TWO),
    SETUP: () => `RTSP/1.0 ${answers++ === 0 ? 404 : 459} No\r\nCSeq: #\r\n\r\n`,
  });
  const { session } = play(`rtsp://127.0.0.1:${one.port}/x`);
  await expect(session.start()).rejects.toThrow(/no stream at this path/);
  expect(one.trace().slice(2)).toEqual([
    'SETUP rtsp://127.0.0.1:PORT/trackID=1',
    'SETUP rtsp://127.0.0.1:PORT/x/trackID=1',
    'SETUP rtsp://127.0.0.1:PORT/base/trackID=1',
  ]);
});

test('a refusal that does not mean the address is final', async () => {
  const one = await camera({
    DESCRIBE: describing('', SDP_OF_TWO),
    SETUP: 'RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: #\r\n\r\n',
  });
  await expect(play(`rtsp://127.0.0.1:${one.port}/x`).session.start()).rejects.toThrow(/too many viewers/);
  expect(one.requests.filter(({ method }) => method === 'SETUP')).toHaveLength(1);
});

test.each([
  ['OPTIONS', '/new', 0],
  ['SETUP', '/new/trackID=1', 0],
  ['PLAY', '/new', 1],
] as const)('a redirect at %s is followed to %s from the beginning', async (method, path, goodbyes) => {
  const second = await camera({ DESCRIBE: describing(), SETUP: setUp() });
  const moved = `RTSP/1.0 302 Moved\r\nCSeq: #\r\nLocation: rtsp://127.0.0.1:${second.port}${path}\r\n\r\n`;
  const first = await camera({ DESCRIBE: describing(), SETUP: setUp(), [method]: moved });
  const { session, packets, lost } = play(`rtsp://u:secret@127.0.0.1:${first.port}/x`);
  await session.start();
  expect(second.trace()).toEqual([
    'OPTIONS rtsp://127.0.0.1:PORT/new',
    'DESCRIBE rtsp://127.0.0.1:PORT/new',
    'SETUP rtsp://127.0.0.1:PORT/new/trackID=1',
    'PLAY rtsp://127.0.0.1:PORT/new',
  ]);
  expect(headerOf(second.requests[2]!, 'session')).toBeNull();
  second.send(buildInterleaved(0, rtp('6588')));
  await until(() => packets.length > 0);
  expect(packets).toEqual(['6588']);
  expect(lost).toEqual([]);
  await until(() => first.requests.filter((one) => one.method === 'TEARDOWN').length === goodbyes);
});

test('credentials do not go along to another host, whichever method is redirected', async () => {
  const challenge = 'RTSP/1.0 401 No\r\nCSeq: #\r\nWWW-Authenticate: Basic realm="r"\r\n\r\n';
  const second = await camera({ DESCRIBE: challenge });
  const first = await camera({
    DESCRIBE: describing(),
    SETUP: setUp(),
    PLAY: `RTSP/1.0 301 Moved\r\nCSeq: #\r\nLocation: rtsp://localhost:${second.port}/new\r\n\r\n`,
  });
  const { session } = play(`rtsp://u:secret@127.0.0.1:${first.port}/x`);
  await expect(session.start()).rejects.toThrow(/password/);
  expect(second.requests.map((one) => headerOf(one, 'authorization'))).toEqual([null, null]);
});

test('a camera that redirects to itself is followed three times', async () => {
  const one = await camera({
    DESCRIBE: describing(),
    SETUP: 'RTSP/1.0 302 Moved\r\nCSeq: #\r\nLocation: /x\r\n\r\n',
  });
  await expect(play(`rtsp://127.0.0.1:${one.port}/x`).session.start()).rejects.toThrow(/error 302/);
  expect(one.requests.filter(({ method }) => method === 'SETUP')).toHaveLength(4);
});
