/** Command line: `verify DIR [--key FINGERPRINT]` says whether an evidence package is as it was signed, and names every file that is not. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError, messageOf } from '../shared/errors.ts';
import { type PackageReport, verifyPackage } from './archive/verify-package.ts';

const USAGE = `usage: verify DIR [--key FINGERPRINT]
  DIR    the folder of an evidence package
  --key  the fingerprint that the recorder shows under Settings; the package must be signed with that key`;
const EXIT = { genuine: 0, different: 1, badInput: 2 } as const;

process.exitCode = await main();

async function main(): Promise<number> {
  const input = parseInput();
  if (!input) return EXIT.badInput;
  try {
    return report(await verifyPackage(resolve(input.folder)), input.key);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return error instanceof AppError && error.kind === 'not-found' ? EXIT.badInput : EXIT.different;
  }
}

function parseInput(): { folder: string; key: string | null } | null {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { key: { type: 'string' } },
    });
    const [folder, more] = positionals;
    if (folder === undefined || more !== undefined) throw new Error('expected one folder');
    const key = values.key?.replaceAll(/[\s:-]/g, '').toLowerCase() ?? null;
    if (key !== null && !/^[0-9a-f]{32}$/.test(key)) throw new Error('--key: expected 32 hex digits');
    return { folder, key };
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n${USAGE}\n`);
    return null;
  }
}

function report(
  { ok, findings, manifest, fileCount, fingerprint }: PackageReport,
  key: string | null,
): number {
  for (const { kind, path, words } of findings) say(`${kind.toUpperCase()}  ${path}: ${words}`);
  const isOther = key !== null && fingerprint?.replaceAll(' ', '') !== key;
  if (isOther) say(`OTHER KEY  It is signed with ${fingerprint ?? 'no key'}, not with the one given.`);
  if (!ok || isOther) {
    say('NOT GENUINE: it is not as it was signed.');
    return EXIT.different;
  }
  const cameras = manifest?.cameras.map(({ name }) => name).join(', ');
  say(`GENUINE: all ${fileCount} files are as they were signed.`);
  say(`${cameras}, ${manifest?.from} to ${manifest?.to}`);
  say(`Exported by ${manifest?.createdBy} at ${manifest?.created}: ${manifest?.reason}`);
  say(
    `Key: ${fingerprint}${key === null ? ' (compare it with the one that the recorder shows under Settings)' : ''}`,
  );
  return EXIT.genuine;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
