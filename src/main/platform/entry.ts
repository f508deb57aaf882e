/** Finds the files that are started on their own (workers), from the built bundle as well as from the sources. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WORKERS = {
  'vision-worker': '../vision/worker.ts',
  'footage-worker': '../vision/footage/footage-worker.ts',
  'model-trial': '../vision/model-trial.ts',
} as const;

/** URL of a worker's entry: `out/main/NAME.js` when built, its TypeScript source otherwise. */
export function workerUrl(name: keyof typeof WORKERS): URL {
  if (import.meta.url.endsWith('.ts')) return new URL(WORKERS[name], import.meta.url);
  const here = new URL('.', import.meta.url);
  return new URL(here.pathname.endsWith('/chunks/') ? `../${name}.js` : `${name}.js`, here);
}

/** The web UI as built. */
export function rendererFolder(): string {
  return fileURLToPath(new URL('out/renderer', programRoot()));
}

/** What the program ships besides code: icons and demo footage. */
export function resourcesFolder(): string {
  return fileURLToPath(new URL('resources', programRoot()));
}

/** Model cards and weights that come with the program. */
export function modelsFolder(): string {
  return fileURLToPath(new URL('models', programRoot()));
}

/** The page of an evidence package, as built. */
export function evidencePage(): string {
  return fileURLToPath(new URL('out/evidence/page.html', programRoot()));
}

/** DejaVu, for words in pictures. */
export function fontsFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
}

/** The folder that holds `package.json`, seen from the sources, from `out/main` and from its chunks. */
function programRoot(): URL {
  const depth = /\/(src\/main\/platform|out\/main\/chunks)\//.test(import.meta.url) ? '../../../' : '../../';
  return new URL(depth, import.meta.url);
}
