/** A ticket that signs one account in, once: the page that changed the address takes it along to the new one. */
import { randomBytes, timingSafeEqual } from 'node:crypto';

export class Ticket {
  readonly value = randomBytes(32).toString('base64url');
  private readonly accountId: number;
  private isUsed = false;

  constructor(accountId: number) {
    this.accountId = accountId;
  }

  /** Whose it is; null for another value, and from the second time on. */
  take(value: string): number | null {
    const [given, own] = [Buffer.from(value), Buffer.from(this.value)];
    if (this.isUsed || given.length !== own.length || !timingSafeEqual(given, own)) return null;
    this.isUsed = true;
    return this.accountId;
  }
}
