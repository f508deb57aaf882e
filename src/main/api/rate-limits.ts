/** How much one client may ask: a token bucket per credential, a count of failed authentications per address. */
import type { Clock } from '../platform/clock.ts';

/** Keys remembered at once; beyond, the one longest unused is forgotten. */
const MAX_KEYS = 10_000;

/** Token buckets: `capacity` requests at once, refilled by `refillPerSecond`. */
export class TokenBuckets {
  private readonly capacity: number;
  private readonly refillPerSecond: number;
  private readonly clock: Clock;
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(options: { capacity: number; refillPerSecond: number; clock: Clock }) {
    this.capacity = options.capacity;
    this.refillPerSecond = options.refillPerSecond;
    this.clock = options.clock;
  }

  /** Takes one; 0 when it was there, otherwise the whole seconds after which to try again. */
  take(key: string): number {
    const nowMs = this.clock.monotonicMs();
    const before = this.buckets.get(key);
    const refilled = before
      ? before.tokens + ((nowMs - before.atMs) / 1000) * this.refillPerSecond
      : this.capacity;
    const tokens = Math.min(this.capacity, refilled);
    remember(this.buckets, key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.refillPerSecond));
  }
}

/** Counts failures per key in windows of fixed length that begin with the first failure. */
export class FailureCounts {
  private readonly limit: number;
  private readonly windowMs: number;
  private readonly clock: Clock;
  private readonly windows = new Map<string, { failures: number; endsMs: number }>();

  constructor(options: { limit: number; windowMs: number; clock: Clock }) {
    this.limit = options.limit;
    this.windowMs = options.windowMs;
    this.clock = options.clock;
  }

  /** Notes a failure; 0 while within the limit, otherwise the whole seconds until the window ends. */
  fail(key: string): number {
    const window = this.current(key) ?? { failures: 0, endsMs: this.clock.monotonicMs() + this.windowMs };
    window.failures += 1;
    remember(this.windows, key, window);
    return window.failures > this.limit ? this.secondsLeft(window.endsMs) : 0;
  }

  /** Seconds to wait when the limit has been reached; 0 otherwise. */
  blockedSeconds(key: string): number {
    const window = this.current(key);
    return window && window.failures >= this.limit ? this.secondsLeft(window.endsMs) : 0;
  }

  forgive(key: string): void {
    this.windows.delete(key);
  }

  private current(key: string) {
    const window = this.windows.get(key);
    return window && window.endsMs > this.clock.monotonicMs() ? window : undefined;
  }

  private secondsLeft(endsMs: number): number {
    return Math.max(1, Math.ceil((endsMs - this.clock.monotonicMs()) / 1000));
  }
}

/** Addresses that belong together: an IPv4 address, or the /64 network of an IPv6 one. */
export function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_KEYS) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}
