import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Fragment } from '../media/fragment.ts';
import {
  buildInterleaved,
  buildResponse,
  headerOf,
  RtspParser,
  type RtspRequest,
} from '../media/rtsp/message.ts';
import { buildRtp } from '../media/rtsp/rtp.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { deferred } from './deferred.ts';
import { RtspCapture } from './rtsp-capture.ts';

// x264, 64x64.
const SPS = Buffer.from('6742c00ad90426c044000003000400000300c83c489920', 'hex');
const PPS = Buffer.from('68cb83cb20', 'hex');
const KEY = Buffer.from('6588840a', 'hex');

/** As ONVIF cameras describe themselves (ONVIF Streaming Specification, 5.2.1.1). */
const SDP = [
  ...['v=0', 's=RTSP Session', 'a=control:*'],
  ...['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=control:trackID=0'],
  `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${SPS.toString('base64')},${PPS.toString('base64')}`,
  ...['m=application 0 RTP/AVP 107', 'a=rtpmap:107 vnd.onvif.metadata/90000', 'a=control:trackID=1'],
  ...['a=recvonly', ''],
].join('\r\n');

const alarm = (state: boolean) => `<?xml version="1.0" encoding="UTF-8"?>
<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2">
 <tt:Event><wsnt:NotificationMessage>
  <wsnt:Topic>tns1:RuleEngine/CellMotionDetector/Motion</wsnt:Topic>
  <wsnt:Message><tt:Message UtcTime="2026-11-28T10:00:00Z" PropertyOperation="Changed">
   <tt:Data><tt:SimpleItem Name="IsMotion" Value="${state}"/></tt:Data>
  </tt:Message></wsnt:Message>
 </wsnt:NotificationMessage></tt:Event>
</tt:MetadataStream>`;

const undo: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A camera that sends a picture every 40 ms and metadata beside it; `refusesMetadata`: its track cannot be set up. */
async function camera(refusesMetadata = false) {
  const tracks: string[] = [];
  let peer: Socket | null = null;
  const playing = deferred<void>();
  const answer = (request: RtspRequest) => {
    const headers = { CSeq: headerOf(request, 'cseq') ?? '', Session: '7' };
    if (request.method === 'DESCRIBE') return buildResponse(200, 'OK', headers, SDP);
    if (request.method !== 'SETUP') return buildResponse(200, 'OK', headers);
    if (refusesMetadata && request.uri.endsWith('trackID=1')) return buildResponse(404, 'Not Found', headers);
    tracks.push(request.uri.slice(-1));
    return buildResponse(200, 'OK', { ...headers, Transport: headerOf(request, 'transport') ?? '' });
  };
  const server: Server = createServer((socket) => {
    peer = socket;
    socket.on('error', () => {});
    const parser = new RtspParser((item) => {
      if (item.kind !== 'request') return;
      socket.write(answer(item));
      if (item.method === 'PLAY') playing.resolve();
    });
    socket.on('data', (chunk) => parser.push(chunk));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  undo.push(() => server.close());
  const sequences = [0, 0];
  const send = (track: 0 | 1, payload: Buffer, timestamp: number, marker: boolean) => {
    const facts = { payloadType: track === 0 ? 96 : 107, ssrc: track + 1, sequence: sequences[track]!++ };
    peer?.write(buildInterleaved(track * 2, buildRtp({ ...facts, payload, timestamp, marker })));
  };
  return { url: `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/x`, tracks, playing, send };
}

async function capture(url: string) {
  const fragments: Fragment[] = [];
  const lost: string[] = [];
  const attempt = new RtspCapture({
    ...{ url, transport: 'tcp', audio: true, ffmpegPath: null, clock: systemClock, log: silentLogger },
    sink: { stream: () => {}, fragment: (one) => fragments.push(one) },
    ...{ onAlive: () => {}, onFrame: () => {}, onLost: (failure) => lost.push(failure.message) },
  });
  undo.push(() => attempt.stop());
  await attempt.start();
  return { attempt, fragments, lost };
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (const endMs = performance.now() + 20_000; !condition(); ) {
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

test('what the camera reports in its metadata track is told with the stream, and costs no picture', async () => {
  const one = await camera();
  const { attempt, fragments, lost } = await capture(one.url);
  await one.playing.promise;
  expect(one.tracks).toEqual(['0', '1']);
  const document = Buffer.from(alarm(true));
  for (let frame = 0; frame < 150; frame++) one.send(0, KEY, frame * 3600, true);
  // A document in two packets, as cameras send those that do not fit one.
  one.send(1, document.subarray(0, 300), 9000, false);
  one.send(1, document.subarray(300), 9000, true);
  await until('the report', () => attempt.reports().length > 0);
  expect(attempt.reports()).toMatchObject([{ what: 'Motion', value: 'true' }]);
  one.send(1, Buffer.from(alarm(false)), 18_000, true);
  await until('the change', () => attempt.reports()[0]?.value === 'false');
  for (let frame = 150; frame < 300; frame++) one.send(0, KEY, frame * 3600, true);
  await until('the pictures', () => fragments.length === 300);
  expect(lost).toEqual([]);
});

test('a camera that does not let its metadata be had is recorded without', async () => {
  const one = await camera(true);
  const { attempt, fragments } = await capture(one.url);
  await one.playing.promise;
  expect(one.tracks).toEqual(['0']);
  for (let frame = 0; frame < 300; frame++) one.send(0, KEY, frame * 3600, true);
  await until('the pictures', () => fragments.length === 300);
  expect(attempt.reports()).toEqual([]);
});
