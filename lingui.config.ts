import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** The message catalogues of the web UI; see docs/translating.md. en-XA is English with accents, for tests: nobody translates it. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'en-XA'],
  pseudoLocale: { locale: 'en-XA' },
  fallbackLocales: { default: 'en' },
  catalogs: [
    {
      path: '<rootDir>/src/renderer/locales/{locale}/messages',
      include: ['src/renderer'],
      exclude: ['**/*.test.ts', '**/*.d.ts'],
    },
  ],
  format: formatter({ lineNumbers: false }),
});
