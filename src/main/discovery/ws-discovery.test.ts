import { expect, test } from 'vitest';
import { readAnswer } from './ws-discovery.ts';

function match(urls: string, scopes = ''): string {
  return `<a:Envelope><a:Body><d:ProbeMatches><d:ProbeMatch><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${urls}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></a:Body></a:Envelope>`;
}

test('takes the sender for the host, whatever the answer names', () => {
  const urls = 'http://user:x@127.0.0.1:8000/onvif/device_service http://[fe80::1]/onvif/device_service';
  expect(readAnswer(match(urls), '192.168.1.9').map(({ serviceUrl }) => serviceUrl)).toEqual([
    'http://192.168.1.9:8000/onvif/device_service',
  ]);
});

test('prefers the address that is the sender’s own', () => {
  const urls = 'http://10.0.0.1:81/a http://192.168.1.9:82/b';
  expect(readAnswer(match(urls), '192.168.1.9')[0]?.serviceUrl).toBe('http://192.168.1.9:82/b');
});

test('reads name and model from the scopes', () => {
  const scopes =
    'onvif://www.onvif.org/type/video onvif://www.onvif.org/name/Acme%20Dome onvif://www.onvif.org/hardware/D%1';
  expect(readAnswer(match('http://10.0.0.1/x', scopes), '10.0.0.1')).toMatchObject([
    { name: 'Acme Dome', maker: null, model: 'D%1' },
  ]);
});

test.each([['x < y'], [match('')], [match('ftp://10.0.0.1/')], ['<a/>']])('finds no device in %s', (xml) => {
  expect(readAnswer(xml, '10.0.0.1')).toEqual([]);
});
