import { expect, test } from 'vitest';
import { parseRtspUrl } from './rtsp-url.ts';

const plain = { secure: false, host: 'cam', port: 554, credentials: null };
const admin = (password: string) => ({ user: 'admin', password });

test.each([
  ['rtsp://cam', { ...plain, url: 'rtsp://cam' }],
  ['rtsp://cam/a?b=c&d=/e', { ...plain, url: 'rtsp://cam/a?b=c&d=/e' }],
  ['rtsp://cam/mail@home', { ...plain, url: 'rtsp://cam/mail@home' }],
  ['RTSP://cam:8554/x', { ...plain, port: 8554, url: 'rtsp://cam:8554/x' }],
  ['rtsps://cam/x', { ...plain, secure: true, port: 322, url: 'rtsps://cam/x' }],
  ['rtsp://[fe80::1]:8554/x', { ...plain, host: 'fe80::1', port: 8554, url: 'rtsp://[fe80::1]:8554/x' }],
  ['rtsp://admin@cam/', { ...plain, credentials: admin(''), url: 'rtsp://cam/' }],
  ['rtsp://admin:p%40%2Fss@cam/', { ...plain, credentials: admin('p@/ss'), url: 'rtsp://cam/' }],
  ['rtsp://admin:p@ss@cam/', { ...plain, credentials: admin('p@ss'), url: 'rtsp://cam/' }],
  ['rtsp://admin:p@ss:w/rd@cam/x', { ...plain, credentials: admin('p@ss:w/rd'), url: 'rtsp://cam/x' }],
  ['rtsp://admin:p/ss@cam/x', { ...plain, credentials: admin('p/ss'), url: 'rtsp://cam/x' }],
  ['rtsp://admin:12#4?@cam/x', { ...plain, credentials: admin('12#4?'), url: 'rtsp://cam/x' }],
  ['rtsp://admin:100%@cam/x', { ...plain, credentials: admin('100%'), url: 'rtsp://cam/x' }],
  ['rtsp://cam/a b\r\nX: y', { ...plain, url: 'rtsp://cam/a%20b%0D%0AX:%20y' }],
])('%s', (text, expected) => {
  expect(parseRtspUrl(text)).toEqual(expected);
});

test.each(['', 'http://cam/', 'rtsp://', 'rtsp://:554/', 'rtsp://cam:99999/', 'rtsp://u:p@'])(
  '%s is refused',
  (text) => {
    expect(() => parseRtspUrl(text)).toThrow(/cannot be understood/);
  },
);
