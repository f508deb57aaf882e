/** Checks the import directions of the design: who may import whom. Prints every breach; exit 1 if there is one. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Tiers from the bottom up: a folder imports from lower tiers only; folders of one tier are siblings and never import each other. */
const TIERS = [
  ['platform'],
  ['media', 'settings', 'rules', 'vision'],
  ['capture', 'discovery', 'recorder', 'live', 'store'],
  ['alerts', 'events', 'access', 'archive', 'rehearsal'],
  ['outputs', 'api'],
];
const ENTRIES = new Set(['index.ts', 'serve.ts', 'analyze.ts', 'reindex.ts', 'models.ts', 'verify.ts']);
/** Only these may import electron. */
const ELECTRON = /^src\/(main\/index\.ts|main\/desktop\/|preload\/)/;

export function tierOf(folder) {
  return TIERS.findIndex((tier) => tier.includes(folder));
}

/** The reason why `from` may not import `to` (paths below the repository), or null. */
export function breach(from, to) {
  const a = place(from);
  const b = place(to);
  if (a.area === 'shared') return b.area === 'shared' ? null : 'src/shared imports nothing else of ours';
  if (b.area === 'shared') return null;
  if (a.area !== b.area) return `${a.area} may import only itself and src/shared`;
  if (a.area !== 'main') return null;
  if (a.kind === 'entry') return b.kind === 'entry' ? 'entries do not import each other' : null;
  if (b.kind === 'entry') return 'nothing imports an entry';
  if (a.kind === 'compose') return null;
  if (b.kind === 'compose') return 'only entries import the composition root';
  if (a.folder === b.folder) return null;
  if (a.folder === 'desktop') return 'desktop imports only itself and src/shared';
  const [ta, tb] = [tierOf(a.folder), tierOf(b.folder)];
  if (ta < 0 || tb < 0) return `unknown folder ${ta < 0 ? a.folder : b.folder}`;
  return tb < ta
    ? null
    : ta === tb
      ? `${a.folder} and ${b.folder} are siblings`
      : `${b.folder} stands above ${a.folder}`;
}

function place(path) {
  const [, area, folder, ...rest] = path.split('/');
  if (area !== 'main') return { area, kind: 'folder', folder };
  if (rest.length > 0) return { area, kind: 'folder', folder };
  return { area, kind: ENTRIES.has(folder) ? 'entry' : 'compose', folder };
}

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(name)) yield path;
  }
}

export function findBreaches() {
  const breaches = [];
  for (const path of sources(join(ROOT, 'src'))) {
    const from = relative(ROOT, path).replaceAll('\\', '/');
    for (const [, specifier] of readFileSync(path, 'utf8').matchAll(
      /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g,
    )) {
      if (specifier === 'electron' && !ELECTRON.test(from))
        breaches.push(`${from}: only the desktop shell imports electron`);
      if (!specifier.startsWith('.')) continue;
      const to = relative(ROOT, resolve(dirname(path), specifier)).replaceAll('\\', '/');
      if (!to.startsWith('src/')) continue;
      const reason = breach(from, to);
      if (reason) breaches.push(`${from} → ${to}: ${reason}`);
    }
  }
  return breaches;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const breaches = findBreaches();
  for (const line of breaches) console.error(line);
  console.log(
    breaches.length === 0
      ? 'Import directions hold.'
      : `${breaches.length} imports against the directions of the design.`,
  );
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
