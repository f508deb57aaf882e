import { expect, test } from 'vitest';
import { parseTarget } from './rtsp-connection.ts';
import { parseTransport } from './rtsp-transport.ts';

test.each([
  ['RTP/AVP/TCP;unicast;interleaved=2-3', { kind: 'interleaved', channels: [2, 3] }],
  ['RTP/AVP/TCP;unicast', { kind: 'interleaved', channels: null }],
  ['RTP/AVP;unicast;client_port=5000-5001', { kind: 'udp', clientPorts: [5000, 5001] }],
  ['RTP/AVP/UDP;unicast;client_port=5000', { kind: 'udp', clientPorts: [5000, 5001] }],
  ['RTP/AVP;multicast;port=5000, RTP/AVP/TCP;interleaved=0-1', { kind: 'interleaved', channels: [0, 1] }],
  ['RTP/AVP;unicast', null],
  ['RTP/AVP;unicast;client_port=70000-70001', null],
  ['RTP/SAVP;unicast;client_port=5000-5001', null],
  ['', null],
  [null, null],
])('transport %s', (header, expected) => {
  expect(parseTransport(header)).toEqual(expected);
});

test.each([
  ['rtsp://host:8554/entrance', { mount: 'entrance', track: null }],
  ['rtsp://host:8554/entrance/', { mount: 'entrance', track: null }],
  ['rtsp://host/entrance/sub/trackID=0', { mount: 'entrance/sub', track: 'video' }],
  ['rtsp://host/entrance/trackID=1?x=1', { mount: 'entrance', track: 'audio' }],
  ['rtsp://host/a%20b', { mount: 'a b', track: null }],
  ['rtsp://host/%zz', { mount: '%zz', track: null }],
  ['rtsp://host', { mount: '', track: null }],
])('target %s', (uri, expected) => {
  expect(parseTarget(uri)).toEqual(expected);
});
