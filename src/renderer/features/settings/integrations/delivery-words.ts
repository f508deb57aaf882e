/** What became of a delivery, in words. Pure. */
import type { DeliveryView } from '../../../../shared/contract-camio.ts';
import { formatSince } from '../../../client/time-format.ts';
import { wordsOfNoAnswer } from './answer-words.ts';

export const KIND_WORDS: Record<string, string> = {
  'camio-hook': 'Hook',
  'faceter-callback': 'Faceter callback',
  'camlytics-webhook': 'Camlytics webhook',
  notification: 'Notification',
};

/** State, since when, and the answer received. */
export function wordsOfState(delivery: DeliveryView, nowEpochMs: number = Date.now()): string {
  const { state, attempts } = delivery;
  const when = formatSince(delivery.finishedEpochMs ?? delivery.createdEpochMs, nowEpochMs);
  if (state === 'delivered') return `Delivered ${when}: ${answerOf(delivery)}`;
  if (state === 'failed') return `Failed ${when} after ${attempts} attempts: ${answerOf(delivery)}`;
  return attempts === 0 ? `On its way since ${when}` : `Waiting to be tried again: ${answerOf(delivery)}`;
}

function answerOf({ answerStatus, answer }: DeliveryView): string {
  const text = (answer ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 120);
  if (answerStatus === null) return wordsOfNoAnswer(text);
  return text === '' ? `answer ${answerStatus}` : `answer ${answerStatus}, ${text}`;
}
