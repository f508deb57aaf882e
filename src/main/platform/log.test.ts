import { expect, test } from 'vitest';
import { redact } from './log.ts';

test.each([
  ['rtsp://admin:p%40ss@10.0.0.2/main failed', 'rtsp://***@10.0.0.2/main failed'],
  ['GET /x?token=abc&w=1', 'GET /x?token=***&w=1'],
  ['{"msg":"Authorization: Digest username=\\"a\\", response=\\"b\\""}', '{"msg":"Authorization: ***"}'],
  ['nothing to hide at 10:00', 'nothing to hide at 10:00'],
])('redacts %s', (text, expected) => {
  expect(redact(text)).toBe(expected);
});
