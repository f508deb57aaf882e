import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postJson } from './post.ts';

let server: Server;
let url: string;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
    if (request.url === '/silent') return;
    if (request.url === '/redirect') response.writeHead(307, { location: '/elsewhere' });
    if (request.url === '/long') {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(timer));
      return;
    }
    request.resume().on('end', () => response.end('thanks'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const signal = new AbortController().signal;

test('sends JSON and keeps the beginning of the answer', async () => {
  expect(await postJson(`${url}/take`, '{}', signal)).toEqual({ status: 200, text: 'thanks' });
  expect(seen).toContain('POST /take application/json');
  expect((await postJson(`${url}/long`, '{}', signal)).text).toHaveLength(500);
});

test('follows no redirect and waits no longer than it may', async () => {
  expect(await postJson(`${url}/redirect`, '{}', signal)).toMatchObject({ status: 307 });
  expect(seen).not.toContain('POST /elsewhere application/json');
  expect(await postJson(`${url}/silent`, '{}', signal, 100)).toEqual({
    status: null,
    text: 'No answer within 0.1 s.',
  });
});

test.each(['nonsense', 'ftp://127.0.0.1/', 'http://127.0.0.1:1/'])('no answer from %s', async (address) => {
  expect(await postJson(address, '{}', signal)).toMatchObject({ status: null });
});
