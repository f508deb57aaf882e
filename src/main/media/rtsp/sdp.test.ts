import { expect, test } from 'vitest';
import { buildSdp, controlUrls, parseSdp, resolveControl } from './sdp.ts';

const camera = `v=0
o=- 1 1 IN IP4 10.0.0.2
s=Media Presentation
a=control:rtsp://10.0.0.2/Streaming/Channels/101/
m=video 0 RTP/AVP 96
a=recvonly
a=framerate:25.0
a=rtpmap:96 H264/90000
a=fmtp:96 profile-level-id=420029; packetization-mode=1; sprop-parameter-sets=Z00AKI2NQDwBE/LgLcBAQFAAAD6AAAw1DoYACYFAABMS0u8uNDAATAoAAJiWl3lwoA==,aO44gA==
a=control:trackID=1
m=audio 0 RTP/AVP 8
a=control:trackID=2
m=application 0 RTP/AVP 107
a=rtpmap:107 vnd.onvif.metadata/90000
`;

test('a camera with CRLF or LF', () => {
  for (const text of [camera, camera.replaceAll('\n', '\r\n')]) {
    const { control, media } = parseSdp(text);
    expect(control).toBe('rtsp://10.0.0.2/Streaming/Channels/101/');
    expect(media.map((one) => [one.kind, one.encoding, one.clockRate, one.payloadType, one.control])).toEqual(
      [
        ['video', 'H264', 90_000, 96, 'trackID=1'],
        ['audio', 'PCMA', 8000, 8, 'trackID=2'],
        ['application', 'VND.ONVIF.METADATA', 90_000, 107, null],
      ],
    );
    expect(media[0]?.format.get('sprop-parameter-sets')?.split(',')[1]).toBe('aO44gA==');
    expect(media[0]?.framesPerSecond).toBe(25);
    expect(media[0]?.direction).toBe('recvonly');
  }
});

test('what is built is what is parsed', () => {
  const text = buildSdp({
    name: 'Front\r\ndoor',
    address: '10.0.0.1',
    sessionId: 7,
    media: [
      {
        kind: 'video',
        payloadType: 96,
        encoding: 'H265',
        clockRate: 90_000,
        format: { 'sprop-vps': 'QAE=' },
        control: 'track=1',
      },
      {
        kind: 'audio',
        payloadType: 97,
        encoding: 'MPEG4-GENERIC',
        clockRate: 16_000,
        channels: 1,
        format: { mode: 'AAC-hbr', config: '1408' },
        control: 'track=2',
      },
    ],
  });
  const { name, media } = parseSdp(text);
  expect(name).toBe('Front door');
  expect(media[0]).toMatchObject({ encoding: 'H265', control: 'track=1', direction: 'sendonly' });
  expect(media[0]?.format.get('sprop-vps')).toBe('QAE=');
  expect(media[1]).toMatchObject({ encoding: 'MPEG4-GENERIC', clockRate: 16_000, channels: 1 });
});

test.each([
  ['rtsp://h/x', null, 'rtsp://h/x'],
  ['rtsp://h/x', '*', 'rtsp://h/x'],
  ['rtsp://h/x', 'trackID=1', 'rtsp://h/x/trackID=1'],
  ['rtsp://h/x/', 'trackID=1', 'rtsp://h/x/trackID=1'],
  ['rtsp://h/cam?channel=1', 'trackID=1', 'rtsp://h/cam?channel=1/trackID=1'],
  ['rtsp://h/x', 'rtsp://10.0.0.2/y/track1', 'rtsp://10.0.0.2/y/track1'],
  ['rtsp://h:554/x', '/y/track1', 'rtsp://h:554/y/track1'],
  ['rtsp://h/x', '?ctype=video', 'rtsp://h/x?ctype=video'],
])('%s with control %s', (base, control, expected) => {
  expect(resolveControl(base, control)).toBe(expected);
});

test('what a control may mean, the likeliest first', () => {
  expect(controlUrls('rtsp://h/base/', 'rtsp://h/x', '/trackID=1')).toEqual([
    'rtsp://h/trackID=1',
    'rtsp://h/x/trackID=1',
    'rtsp://h/base/trackID=1',
    'rtsp://h/trackID=1',
  ]);
  expect(controlUrls('rtsp://h/base/', 'rtsp://h/x', '*')).toEqual([
    'rtsp://h/base/',
    'rtsp://h/x',
    'rtsp://h/base/',
    'rtsp://h/x',
  ]);
  expect(new Set(controlUrls('rtsp://h/base/', 'rtsp://h/x', 'rtsp://h/y/1'))).toEqual(
    new Set(['rtsp://h/y/1']),
  );
});
