import { expect, test } from 'vitest';
import { RecentLines } from './recent-log.ts';

test('keeps the newest lines within its bytes, and always the last', () => {
  const lines = new RecentLines(10);
  for (const line of ['aaaa\n', 'bbbb\n', 'cc\n']) lines.add(line);
  expect(lines.text()).toBe('bbbb\ncc\n');
  lines.add(`${'d'.repeat(20)}\n`);
  expect(lines.text()).toBe(`${'d'.repeat(20)}\n`);
});
