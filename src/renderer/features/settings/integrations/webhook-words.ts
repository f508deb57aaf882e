/** How the last delivery of a webhook went, in words. Pure. */
import { t } from '@lingui/core/macro';
import type { CamlyticsWebhookView } from '../../../../shared/contract-cameras.ts';
import { formatSince } from '../../../client/time-format.ts';
import { wordsOfNoAnswer } from './answer-words.ts';

export function wordsOfDelivery(
  delivery: CamlyticsWebhookView['lastDelivery'],
  nowEpochMs: number = Date.now(),
): string {
  if (!delivery) return t`Nothing was delivered yet`;
  const when = formatSince(delivery.createdEpochMs, nowEpochMs);
  if (delivery.state === 'delivered') return t`Last delivered ${when}`;
  const answer =
    delivery.answerStatus === null
      ? wordsOfNoAnswer(delivery.answer)
      : t`the answer was ${delivery.answerStatus}`;
  if (delivery.state === 'failed') return t`Failed ${when}, given up after four attempts: ${answer}`;
  return delivery.answer === null && delivery.answerStatus === null
    ? t`On its way since ${when}`
    : t`Trying again since ${when}: ${answer}`;
}
