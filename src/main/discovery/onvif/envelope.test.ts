import { expect, test } from 'vitest';
import { findFirst } from '../xml.ts';
import { buildEnvelope, passwordDigest, readEnvelope } from './envelope.ts';
import { parseUtc, streamUrl } from './read-device.ts';

test('makes the password digest of the ONVIF Application Programmer’s Guide, 6.1.1.3', () => {
  const nonce = Buffer.from('LKqI6G/AikKCQrN0zqZFlg==', 'base64');
  expect(passwordDigest(nonce, '2010-09-16T07:50:45Z', 'userpassword')).toBe('tuOSpGlFlIXsozq4HFNeeGeFLEI=');
});

test('signs with the time given, and escapes what it is given', () => {
  const token = { user: 'a<b', password: 'x', nonce: Buffer.alloc(16), createdEpochMs: 0 };
  const xml = buildEnvelope('<tds:GetDeviceInformation/>', token);
  expect(xml).toContain('<Username>a&lt;b</Username>');
  expect(xml).toContain('>1970-01-01T00:00:00.000Z</Created>');
  expect(buildEnvelope('', null)).not.toContain('Security');
});

const FAULT =
  '<e:Envelope><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>ter:NotAuthorized</e:Value></e:Subcode></e:Code><e:Reason><e:Text>No</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>';

test.each([
  ['a body', 200, '<e:Envelope><e:Body><a>1</a></e:Body></e:Envelope>', { ok: true }],
  ['a fault', 400, FAULT, { ok: false, refused: true, words: 'No' }],
  [
    'a fault of another kind',
    400,
    FAULT.replace('ter:NotAuthorized', 'ter:X'),
    { ok: false, refused: false },
  ],
  ['a refusal without a word', 401, '', { ok: false, refused: true }],
  ['a page', 200, '<html>', { ok: false, refused: false, words: 'status 200' }],
  ['nonsense', 500, 'x < y', { ok: false, refused: false, words: 'status 500' }],
])('reads %s', (_name, status, xml, expected) => {
  expect(readEnvelope(status, xml)).toMatchObject(expected);
});

test('reads a time, and none where a part is missing', () => {
  const read = (xml: string) => {
    const result = readEnvelope(200, `<e:Envelope><e:Body>${xml}</e:Body></e:Envelope>`);
    return parseUtc(result.ok ? findFirst(result.body, 'UTCDateTime') : {});
  };
  const time = '<Time><Hour>7</Hour><Minute>5</Minute><Second>0</Second></Time>';
  const date = '<Date><Year>2026</Year><Month>3</Month><Day>1</Day></Date>';
  expect(read(`<UTCDateTime>${time}${date}</UTCDateTime>`)).toBe(Date.UTC(2026, 2, 1, 7, 5));
  expect(read(`<UTCDateTime>${time}</UTCDateTime>`)).toBeNull();
});

test.each([
  ['rtsp://10.0.0.9:8554/live?a=1', 'rtsp://u:p%40@192.168.1.5:8554/live?a=1'],
  ['rtsp://x:y@cam/live', 'rtsp://u:p%40@192.168.1.5/live'],
  ['rtsp://[fe80::1]:554', 'rtsp://u:p%40@192.168.1.5:554/'],
  ['http://10.0.0.9/live', null],
  ['rtsp://evil@host@10.0.0.9/', 'rtsp://u:p%40@192.168.1.5/'],
])('puts the host asked and the account into %s', (uri, expected) => {
  expect(streamUrl(uri, '192.168.1.5', { user: 'u', password: 'p@' })).toBe(expected);
});
