/** What makes an evidence package out of clips: manifest, signatures, a page that plays and checks it, a word on how to read it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportJob } from '../../shared/contract-exports.ts';
import type { Gap } from '../../shared/domain-storage.ts';
import {
  EVIDENCE_FORMAT,
  type EvidenceClip,
  type EvidenceGap,
  type EvidenceManifest,
} from '../../shared/evidence.ts';
import {
  CLIPS_FOLDER,
  KEY_FILE,
  MANIFEST_FILE,
  PAGE_FILE,
  README_FILE,
  signatureFileOf,
} from '../../shared/evidence-files.ts';
import { buildSignatureText } from '../../shared/evidence-judge.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { WrittenFile } from './clip.ts';
import { rangesOf } from './export-pieces.ts';
import { PARTIAL, writeFlushed } from './export-target.ts';
import { buildLocalIso } from './names.ts';

/** The installation's key; see `settings/signing-key.ts`. */
export interface EvidenceSigner {
  installationId: string;
  publicKey: string;
  publicPem: string;
  fingerprint: string;
  sign(message: Uint8Array): Buffer;
}

export interface EvidenceSource {
  signer: EvidenceSigner;
  /** Name and version. */
  program: string;
  /** The page as built, with `PAGE_SLOT` in it. */
  pagePath: string;
  listGaps(cameraId: string, fromEpochMs: number, toEpochMs: number): Gap[];
  cameraFacts(cameraId: string): { serialNumber: string | null; macAddress: string | null };
}

/** A clip in the package and what its footage is. */
export interface PackedClip extends WrittenFile {
  cameraId: string;
  clip: Omit<EvidenceClip, 'from' | 'to'>;
  copy: (WrittenFile & { path: string }) | null;
}

/** Holes shorter than this are borders of segments. */
const BORDER_MS = 1000;
/** Where the page's data goes; within a string of JSON, so that nothing in it can end the script. */
export const PAGE_SLOT = '"%EVIDENCE%"';

/** Adds the other files to a working folder that holds the clips; returns them as `path without .partial → what was written`. */
export async function writePackage(
  folder: string,
  job: ExportJob,
  clips: readonly PackedClip[],
  source: EvidenceSource,
  createdEpochMs: number,
): Promise<Map<string, WrittenFile>> {
  const { signer } = source;
  const written = new Map<string, WrittenFile>();
  const put = async (path: string, text: string) => {
    written.set(path, await writeFlushed(join(folder, path + PARTIAL), text));
  };
  await put(KEY_FILE, signer.publicPem);
  await put(README_FILE, buildReadme(job, signer.fingerprint));
  const files = [
    ...clips.flatMap(({ clip, copy, ...file }) => [{ path: clip.path, ...file }, ...(copy ? [copy] : [])]),
    ...listed(written),
  ];
  const manifest = buildManifest(job, clips, source, createdEpochMs, files);
  const manifestText = `${JSON.stringify(manifest, null, 2)}\n`;
  const page = await buildPage(source.pagePath, manifestText, signer);
  const sign = async (path: string, text: string) => {
    await put(path, text);
    const { sha256 = '' } = written.get(path) ?? {};
    await put(signatureFileOf(path), buildSignatureText(sha256, signer.sign(Buffer.from(text))));
  };
  await sign(MANIFEST_FILE, manifestText);
  await sign(PAGE_FILE, page);
  return written;
}

function listed(written: ReadonlyMap<string, WrittenFile>) {
  return [...written].map(([path, file]) => ({ path, ...file }));
}

function buildManifest(
  job: ExportJob,
  clips: readonly PackedClip[],
  source: EvidenceSource,
  createdEpochMs: number,
  files: ReadonlyArray<WrittenFile & { path: string }>,
): EvidenceManifest {
  const { installationId, publicKey, fingerprint } = source.signer;
  return {
    format: EVIDENCE_FORMAT,
    id: job.id,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    created: buildLocalIso(createdEpochMs),
    createdBy: job.createdBy,
    reason: job.reason,
    ...withTimes(job),
    installation: { id: installationId, program: source.program, publicKey, fingerprint },
    auditLine: job.auditLine,
    cameras: job.cameras.map(({ id, name }) => {
      const own = clips.filter(({ cameraId }) => cameraId === id).map(({ clip }) => clip);
      const gaps = rangesOf(job, id).flatMap((range) =>
        planGaps(range, clipsWithin(own, range), source.listGaps(id, range.fromEpochMs, range.toEpochMs)),
      );
      const { serialNumber, macAddress } = source.cameraFacts(id);
      return {
        ...{ id, name, serialNumber, macAddress },
        clips: own.map((clip) => ({ ...clip, ...withTimes(clip) })),
        ...(job.ranges && { ranges: rangesOf(job, id).map((range) => withTimes(range)) }),
        gaps: gaps.map((gap) => ({ ...gap, ...withTimes(gap) })),
      };
    }),
    files: files.map(({ path, sizeBytes, sha256 }) => ({ path, sizeBytes, sha256 })),
  };
}

