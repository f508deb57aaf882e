import { expect, test } from 'vitest';
import { formatNumber, planLanguage } from './language.ts';

test.each([
  ['system', ['de-AT', 'en-GB'], { language: 'de', formats: undefined }],
  ['system', ['fr-FR', 'de'], { language: 'de', formats: undefined }],
  ['system', ['fr-FR'], { language: 'en', formats: undefined }],
  ['system', [], { language: 'en', formats: undefined }],
  ['en', ['de-AT', 'en-GB', 'en-US'], { language: 'en', formats: 'en-GB' }],
  ['en', ['de-AT'], { language: 'en', formats: 'en' }],
])('%s for a browser in %j', (choice, wished, plan) => {
  expect(planLanguage(choice, wished, ['en', 'de'])).toEqual(plan);
});

test('numbers are written as in the texts', () => {
  expect(formatNumber(1234.56, { most: 1 })).toBe('1,234.6');
  expect(formatNumber(2, { most: 1 })).toBe('2');
  expect(formatNumber(2, { exactly: 2 })).toBe('2.00');
});
