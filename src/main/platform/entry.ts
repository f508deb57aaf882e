/** Finds the files that are started on their own (workers), from the built bundle as well as from the sources. */

const WORKERS = { 'vision-worker': '../vision/worker.ts' } as const;

/** URL of a worker's entry: `out/main/NAME.js` when built, its TypeScript source otherwise. */
export function workerUrl(name: keyof typeof WORKERS): URL {
  if (import.meta.url.endsWith('.ts')) return new URL(WORKERS[name], import.meta.url);
  const here = new URL('.', import.meta.url);
  return new URL(here.pathname.endsWith('/chunks/') ? `../${name}.js` : `${name}.js`, here);
}
