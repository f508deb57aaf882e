/** How the last delivery of a webhook went, in words. Pure. */
import type { CamlyticsWebhookView } from '../../../../shared/contract.ts';
import { formatSince } from '../../../client/time-format.ts';

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at this address',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'the name of this host is not known',
  EHOSTUNREACH: 'this host cannot be reached',
  ETIMEDOUT: 'no answer in time',
};

export function wordsOfDelivery(
  delivery: CamlyticsWebhookView['lastDelivery'],
  nowEpochMs: number = Date.now(),
): string {
  if (!delivery) return 'Nothing was delivered yet';
  const when = formatSince(delivery.createdEpochMs, nowEpochMs);
  if (delivery.state === 'delivered') return `Last delivered ${when}`;
  const answer =
    delivery.answerStatus === null
      ? (reasonOf(delivery.answer) ?? 'no answer')
      : `the answer was ${delivery.answerStatus}`;
  if (delivery.state === 'failed') return `Failed ${when}, given up after four attempts: ${answer}`;
  return delivery.answer === null && delivery.answerStatus === null
    ? `On its way since ${when}`
    : `Trying again since ${when}: ${answer}`;
}

function reasonOf(answer: string | null): string | null {
  const code = answer === null ? undefined : Object.keys(REASONS).find((one) => answer.includes(one));
  return code ? REASONS[code]! : (answer?.replace(/\.$/, '') ?? null);
}