/** Those that show some of a range; a package of several ranges has others too. */
function clipsWithin<T extends { fromEpochMs: number; toEpochMs: number }>(
  clips: readonly T[],
  range: { fromEpochMs: number; toEpochMs: number },
): T[] {
  return clips.filter((clip) => clip.toEpochMs > range.fromEpochMs && clip.fromEpochMs < range.toEpochMs);
}

/** The ledger's gaps within the range, and holes between clips that the ledger does not explain; ascending. */
export function planGaps(
  range: { fromEpochMs: number; toEpochMs: number },
  clips: ReadonlyArray<{ fromEpochMs: number; toEpochMs: number }>,
  ledger: readonly Gap[],
): Array<Omit<EvidenceGap, 'from' | 'to'>> {
  const known = ledger.flatMap((gap) => {
    const fromEpochMs = Math.max(gap.startEpochMs, range.fromEpochMs);
    const toEpochMs = Math.min(gap.endEpochMs ?? range.toEpochMs, range.toEpochMs);
    return toEpochMs > fromEpochMs ? [{ fromEpochMs, toEpochMs, cause: gap.cause, detail: gap.detail }] : [];
  });
  const accounted = [...clips, ...known]
    .map(({ fromEpochMs, toEpochMs }): EpochRange => ({ startEpochMs: fromEpochMs, endEpochMs: toEpochMs }))
    .sort((a, b) => a.startEpochMs - b.startEpochMs);
  const unknown: typeof known = [];
  let at = range.fromEpochMs;
  for (const { startEpochMs, endEpochMs } of [
    ...accounted,
    { startEpochMs: range.toEpochMs, endEpochMs: range.toEpochMs },
  ]) {
    if (startEpochMs - at > BORDER_MS)
      unknown.push({ fromEpochMs: at, toEpochMs: startEpochMs, cause: 'unknown', detail: NOT_STORED });
    at = Math.max(at, endEpochMs);
  }
  return [...known, ...unknown].sort((a, b) => a.fromEpochMs - b.fromEpochMs);
}

const NOT_STORED =
  'Nothing is stored for this time and no cause was noted. It may have been deleted when it was old.';

function withTimes({ fromEpochMs, toEpochMs }: { fromEpochMs: number; toEpochMs: number }) {
  return {
    from: buildLocalIso(fromEpochMs),
    to: buildLocalIso(toEpochMs),
    fromEpochMs: Math.round(fromEpochMs),
    toEpochMs: Math.round(toEpochMs),
  };
}

async function buildPage(pagePath: string, manifestText: string, signer: EvidenceSigner): Promise<string> {
  const template = await readFile(pagePath, 'utf8');
  const signature = signer.sign(Buffer.from(manifestText)).toString('base64');
  const data = JSON.stringify(JSON.stringify({ manifest: manifestText, signature }));
  return template.replace(PAGE_SLOT, () => data.replaceAll('<', '\\u003c'));
}

function buildReadme(job: ExportJob, fingerprint: string): string {
  return `Evidence of ${job.cameras.map(({ name }) => name).join(', ')}
${buildLocalIso(job.fromEpochMs)} to ${buildLocalIso(job.toEpochMs)}
Exported by ${job.createdBy}: ${job.reason}

To watch and to check it, open "${PAGE_FILE}" in a browser. No network is needed.
The clips are ordinary MP4 files in the folder "${CLIPS_FOLDER}", with the pictures as the camera sent them.

Checking without the page:
- ${MANIFEST_FILE} lists every file with its SHA-256, and says of which camera and time it is and when nothing was recorded.
- ${MANIFEST_FILE} and "${PAGE_FILE}" are signed with Ed25519: ${signatureFileOf(MANIFEST_FILE)}, "${signatureFileOf(PAGE_FILE)}". The key is in ${KEY_FILE}.
- With the program itself: npm run verify -- FOLDER
- With OpenSSL:
    sed -n 's/^Ed25519 //p' ${signatureFileOf(MANIFEST_FILE)} | base64 -d > signature.bin
    openssl pkeyutl -verify -pubin -inkey ${KEY_FILE} -rawin -in ${MANIFEST_FILE} -sigfile signature.bin

A signature proves that nothing was changed since it was made with that key. Whose key it is, the recorder says under Settings:
    ${fingerprint}
`;
}
