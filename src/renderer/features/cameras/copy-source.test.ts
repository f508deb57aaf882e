import { expect, test } from 'vitest';
import { hostOfSource, sourceAtHost } from './copy-source.ts';

test.each([
  ['rtsp://admin:••••@10.0.0.5:554/a?b=1', 'rtsp://admin:p%40@10.0.0.6:554/a?b=1'],
  [
    'rtsp://10.0.0.5/user=admin_password=••••_channel=1',
    'rtsp://10.0.0.6/user=admin_password=p%40_channel=1',
  ],
  ['rtsps://[fe80::1]/x', 'rtsps://10.0.0.6/x'],
  ['demo:entrance', 'demo:entrance'],
])('moves %s to another host', (url, expected) => {
  const source = { main: url, sub: url, transport: 'udp' as const };
  expect(sourceAtHost(source, ' 10.0.0.6', 'p@')).toEqual({
    main: expected,
    sub: expected,
    transport: 'udp',
  });
});

test('knows the host', () => {
  expect(hostOfSource('rtsp://a:••••@10.0.0.5:554/x')).toBe('10.0.0.5');
  expect(hostOfSource('file:///x')).toBe('');
});
