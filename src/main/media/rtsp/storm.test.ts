/** Seeded noise through every parser of the folder: nothing but an AppError may come of it. */
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { AacDepacketizer, parseAacFormat } from './audio-depacketizer.ts';
import { parseChallenges, ServerAuthenticator } from './auth.ts';
import { readNotifications } from './camera-reports.ts';
import { JpegDepacketizer } from './jpeg-depacketizer.ts';
import { buildInterleaved, buildRequest, buildResponse, RtspParser } from './message.ts';
import { MetadataDepacketizer } from './metadata-depacketizer.ts';
import { readReorderDepth } from './reorder-depth.ts';
import { parseRtcp, parseRtp } from './rtp.ts';
import { parseSdp } from './sdp.ts';

let seed = 20_260;
function random(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return (seed >>> 8) % below;
}
const noise = (length: number) => Buffer.from(Array.from({ length }, () => random(256)));

/** Valid bytes with a few of them changed. */
function damage(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = random(4); count > 0; count--) copy[random(copy.length)] = random(256);
  return copy.subarray(0, random(copy.length + 1));
}

const conversation = Buffer.concat([
  buildResponse(200, 'OK', { CSeq: 1, 'Content-Type': 'application/sdp' }, 'v=0\r\nm=video 0 RTP/AVP 96\r\n'),
  buildInterleaved(0, Buffer.alloc(40, 7)),
  buildRequest('OPTIONS', 'rtsp://h/x', { CSeq: 2, Authorization: 'Digest username="a", nonce="b"' }),
]);

test('a byte stream: items or an AppError, and no more than one item kept', () => {
  for (let round = 0; round < 2000; round++) {
    const parser = new RtspParser(() => {});
    try {
      for (let piece = 0; piece < 4; piece++)
        parser.push(random(3) === 0 ? noise(random(60)) : damage(conversation));
      parser.finish();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
  }
});

test('texts and packets', () => {
  const gate = new ServerAuthenticator({ realm: 'r', passwordOf: () => 'p', schemes: ['digest', 'basic'] });
  const aac = parseAacFormat(
    parseSdp(
      'm=audio 0 RTP/AVP 97\na=rtpmap:97 mpeg4-generic/16000\na=fmtp:97 sizelength=13;indexlength=3;indexdeltalength=3;config=1408',
    ).media[0]!,
  )!;
  const depacketizer = new AacDepacketizer(aac, () => {});
  const sdp = Buffer.from(
    'v=0\r\na=control:*\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 MP4A-LATM/48000/2\r\na=fmtp:97 config=400023103fc0;cpresent=0\r\n',
  );
  for (let round = 0; round < 5000; round++) {
    for (const media of parseSdp(damage(sdp).toString('latin1')).media) parseAacFormat(media);
    const text = damage(Buffer.from('Digest realm="a\\"b", nonce="c", qop="auth", Basic YTpi=')).toString(
      'latin1',
    );
    parseChallenges([text]);
    expect(gate.check('PLAY', '/x', text).result).not.toBe('ok');
    const packet = parseRtp(noise(random(40)));
    parseRtcp(noise(random(60)));
    if (packet) depacketizer.push(packet, random(5) === 0 ? 1 : 0);
    readReorderDepth(
      random(2) === 0 ? 'h264' : 'h265',
      damage(Buffer.from('6764000aacd94426c044000003000400000300c83c489658', 'hex')),
    );
  }
});

test('pictures and metadata: nothing is thrown, and no more than one of each is kept', () => {
  let pictures = 0;
  const jpeg = new JpegDepacketizer(() => pictures++);
  const metadata = new MetadataDepacketizer((xml) => readNotifications(xml));
  const head = Buffer.from('000000000180281e00000040', 'hex');
  const notification = Buffer.from(
    '<m:S xmlns:m="x"><w:NotificationMessage><w:Topic>a/b</w:Topic><w:Message><m:Message/></w:Message></w:NotificationMessage></m:S>',
  );
  for (let round = 0; round < 5000; round++) {
    const lost = random(8) === 0 ? 1 : 0;
    const of = (payload: Buffer) => ({
      ...{ payloadType: 26, marker: random(3) === 0, sequence: round, ssrc: 1 },
      ...{ timestamp: random(4) * 3600, payload },
    });
    jpeg.push(of(random(2) === 0 ? damage(Buffer.concat([head, noise(60)])) : noise(random(40))), lost);
    metadata.push(of(damage(notification)), lost);
  }
  expect(pictures).toBeLessThan(5000);
});
