import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, type Issued, makeAuthority } from '../../../tests/fixtures/certificates.ts';
import { DAY_MS } from '../../shared/units.ts';
import { describeCertificate, isUsable, makeCertificate, parseOwnCertificate } from './certificate.ts';

const NOW = Date.now();
let authority: Authority;
let good: Issued;

beforeAll(async () => {
  authority = await makeAuthority();
  good = await authority.issue(['nvr.example.test', '192.168.1.5']);
});

describe('a certificate of one’s own', () => {
  test('is taken with its chain, whatever stands around it', () => {
    const chain = `Bag Attributes\n${good.pem}\nissuer=\n${authority.pem}\n`;
    const parsed = parseOwnCertificate({ chain, key: `# a note\n${good.keyPem}` }, NOW);
    expect(parsed.chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(describeCertificate(parsed.chain)).toMatchObject({
      ...{
        subject: 'nvr.example.test',
        issuer: 'Test authority',
        names: ['nvr.example.test', '192.168.1.5'],
      },
      fingerprint: new X509Certificate(good.pem).fingerprint256,
    });
    expect(isUsable(parsed)).toBe(true);
  });

  test('may have an encrypted key, stored without its passphrase', () => {
    for (const type of ['pkcs8', 'sec1'] as const) {
      const key = good.key
        .export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
        .toString();
      expect(parseOwnCertificate({ chain: good.pem, key, passphrase: 'secret' }, NOW).key).toBe(good.keyPem);
      expect(() => parseOwnCertificate({ chain: good.pem, key }, NOW)).toThrow(
        'The key is encrypted: type its passphrase.',
      );
      expect(() => parseOwnCertificate({ chain: good.pem, key, passphrase: 'guess' }, NOW)).toThrow(
        'The passphrase does not open the key.',
      );
    }
  });

  test('is refused in words otherwise', async () => {
    const other = await authority.issue(['other.example.test']);
    const stranger = await makeAuthority('A stranger');
    const expired = await authority.issue(['a'], { untilEpochMs: Date.UTC(2026, 0, 31) });
    const early = await authority.issue(['a'], {
      fromEpochMs: Date.UTC(2090, 0, 1),
      untilEpochMs: Date.UTC(2091, 0, 1),
    });
    const weak = await authority.issue(['a'], { bits: 512 });
    const refused: Array<[string, string, string]> = [
      ['nothing', good.keyPem, 'There is no certificate in PEM form in it (-----BEGIN CERTIFICATE-----).'],
      [good.keyPem, good.keyPem, 'This is a key: the certificate goes here.'],
      [good.pem, good.pem, 'This is a certificate: its private key goes here.'],
      [good.pem, 'nothing', 'There is no private key in PEM form in it (-----BEGIN PRIVATE KEY-----).'],
      [
        good.pem.slice(0, 200) + good.pem.slice(300),
        good.keyPem,
        'The certificate cannot be read: the file is damaged or cut off.',
      ],
      [good.pem, good.keyPem.replace('M', 'N'), 'The key cannot be read: the file is damaged or cut off.'],
      [good.pem, other.keyPem, 'The key does not belong to this certificate.'],
      [
        authority.pem + good.pem,
        good.keyPem,
        'The certificate that the key belongs to has to stand first in the file, before those that vouch for it.',
      ],
      [expired.pem, expired.keyPem, 'The certificate expired on 2026-01-31.'],
      [early.pem, early.keyPem, 'The certificate is valid from 2090-01-01 on only.'],
      [
        good.pem + stranger.pem,
        good.keyPem,
        'The chain is broken: certificate 2 (A stranger) did not issue certificate 1 (nvr.example.test).',
      ],
      [
        weak.pem,
        weak.keyPem,
        'HTTPS cannot be spoken with this certificate: its key or signature is of a kind too weak or unknown.',
      ],
    ];
    for (const [chain, key, words] of refused)
      expect(() => parseOwnCertificate({ chain, key }, NOW), words).toThrow(words);
  });
});

test('a certificate that is made is for the names and addresses, and for a bit more than a year', async () => {
  const names = ['recorder', 'recorder.local', 'localhost', '127.0.0.1', '::1'];
  const made = await makeCertificate(names, NOW);
  expect(isUsable(made)).toBe(true);
  const { untilEpochMs, fromEpochMs, ...view } = describeCertificate(made.chain);
  expect(view).toMatchObject({ subject: 'recorder', issuer: 'recorder' });
  expect(view.names).toEqual(names);
  expect((untilEpochMs - fromEpochMs) / DAY_MS).toBeCloseTo(397);
  expect(fromEpochMs).toBeLessThan(NOW);
  expect(new X509Certificate(made.chain).ca).toBe(false);
});
