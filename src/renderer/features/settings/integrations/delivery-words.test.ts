import { expect, test } from 'vitest';
import type { DeliveryView } from '../../../../shared/contract-camio.ts';
import { wordsOfState } from './delivery-words.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const base: DeliveryView = {
  ...{ id: 1, kind: 'camio-hook', target: '1', url: 'http://a/', createdEpochMs: NOW - 60_000 },
  ...{
    state: 'waiting',
    attempts: 0,
    finishedEpochMs: null,
    nextAttemptEpochMs: NOW,
    answerStatus: null,
    answer: null,
  },
};

test.each<[change: Partial<DeliveryView>, words: RegExp]>([
  [{}, /^On its way since /],
  [{ attempts: 1, answerStatus: 500, answer: 'oh' }, /^Waiting to be tried again: answer 500, oh$/],
  [{ attempts: 2, answer: 'No answer within 10 s.' }, /^Waiting to be tried again: No answer within 10 s$/],
  [{ state: 'delivered', attempts: 1, answerStatus: 204, answer: '' }, /^Delivered .*: answer 204$/],
  [
    { state: 'failed', attempts: 4, answer: 'ECONNREFUSED' },
    /^Failed .* after 4 attempts: nothing listens at this address$/,
  ],
  [{ state: 'failed', attempts: 4 }, /: no answer$/],
])('%j', (change, words) => {
  expect(wordsOfState({ ...base, ...change }, NOW)).toMatch(words);
});
