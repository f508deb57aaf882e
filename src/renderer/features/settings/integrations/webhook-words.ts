/** How the last delivery of a webhook went, in words. Pure. */
import type { CamlyticsWebhookView } from '../../../../shared/contract-cameras.ts';
import { formatSince } from '../../../client/time-format.ts';
import { wordsOfNoAnswer } from './answer-words.ts';

export function wordsOfDelivery(
  delivery: CamlyticsWebhookView['lastDelivery'],
  nowEpochMs: number = Date.now(),
): string {
  if (!delivery) return 'Nothing was delivered yet';
  const when = formatSince(delivery.createdEpochMs, nowEpochMs);
  if (delivery.state === 'delivered') return `Last delivered ${when}`;
  const answer =
    delivery.answerStatus === null
      ? wordsOfNoAnswer(delivery.answer)
      : `the answer was ${delivery.answerStatus}`;
  if (delivery.state === 'failed') return `Failed ${when}, given up after four attempts: ${answer}`;
  return delivery.answer === null && delivery.answerStatus === null
    ? `On its way since ${when}`
    : `Trying again since ${when}: ${answer}`;
}
