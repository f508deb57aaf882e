/** Where a session looks for a camera's tracks, and where it follows the camera to. */
import { afterEach, expect, test } from 'vitest';
import {
  camera,
  describing,
  play,
  rtp,
  setUp,
  tidyUp,
  until,
} from '../../../tests/fixtures/scripted-camera.ts';
import { buildInterleaved, headerOf } from '../media/rtsp/message.ts';

afterEach(tidyUp);

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
