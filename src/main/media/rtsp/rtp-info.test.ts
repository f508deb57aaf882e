import { expect, test } from 'vitest';
import { findTrack, parseRtpInfo } from './rtp-info.ts';

test.each<[string, ReturnType<typeof parseRtpInfo>]>([
  [
    'url=rtsp://cam/a/stream=0;seq=1;rtptime=4294967295, url=rtsp://cam/a/stream=1;seq=9;rtptime=7000',
    [
      { url: 'rtsp://cam/a/stream=0', rtpTimestamp: 4_294_967_295 },
      { url: 'rtsp://cam/a/stream=1', rtpTimestamp: 7000 },
    ],
  ],
  ['url=trackID=1;rtptime=5;seq=3', [{ url: 'trackID=1', rtpTimestamp: 5 }]],
  ['url="rtsp://cam/x,y/1";seq=1', [{ url: 'rtsp://cam/x,y/1', rtpTimestamp: null }]],
  ['url=rtsp://cam/1;rtptime=9999999999', [{ url: 'rtsp://cam/1', rtpTimestamp: null }]],
  ['seq=1;rtptime=2', []],
  ['', []],
])('%s', (header, expected) => {
  expect(parseRtpInfo(header)).toEqual(expected);
});

test('a track is found by its address or by the end of it', () => {
  const setUp = ['rtsp://cam/a/trackID=1', 'rtsp://cam/a/trackID=2'];
  expect(findTrack('rtsp://cam/a/trackID=2', setUp)).toBe(1);
  expect(findTrack('rtsp://10.0.0.1/b/trackID=1', setUp)).toBe(0);
  expect(findTrack('trackID=2', setUp)).toBe(1);
  expect(findTrack('rtsp://cam/a', setUp)).toBe(-1);
});
