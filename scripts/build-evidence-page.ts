/** Builds the page of an evidence package: one HTML file with its style and script in it. A part of the main build. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { build, type Plugin } from 'vite';

/** Writes `out/evidence/page.html` when the build that it is part of has ended. */
export function evidencePage(): Plugin {
  let root = '';
  return {
    name: 'evidence-page',
    configResolved: (config) => {
      root = config.root;
    },
    closeBundle: () => writePage(root),
  };
}

/** `root`: of the repository. */
export async function writePage(root: string): Promise<void> {
  const source = resolve(root, 'src/evidence-page');
  const built = await build({
    ...{ configFile: false, root: source, logLevel: 'warn' },
    build: {
      ...{ write: false, minify: true, target: 'es2022' },
      lib: { entry: resolve(source, 'main.ts'), formats: ['iife'], name: 'evidencePage' },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  const script = outputs.find((one) => one.type === 'chunk')?.code;
  if (!script) throw new Error('the evidence page has no script');
  const html = await readFile(resolve(source, 'page.html'), 'utf8');
  const style = await readFile(resolve(source, 'style.css'), 'utf8');
  const output = resolve(root, 'out/evidence/page.html');
  await mkdir(dirname(output), { recursive: true });
  await writeFile(
    output,
    html
      .replace('/*STYLE*/', () => style)
      // Nothing in a script may end its element.
      .replace('/*SCRIPT*/', () => script.replaceAll('</script', '<\\/script')),
  );
}
