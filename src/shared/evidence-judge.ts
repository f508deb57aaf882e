/** Judges an evidence package: what was changed, is missing or was added. The same in the package's own page and in the verifier. */
import type { EvidenceManifest } from './evidence.ts';
import { SIGNED_FILES } from './evidence-files.ts';

export interface EvidenceCrypto {
  /** Lower-case hex. */
  sha256(bytes: Uint8Array): string;
  /** Ed25519 (RFC 8032); false also for what is no key or signature. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

/** What is in the package's folder. */
export interface FoundPackage {
  /** By path with `/`, all of them. */
  files: ReadonlyMap<string, { sizeBytes: number; sha256: string }>;
  manifest: Uint8Array | null;
  manifestSignature: Uint8Array | null;
  page: Uint8Array | null;
  pageSignature: Uint8Array | null;
}

export interface Finding {
  path: string;
  kind: 'changed' | 'missing' | 'added';
  /** In the reader's words. */
  words: string;
}

export interface Verdict {
  /** Nothing is changed, missing or added since it was signed. */
  ok: boolean;
  findings: Finding[];
}

/** Files that file managers leave in every folder that they open. */
const LITTER = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i;

/** The fingerprint of a public key for people to compare: eight groups of four hex digits. */
export function fingerprintOf(publicKey: Uint8Array, crypto: Pick<EvidenceCrypto, 'sha256'>): string {
  return (crypto.sha256(publicKey).slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}

/** The text of a signature file. The digest says which of both was changed where they do not fit. */
export function buildSignatureText(sha256: string, signature: Uint8Array): string {
  return `SHA-256 ${sha256}\nEd25519 ${btoa(String.fromCharCode(...signature))}\n`;
}

/** Null when it is not what `buildSignatureText` writes. */
export function parseSignatureText(bytes: Uint8Array): { sha256: string; signature: Uint8Array } | null {
  const text = new TextDecoder().decode(bytes);
  const match = /^SHA-256 ([0-9a-f]{64})\nEd25519 ([A-Za-z0-9+/]{86}==)\n$/.exec(text);
  const [, sha256, base64] = match ?? [];
  if (!sha256 || !base64) return null;
  const signature = parseBase64(base64);
  // Base64 has spare bits at its end: a change there must not pass.
  return signature && buildSignatureText(sha256, signature) === text ? { sha256, signature } : null;
}

export function parseBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Judges the signatures, then every file by the manifest. `manifest` is what the found manifest says, null when it cannot be read. */
export function judgePackage(
  found: FoundPackage,
  manifest: EvidenceManifest | null,
  crypto: EvidenceCrypto,
): Verdict {
  const names = SIGNED_FILES;
  const key = manifest && parseBase64(manifest.installation.publicKey);
  const judgeSigned = (
    path: string,
    bytes: Uint8Array | null,
    sigPath: string,
    sig: Uint8Array | null,
    by: Uint8Array | null,
  ) => judgeSignature({ path, bytes, sigPath, sig, key: by }, crypto);
  const { manifest: manifestFile, manifestSignature } = names;
  const ofManifest = judgeSigned(
    manifestFile,
    found.manifest,
    manifestSignature,
    found.manifestSignature,
    key,
  );
  if (manifest && key && fingerprintOf(key, crypto) !== manifest.installation.fingerprint && !ofManifest[0])
    ofManifest.push(changed(names.manifest, 'Its fingerprint is not that of its key.'));
  // What a changed manifest says of keys and files proves nothing about them.
  const isTrusted = ofManifest.every(({ path }) => path !== names.manifest);
  const pageKey = isTrusted ? key : null;
  const ofPage = judgeSigned(names.page, found.page, names.pageSignature, found.pageSignature, pageKey);
  const ofFiles = manifest && isTrusted ? judgeFiles(found.files, manifest, Object.values(names)) : [];
  const findings = [...ofManifest, ...ofPage, ...ofFiles];
  return { ok: findings.length === 0, findings };
}

function judgeSignature(
  file: {
    path: string;
    bytes: Uint8Array | null;
    sigPath: string;
    sig: Uint8Array | null;
    key: Uint8Array | null;
  },
  crypto: EvidenceCrypto,
): Finding[] {
  const { path, bytes, sigPath, sig, key } = file;
  if (!bytes || !sig) return [...(bytes ? [] : [missing(path)]), ...(sig ? [] : [missing(sigPath)])];
  const parsed = parseSignatureText(sig);
  if (!parsed) return [changed(sigPath, 'The signature was changed.')];
  const isSame = crypto.sha256(bytes) === parsed.sha256;
  // Without a key that can be trusted, the digest alone is compared.
  const fits = key ? crypto.verify(parsed.signature, bytes, key) : isSame;
  if (isSame && fits) return [];
  if (isSame || fits) return [changed(sigPath, `The signature is not that of ${path}.`)];
  return [changed(path, 'It was changed after it was signed.')];
}

function judgeFiles(
  files: FoundPackage['files'],
  manifest: EvidenceManifest,
  signed: readonly string[],
): Finding[] {
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const wrong = manifest.files.flatMap(({ path, sizeBytes, sha256 }) => {
    const there = files.get(path);
    if (!there) return [missing(path)];
    if (there.sizeBytes !== sizeBytes)
      return [changed(path, `It has ${there.sizeBytes} bytes; ${sizeBytes} were signed.`)];
    return there.sha256 === sha256 ? [] : [changed(path, 'Its bytes are not those that were signed.')];
  });
  const added = [...files.keys()]
    .filter((path) => !listed.has(path) && !signed.includes(path) && !LITTER.test(path))
    .map((path): Finding => ({ path, kind: 'added', words: 'It is not part of the package.' }));
  return [...wrong, ...added];
}

function changed(path: string, words: string): Finding {
  return { path, kind: 'changed', words };
}

function missing(path: string): Finding {
  return { path, kind: 'missing', words: 'It is missing.' };
}
