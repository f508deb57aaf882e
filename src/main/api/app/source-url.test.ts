import { expect, test } from 'vitest';
import { maskSourceUrl, unmaskSourceUrl } from './source-url.ts';

test.each([
  ['rtsp://admin:secret@10.0.0.5/main', 'rtsp://admin:••••@10.0.0.5/main'],
  ['rtsp://admin:p%40ss:w0rd@10.0.0.5:8554/main?x=1', 'rtsp://admin:••••@10.0.0.5:8554/main?x=1'],
  ['rtsp://admin:a@b@cam.local/main', 'rtsp://admin:••••@cam.local/main'],
  ['rtsp://admin@cam.local/main', 'rtsp://admin@cam.local/main'],
  ['rtsp://admin:@cam.local/main', 'rtsp://admin:@cam.local/main'],
  [
    'rtsp://cam.local/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp',
    'rtsp://cam.local/user=admin_password=••••_channel=1_stream=0.sdp',
  ],
  ['rtsp://cam.local/live?user=a&password=b&ch=1', 'rtsp://cam.local/live?user=a&password=••••&ch=1'],
  ['rtsp://cam.local/main', 'rtsp://cam.local/main'],
  ['demo:door', 'demo:door'],
])('masks %s', (url, masked) => {
  expect(maskSourceUrl(url)).toBe(masked);
  expect(unmaskSourceUrl(masked, ['rtsp://other:x@10.0.0.9/a', url])).toBe(url);
});

const stored = ['rtsp://admin:secret@10.0.0.5/main'];
test.each([
  ['rtsp://admin:••••@10.0.0.5/sub', 'rtsp://admin:secret@10.0.0.5/sub'],
  ['rtsp://admin:••••@10.0.0.5:8554/main', 'rtsp://admin:secret@10.0.0.5:8554/main'],
  ['rtsp://admin:%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2@10.0.0.5/main', 'rtsp://admin:secret@10.0.0.5/main'],
  ['rtsp://admin:new@10.0.0.6/main', 'rtsp://admin:new@10.0.0.6/main'],
])('puts the password back into %s', (sent, expected) => {
  expect(unmaskSourceUrl(sent, stored)).toBe(expected);
});

test.each([
  'rtsp://admin:••••@10.0.0.6/main',
  'rtsp://root:••••@10.0.0.5/main',
  'rtsp://10.0.0.5/?password=••••',
])('never hands the password to %s', (sent) => {
  expect(() => unmaskSourceUrl(sent, stored)).toThrow('type its password again');
});
