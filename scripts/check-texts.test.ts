import { expect, test } from 'vitest';
// @ts-expect-error a plain script without types
import { findLooseTexts } from './check-texts.mjs';

test.each([
  ['<p>Every camera</p>', ['Every camera']],
  ['<p><Trans>Every camera</Trans></p>', []],
  ['<p>{name}: {count} of 3</p>', ['of 3']],
  ['<Button label="Save" tone="quiet" />', ['Save']],
  ['<Button label={t`Save`} />', []],
  ["<Button label={busy ? 'Saving' : t`Save`} />", ['Saving']],
  ['<p>{busy ? `All files` : null}</p>', ['All files']],
  ["const row = { value: 'all', label: 'All' };", ['All']],
  ["const path = '/settings'; const word = 'Nobody came through';", ['Nobody came through']],
  ["throw new Error('This never happens');", []],
  ["const words = plural(count, { one: '# camera', other: '# cameras' });", []],
  ['<p>Threshold NVR</p>', []],
])('%s', (code, texts) => {
  const found: Array<{ text: string }> = findLooseTexts(code, 'a.tsx');
  expect(found.map(({ text }) => text)).toEqual(texts);
});
