import { expect, test } from 'vitest';
import { rankMatch } from './rank-match.ts';

test.each([
  ['', 'Live', true],
  ['liv', 'Live', true],
  ['door arch', 'Front door: archive', true],
  ['oor', 'Front door', true],
  ['fd', 'Front door', false],
  ['front gate', 'Front door', false],
])('%s in %s', (text, label, fits) => {
  expect(rankMatch(text, label) > 0).toBe(fits);
});

test('what begins with the text comes first', () => {
  expect(rankMatch('live', 'Live')).toBeGreaterThan(rankMatch('live', 'Front door: live'));
});
