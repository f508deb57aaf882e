import { expect, test } from 'vitest';
import { NEW_RULE, parseAddresses, ruleWords, snoozeWords } from './rule-words.ts';

test('says what a rule tells, and to whom', () => {
  const rule = { ...NEW_RULE, id: '1', name: 'x', mailTo: ['a@b.test'], desktop: true };
  expect(ruleWords(rule)).toBe('Tailgating, Camera offline and 2 more, to a@b.test, screens');
  expect(ruleWords({ ...rule, alerts: [], mailTo: [], desktop: false, webhookUrl: 'http://x' })).toBe(
    'Tailgating, to a webhook',
  );
});

test.each([
  ['a@b.test, c@d.test;e@f.test  a@b.test', ['a@b.test', 'c@d.test', 'e@f.test']],
  [' ', []],
])('reads addresses of “%s”', (text, expected) => {
  expect(parseAddresses(text)).toEqual(expected);
});

test('says who is quiet', () => {
  expect(snoozeWords(null, '14:30')).toBe('Everything is quiet until 14:30.');
  expect(snoozeWords('Yard', '14:30')).toBe('Yard is quiet until 14:30.');
});
