import { spawnSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import {
  type Answers,
  camera,
  describing,
  hangUp,
  play,
  rtp,
  SDP,
  setUp,
  tidyUp,
  until,
} from '../../../tests/fixtures/scripted-camera.ts';
import { ServerAuthenticator } from '../media/rtsp/auth.ts';
import { buildInterleaved, buildRequest, headerOf, type RtspRequest } from '../media/rtsp/message.ts';

afterEach(tidyUp);

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
