import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { isSameOrigin } from './authentication.ts';

const HOST = 'recorder.local:8480';

test.each([
  ['http', 'http://recorder.local:8480', true],
  ['https', 'https://recorder.local:8480', true],
  // A proxy speaks HTTPS for the recorder.
  ['http', 'https://recorder.local:8480', true],
  // Whoever is on the way of HTTP can be any address there.
  ['https', 'http://recorder.local:8480', false],
  ['http', 'http://recorder.local:9000', false],
  ['http', 'http://other.local:8480', false],
  ['http', 'null', false],
])('over %s, a page of %s may write: %s', (protocol, origin, isOurs) => {
  const request = { protocol, headers: { origin, host: HOST } } as Partial<FastifyRequest>;
  expect(isSameOrigin(request as FastifyRequest)).toBe(isOurs);
});
