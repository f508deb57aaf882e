/** Addresses that open without a header: signed for one thing, good for a limited time. */
import { timingSafeEqual } from 'node:crypto';
import { HOUR_MS } from '../../../shared/units.ts';

/** What a signature is good for. */
export type SignedThing = 'archive' | 'preview' | 'live' | 'event' | 'export';

export interface Signature {
  signature: string;
  /** Unix time in seconds. */
  exp: number;
}

const LIFE_MS = 24 * HOUR_MS;

export class UrlSigner {
  private readonly digest: (text: string) => string;
  private readonly now: () => number;

  /** `digest` is keyed; `now` in epoch ms. */
  constructor(digest: (text: string) => string, now: () => number) {
    this.digest = digest;
    this.now = now;
  }

  /** Good for a day and up to an hour: within an hour the same thing has the same signature. */
  sign(thing: SignedThing, id: string): Signature {
    const exp = (Math.floor(this.now() / HOUR_MS) * HOUR_MS + HOUR_MS + LIFE_MS) / 1000;
    return { signature: this.compute(thing, id, exp), exp };
  }

  isGood(thing: SignedThing, id: string, signature: unknown, exp: unknown): boolean {
    if (typeof signature !== 'string' || !/^\d{1,12}$/.test(String(exp))) return false;
    if (Number(exp) * 1000 <= this.now()) return false;
    const right = Buffer.from(this.compute(thing, id, Number(exp)));
    const given = Buffer.from(signature);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  /** As one part of a path. */
  token(thing: SignedThing, id: string): string {
    const { signature, exp } = this.sign(thing, id);
    return `${exp}-${signature}`;
  }

  isGoodToken(thing: SignedThing, id: string, token: string): boolean {
    const match = /^(\d+)-([0-9a-f]+)$/.exec(token);
    return match !== null && this.isGood(thing, id, match[2], match[1]);
  }

  private compute(thing: SignedThing, id: string, exp: number): string {
    return this.digest(`signed url ${thing} ${id.toLowerCase()} ${exp}`);
  }
}
