import { expect, test } from 'vitest';
import { buildSourceUrls, suggestName, usesChannel } from './source-templates.ts';

const parts = {
  makerId: 'hikvision',
  host: '192.168.1.10',
  user: 'admin',
  password: 'p@ss/1',
  channel: 1,
  path: '',
};

test.each([
  {
    name: 'Hikvision',
    change: {},
    main: 'rtsp://admin:p%40ss%2F1@192.168.1.10:554/Streaming/Channels/101',
    sub: 'rtsp://admin:p%40ss%2F1@192.168.1.10:554/Streaming/Channels/102',
  },
  {
    name: 'Dahua, second channel, own port',
    change: { makerId: 'dahua', host: 'cam.local:8554', channel: 2 },
    main: 'rtsp://admin:p%40ss%2F1@cam.local:8554/cam/realmonitor?channel=2&subtype=0',
    sub: 'rtsp://admin:p%40ss%2F1@cam.local:8554/cam/realmonitor?channel=2&subtype=1',
  },
  {
    name: 'Reolink numbers channels with two digits',
    change: { makerId: 'reolink', user: '', password: '' },
    main: 'rtsp://192.168.1.10:554/h264Preview_01_main',
    sub: 'rtsp://192.168.1.10:554/h264Preview_01_sub',
  },
  {
    name: 'another maker with its path, host pasted with a scheme',
    change: { makerId: 'other', host: 'rtsp://10.0.0.4/x', user: '', path: 'live/0' },
    main: 'rtsp://10.0.0.4:554/live/0',
    sub: null,
  },
])('$name', ({ change, main, sub }) => {
  expect(buildSourceUrls({ ...parts, ...change })).toEqual({ main, sub });
});

test.each(['', '   ', 'a b', 'user@host'])('no address for the host "%s"', (host) => {
  expect(buildSourceUrls({ ...parts, host })).toBeNull();
});

test('usesChannel', () => {
  expect(usesChannel('dahua')).toBe(true);
  expect(usesChannel('axis')).toBe(false);
});

test('suggestName takes no name twice', () => {
  expect(suggestName('rtsp://u:p@10.0.0.4/x', [])).toBe('Camera 10.0.0.4');
  expect(suggestName('demo:lobby', ['demo LOBBY'])).toBe('Demo lobby 2');
});
