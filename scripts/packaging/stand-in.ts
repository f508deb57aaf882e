/**
 * `node scripts/packaging/stand-in.ts FOLDER`: makes files that stand in for Electron's own for Linux, so that electron-builder's real
 * run (files, archive, fuses) can be checked where Electron cannot be downloaded. Not a program: it cannot be started.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildUnsetFuses } from './fuses.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('expected the folder to make');
mkdirSync(join(folder, 'resources'), { recursive: true });
mkdirSync(join(folder, 'locales'), { recursive: true });
writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('\x7fELF'), buildUnsetFuses()]), {
  mode: 0o755,
});
for (const name of ['chrome-sandbox', 'LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak'])
  writeFileSync(join(folder, name), '');
