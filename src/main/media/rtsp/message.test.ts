import { describe, expect, test } from 'vitest';
import {
  buildInterleaved,
  buildRequest,
  buildResponse,
  headerOf,
  type RtspItem,
  RtspParser,
} from './message.ts';

function parseAll(bytes: Buffer, step = bytes.length, finish = false): RtspItem[] {
  const items: RtspItem[] = [];
  const parser = new RtspParser((item) => items.push(item));
  for (let at = 0; at < bytes.length; at += step) parser.push(bytes.subarray(at, at + step));
  if (finish) parser.finish();
  return items;
}

function brief(items: RtspItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'interleaved') return `$${item.channel} ${item.data.toString('hex')}`;
    if (item.kind === 'request') return `${item.method} ${item.uri} ${item.body.toString()}`.trim();
    return `${item.status} ${item.reason} ${item.body.toString()}`.trim();
  });
}

const frame = buildInterleaved(2, Buffer.from('24aa', 'hex'));
const cases: Array<[string, Buffer, string[]]> = [
  ['a request', buildRequest('OPTIONS', 'rtsp://h/x', { CSeq: 1 }), ['OPTIONS rtsp://h/x']],
  ['a response with a body', buildResponse(200, 'OK', { CSeq: 1 }, 'v=0\r\n'), ['200 OK v=0']],
  ['bare line feeds', Buffer.from('RTSP/1.0 404 Not Found\nCSeq: 2\n\n'), ['404 Not Found']],
  ['no reason', Buffer.from('RTSP/1.0 200\r\nCSeq: 2\r\n\r\n'), ['200']],
  [
    'frames around a response',
    Buffer.concat([frame, buildResponse(200, 'OK', {}), frame]),
    ['$2 24aa', '200 OK', '$2 24aa'],
  ],
  [
    'a request from the server among frames',
    Buffer.concat([frame, buildRequest('ANNOUNCE', '*', {}), frame]),
    ['$2 24aa', 'ANNOUNCE *', '$2 24aa'],
  ],
  [
    'empty lines between messages',
    Buffer.concat([Buffer.from('\r\n\r\n'), buildResponse(200, 'OK', {})]),
    ['200 OK'],
  ],
  ['stray bytes before a frame', Buffer.concat([Buffer.from([0, 1, 2]), frame]), ['$2 24aa']],
  ['a stray line', Buffer.concat([Buffer.from('hello there\r\n'), buildResponse(200, 'OK', {})]), ['200 OK']],
  [
    'a description without Content-Length, then a frame',
    Buffer.concat([
      Buffer.from('RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\nv=0\r\ns=x\r\n'),
      frame,
    ]),
    ['200 OK v=0\r\ns=x', '$2 24aa'],
  ],
  [
    'a description without Content-Length, then a response',
    Buffer.from('RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nRTSP/1.0 200 OK\r\n\r\n'),
    ['200 OK v=0', '200 OK'],
  ],
];

describe.each(cases)('%s', (_name, bytes, expected) => {
  test.each([bytes.length, 1, 3, 7])('in pieces of %i bytes', (step) => {
    expect(brief(parseAll(bytes, step))).toEqual(expected);
  });
});

test('headers: any case, folded, repeated', () => {
  const [item] = parseAll(
    Buffer.from(
      'RTSP/1.0 401 No\r\ncseq:7\r\nWWW-AUTHENTICATE: Digest a="b",\r\n\tc="d"\r\nWww-Authenticate: Basic\r\n\r\n',
    ),
  );
  if (item?.kind !== 'response') throw new Error('no response');
  expect(headerOf(item, 'CSeq')).toBe('7');
  expect(item.headers.get('www-authenticate')).toEqual(['Digest a="b", c="d"', 'Basic']);
});

test('a body of unknown length ends when the peer falls silent', () => {
  const bytes = Buffer.from('RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=video');
  expect(brief(parseAll(bytes, 5, true))).toEqual(['200 OK v=0\r\nm=video']);
});

test('a value cannot smuggle a header in', () => {
  expect(buildRequest('PLAY', 'rtsp://h/\r\nX: y', { A: 'b\r\nC: d' }).toString()).toBe(
    'PLAY rtsp://h/ X: y RTSP/1.0\r\nA: b C: d\r\n\r\n',
  );
});

test.each([
  ['an HTTP server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /answers HTTP/],
  ['an endless head', Buffer.from(`OPTIONS * RTSP/1.0\r\n${'A: b\r\n'.repeat(20_000)}`), /too long/],
  ['a huge body', Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n'), /too long/],
  ['noise', Buffer.alloc(300_000, 1), /not RTSP/],
])('%s is refused', (_name, bytes, words) => {
  expect(() => parseAll(bytes, 1000)).toThrow(words);
});
