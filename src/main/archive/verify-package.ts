/** Reads an evidence package from a folder and judges it. */
import { createHash, createPublicKey, hash, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { type EvidenceManifest, EvidenceManifestSchema } from '../../shared/evidence.ts';
import { MANIFEST_FILE, PAGE_FILE, SIGNED_FILES } from '../../shared/evidence-files.ts';
import {
  type EvidenceCrypto,
  fingerprintOf,
  judgePackage,
  type Verdict,
} from '../../shared/evidence-judge.ts';

export interface PackageReport extends Verdict {
  /** Null when it cannot be read. */
  manifest: EvidenceManifest | null;
  fileCount: number;
  /** As it follows from the key in the manifest; null without one. */
  fingerprint: string | null;
}

/** A manifest or page larger than this is none. */
const MAX_SMALL_BYTES = 64 * 1024 * 1024;

const nodeCrypto: EvidenceCrypto = {
  sha256: (bytes) => hash('sha256', bytes, 'hex'),
  verify: (signature, message, publicKey) => {
    try {
      const x = Buffer.from(publicKey).toString('base64url');
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      return verify(null, message, key, signature);
    } catch {
      return false; // no key or no signature at all
    }
  },
};

/** Throws AppError `not-found` when there is no such folder or it is no package. */
export async function verifyPackage(folder: string): Promise<PackageReport> {
  const paths = await listFiles(folder);
  if (!paths.includes(MANIFEST_FILE) && !paths.includes(PAGE_FILE))
    throw new AppError('not-found', `${folder} is not an evidence package: it has no ${MANIFEST_FILE}.`);
  const files = new Map<string, { sizeBytes: number; sha256: string }>();
  for (const path of paths) files.set(path, await digest(join(folder, path)));
  const small = (path: string) => readSmall(folder, path, files.get(path)?.sizeBytes ?? 0);
  const found = {
    files,
    manifest: await small(SIGNED_FILES.manifest),
    manifestSignature: await small(SIGNED_FILES.manifestSignature),
    page: await small(SIGNED_FILES.page),
    pageSignature: await small(SIGNED_FILES.pageSignature),
  };
  const manifest = found.manifest && parseManifest(found.manifest);
  const verdict = judgePackage(found, manifest, nodeCrypto);
  if (found.manifest && !manifest && verdict.findings.every(({ path }) => path !== MANIFEST_FILE))
    verdict.findings.push({ path: MANIFEST_FILE, kind: 'changed', words: 'It cannot be read.' });
  const key = manifest && Buffer.from(manifest.installation.publicKey, 'base64');
  return {
    ...{ manifest, fileCount: files.size, findings: verdict.findings, ok: verdict.findings.length === 0 },
    fingerprint: key && fingerprintOf(key, nodeCrypto),
  };
}

/** All files below a folder, with `/`; links are not followed, and count as files that are no part of a package. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('not-found', `There is no folder ${folder}.`, { cause });
  });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
    .sort();
}

async function digest(path: string): Promise<{ sizeBytes: number; sha256: string }> {
  if (!(await stat(path)).isFile()) return { sizeBytes: 0, sha256: '' };
  const sum = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    sum.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, sha256: sum.digest('hex') };
}

async function readSmall(folder: string, path: string, sizeBytes: number): Promise<Buffer | null> {
  if (sizeBytes > MAX_SMALL_BYTES) return null;
  return readFile(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

function parseManifest(bytes: Buffer): EvidenceManifest | null {
  try {
    return EvidenceManifestSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return null; // changed: what it is signed with says so
  }
}
