/** Why an address did not answer, in words. Pure. */

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at this address',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'the name of this host is not known',
  EHOSTUNREACH: 'this host cannot be reached',
  ETIMEDOUT: 'no answer in time',
};

/** `answer`: what the delivery noted without an HTTP status; null: nothing. */
export function wordsOfNoAnswer(answer: string | null): string {
  const text = (answer ?? '').trim().replace(/\.$/, '');
  const code = Object.keys(REASONS).find((one) => text.includes(one));
  return code ? REASONS[code]! : text || 'no answer';
}
