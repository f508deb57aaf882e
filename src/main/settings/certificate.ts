/** Certificates for HTTPS: one that the recorder makes itself, one of the owner's that is checked before it is taken, and what they say. */
import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { AppError } from '../../shared/errors.ts';
import type { CertificateView, OwnCertificateInput } from '../../shared/network.ts';
import { DAY_MS } from '../../shared/units.ts';

/** Both PEM, the key not encrypted. */
export interface CertificateAndKey {
  chain: string;
  key: string;
}

/** As long as browsers and systems take certificates at all. */
const VALID_MS = 397 * DAY_MS;
/** So that a computer whose clock is somewhat behind takes it too. */
const EARLIER_MS = DAY_MS;
/** id-kp-serverAuth (RFC 5280, 4.2.1.12). */
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const LONGEST_COMMON_NAME = 64;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const ANY_KEY = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----/;
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/;

/** A self-signed certificate (ECDSA, P-256) for host names and addresses, the first of which is its name. */
export async function makeCertificate(
  names: readonly string[],
  nowEpochMs: number,
): Promise<CertificateAndKey> {
  // The library wants it, and is wanted seldom itself.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Positive, as RFC 5280 wants serial numbers.
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: [{ CN: [(names[0] ?? 'Threshold NVR').slice(0, LONGEST_COMMON_NAME)] }, { O: ['Threshold NVR'] }],
    notBefore: new Date(nowEpochMs - EARLIER_MS),
    notAfter: new Date(nowEpochMs - EARLIER_MS + VALID_MS),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name }) as const),
      ),
    ],
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return {
    chain: certificate.toString('pem'),
    key: createPrivateKey({ key, format: 'der', type: 'pkcs8' })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  };
}

/** Checks a certificate with its key. Throws AppError `invalid-input` with what is wrong with them. */
export function parseOwnCertificate(input: OwnCertificateInput, nowEpochMs: number): CertificateAndKey {
  const chain = parseChain(input.chain);
  const [leaf] = chain;
  const key = parseKey(input.key, input.passphrase);
  if (!leaf!.checkPrivateKey(key)) {
    const fits = chain.some((one) => one.checkPrivateKey(key));
    refuse(
      fits
        ? 'The certificate that the key belongs to has to stand first in the file, before those that vouch for it.'
        : 'The key does not belong to this certificate.',
    );
  }
  const { fromEpochMs, untilEpochMs } = describeCertificate(leaf!);
  const day = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);
  if (untilEpochMs <= nowEpochMs) refuse(`The certificate expired on ${day(untilEpochMs)}.`);
  if (fromEpochMs > nowEpochMs) refuse(`The certificate is valid from ${day(fromEpochMs)} on only.`);
  for (const [index, one] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer && !one.checkIssued(issuer))
      refuse(
        `The chain is broken: certificate ${index + 2} (${nameOf(issuer.subject)}) did not issue certificate ${index + 1} (${nameOf(one.subject)}).`,
      );
  }
  const parsed = {
    chain: chain.map((one) => one.toString()).join(''),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  if (!isUsable(parsed))
    refuse(
      'HTTPS cannot be spoken with this certificate: its key or signature is of a kind too weak or unknown.',
    );
  return parsed;
}

/** Whether TLS of this computer takes it. */
export function isUsable({ chain, key }: CertificateAndKey): boolean {
  try {
    createSecureContext({ cert: chain, key });
    return true;
  } catch {
    return false;
  }
}

/** What the first certificate of a PEM chain says. Throws when there is none. */
export function describeCertificate(of: string | X509Certificate): CertificateView {
  const certificate = typeof of === 'string' ? new X509Certificate(of) : of;
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: namesOf(certificate.subjectAltName ?? ''),
    fingerprint: certificate.fingerprint256,
    fromEpochMs: Date.parse(certificate.validFrom),
    untilEpochMs: Date.parse(certificate.validTo),
  };
}

function parseChain(text: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0)
    refuse(
      ANY_KEY.test(text)
        ? 'This is a key: the certificate goes here.'
        : 'There is no certificate in PEM form in it (-----BEGIN CERTIFICATE-----).',
    );
  try {
    return blocks.map((block) => new X509Certificate(block)) as [X509Certificate, ...X509Certificate[]];
  } catch {
    return refuse('The certificate cannot be read: the file is damaged or cut off.');
  }
}

function parseKey(text: string, passphrase = ''): KeyObject {
  if (!ANY_KEY.test(text))
    refuse(
      text.match(CERTIFICATE)
        ? 'This is a certificate: its private key goes here.'
        : 'There is no private key in PEM form in it (-----BEGIN PRIVATE KEY-----).',
    );
  const isEncrypted = ENCRYPTED.test(text);
  if (isEncrypted && passphrase === '') refuse('The key is encrypted: type its passphrase.');
  try {
    return createPrivateKey({ key: text, format: 'pem', ...(isEncrypted && { passphrase }) });
  } catch {
    return refuse(
      isEncrypted
        ? 'The passphrase does not open the key.'
        : 'The key cannot be read: the file is damaged or cut off.',
    );
  }
}

/** The common name of a distinguished name in OpenSSL's lines, or what there is. */
function nameOf(distinguished: string): string {
  return /^CN=(.*)$/m.exec(distinguished)?.[1] ?? distinguished.replaceAll('\n', ', ');
}

/** Of `DNS:host, IP Address:192.168.1.5, …`. */
function namesOf(subjectAltName: string): string[] {
  return subjectAltName
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):"?([^"]*)"?$/.exec(entry)?.[1] ?? [])
    .map((name) => (isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name));
}

function refuse(message: string): never {
  throw new AppError('invalid-input', message);
}
