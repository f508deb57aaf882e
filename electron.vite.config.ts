import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { evidencePage } from './scripts/build-evidence-page.ts';

/** Every file that is started on its own (an entry or a worker) is an input of the main build; see `src/main/platform/entry.ts`. */
const mainEntries = {
  index: 'src/main/index.ts',
  serve: 'src/main/serve.ts',
  analyze: 'src/main/analyze.ts',
  reindex: 'src/main/reindex.ts',
  models: 'src/main/models.ts',
  verify: 'src/main/verify.ts',
  'vision-worker': 'src/main/vision/worker.ts',
  'footage-worker': 'src/main/vision/footage/footage-worker.ts',
  'model-trial': 'src/main/vision/model-trial.ts',
};

export default defineConfig({
  main: { plugins: [evidencePage()], build: { outDir: 'out/main', rollupOptions: { input: mainEntries } } },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    // Texts come from src/renderer/locales, where docs/translating.md says how.
    plugins: [lingui({ macroTransform: true }), react()],
    build: { outDir: 'out/renderer', minify: true, rollupOptions: { input: 'src/renderer/index.html' } },
  },
});
