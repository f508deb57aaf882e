/** What became of a delivery, in words. Pure. */
import { plural, t } from '@lingui/core/macro';
import type { DeliveryView } from '../../../../shared/contract-camio.ts';
import { formatSince } from '../../../client/time-format.ts';
import { wordsOfNoAnswer } from './answer-words.ts';

export const KIND_WORDS: Record<string, string> = {
  'camio-hook': t`Hook`,
  'faceter-callback': t`Faceter callback`,
  'camlytics-webhook': t`Camlytics webhook`,
  notification: t`Notification`,
};

/** State, since when, and the answer received. */
export function wordsOfState(delivery: DeliveryView, nowEpochMs: number = Date.now()): string {
  const { state, attempts } = delivery;
  const when = formatSince(delivery.finishedEpochMs ?? delivery.createdEpochMs, nowEpochMs);
  if (state === 'delivered') return t`Delivered ${when}: ${answerOf(delivery)}`;
  if (state === 'failed')
    return plural(attempts, {
      one: `Failed ${when} after # attempt: ${answerOf(delivery)}`,
      other: `Failed ${when} after # attempts: ${answerOf(delivery)}`,
    });
  return attempts === 0 ? t`On its way since ${when}` : t`Waiting to be tried again: ${answerOf(delivery)}`;
}

function answerOf({ answerStatus, answer }: DeliveryView): string {
  const text = (answer ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 120);
  if (answerStatus === null) return wordsOfNoAnswer(text);
  return text === '' ? t`answer ${answerStatus}` : t`answer ${answerStatus}, ${text}`;
}
