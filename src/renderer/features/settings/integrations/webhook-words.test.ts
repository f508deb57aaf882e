import { expect, test } from 'vitest';
import { wordsOfDelivery } from './webhook-words.ts';

const at = { createdEpochMs: 0 };

test.each([
  [null, /^Nothing was delivered yet$/],
  [{ ...at, state: 'delivered', answerStatus: 204, answer: '' }, /^Last delivered /],
  [{ ...at, state: 'waiting', answerStatus: null, answer: null }, /^On its way since /],
  [
    { ...at, state: 'waiting', answerStatus: 500, answer: 'x' },
    /^Trying again since .*: the answer was 500$/,
  ],
  [
    { ...at, state: 'failed', answerStatus: null, answer: 'Connection refused.' },
    /four attempts: Connection refused$/,
  ],
  [
    { ...at, state: 'failed', answerStatus: null, answer: 'ECONNREFUSED' },
    /nothing listens at this address$/,
  ],
] as const)('%j', (delivery, words) => {
  expect(wordsOfDelivery(delivery, 1000)).toMatch(words);
});
