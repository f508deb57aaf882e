import { expect, test } from 'vitest';
// @ts-expect-error a plain script without types
import { breach, findBreaches } from './check-imports.mjs';

test.each([
  ['src/main/recorder/a.ts', 'src/main/media/b.ts', true],
  ['src/main/recorder/a.ts', 'src/main/live/b.ts', false], // siblings
  ['src/main/media/a.ts', 'src/main/recorder/b.ts', false], // upwards
  ['src/main/api/a.ts', 'src/main/store/b.ts', true],
  ['src/main/api/a.ts', 'src/main/compose.ts', false],
  ['src/main/compose.ts', 'src/main/api/b.ts', true],
  ['src/main/serve.ts', 'src/main/compose.ts', true],
  ['src/shared/a.ts', 'src/main/media/b.ts', false],
  ['src/renderer/a.ts', 'src/main/media/b.ts', false],
  ['src/renderer/a.ts', 'src/shared/b.ts', true],
  ['src/main/desktop/a.ts', 'src/main/store/b.ts', false],
])('%s → %s allowed: %s', (from, to, allowed) => {
  expect(breach(from, to) === null).toBe(allowed);
});

test('the sources keep to the directions', () => {
  expect(findBreaches()).toEqual([]);
});
