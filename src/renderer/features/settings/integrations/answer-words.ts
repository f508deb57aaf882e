/** Why an address did not answer, in words. Pure. */
import { t } from '@lingui/core/macro';

const REASONS: Record<string, string> = {
  ECONNREFUSED: t`nothing listens at this address`,
  ECONNRESET: t`the connection was broken off`,
  ENOTFOUND: t`the name of this host is not known`,
  EHOSTUNREACH: t`this host cannot be reached`,
  ETIMEDOUT: t`no answer in time`,
};

/** `answer`: what the delivery noted without an HTTP status; null: nothing. */
export function wordsOfNoAnswer(answer: string | null): string {
  const text = (answer ?? '').trim().replace(/\.$/, '');
  const code = Object.keys(REASONS).find((one) => text.includes(one));
  return code ? REASONS[code]! : text || t`no answer`;
}
