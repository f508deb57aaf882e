/** Electron's fuses: what the packaged program can no longer be made to do, and reading them from a finished program. */

/** As electron-builder takes them (`electronFuses`). */
export const FUSES = {
  /** No plain Node in our signed program. */
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

/** Their order in the program (version 1 of the wire; @electron/fuses, FuseV1Options). */
const ORDER = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;
/** Stands before them; then a byte of version, one of length, and a character each: `1`, `0`, or `r` for one that was removed. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const VERSION = 1;

/** The fuses of a program's bytes that are not as `FUSES` says, by name; one entry when it has none at all. */
export function findWrongFuses(program: Buffer): string[] {
  const at = program.indexOf(SENTINEL);
  if (at < 0 || program[at + SENTINEL.length] !== VERSION) return ['it has no fuses'];
  const wire = program.toString('latin1', at + SENTINEL.length + 2);
  return ORDER.filter((name, index) => wire[index] !== (FUSES[name] ? '1' : '0'));
}

/** The bytes of a program with every fuse the wrong way round, for a stand-in. */
export function buildUnsetFuses(): Buffer {
  const wire = ORDER.map((name) => (FUSES[name] ? '0' : '1')).join('');
  return Buffer.concat([Buffer.from(SENTINEL), Buffer.of(VERSION, wire.length), Buffer.from(wire)]);
}
