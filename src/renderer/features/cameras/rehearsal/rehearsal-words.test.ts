import { expect, test } from 'vitest';
import type { RehearsalHit } from '../../../../shared/rehearsal.ts';
import { clipTime, hitsOfRules, progressWords, rangeOf, summaryOf } from './rehearsal-words.ts';

const hit = (type: RehearsalHit['type']): RehearsalHit => ({ type, atMs: 0, startMs: 0, detail: {} });

test('what was found is counted in words, the weightiest first', () => {
  const hits = [hit('line-crossing'), hit('line-crossing'), hit('tailgating'), hit('object'), hit('motion')];
  expect(summaryOf(hitsOfRules({ hits }), false)).toBe('1 tailgating, 2 crossings');
  expect(summaryOf([], true)).toBe('Nothing yet');
  expect(summaryOf([], false)).toBe('These rules would have found nothing');
});

test.each([
  [0, '00:00'],
  [61_900, '01:01'],
  [3_723_000, '1:02:03'],
])('%d ms into a video is %s', (ms, words) => {
  expect(clipTime(ms)).toBe(words);
});

test('how far it is, also where nobody knows how long it will be', () => {
  expect(progressWords({ progress: 0.456, toMs: 100_000 })).toBe('45 % looked through');
  expect(progressWords({ progress: null, toMs: 61_900 })).toBe('01:01 looked through');
});

test('a range ends now', () => {
  expect(rangeOf('10', 1_000_000.5)).toEqual({ fromEpochMs: 400_000, toEpochMs: 1_000_000 });
});
