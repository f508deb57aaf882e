import { expect, test } from 'vitest';
import { ManualClock } from '../platform/clock.ts';
import { addressKey, FailureCounts, TokenBuckets } from './rate-limits.ts';

test('a bucket gives its capacity at once, then what is refilled', () => {
  const clock = new ManualClock();
  const buckets = new TokenBuckets({ capacity: 600, refillPerSecond: 20, clock });
  for (let i = 0; i < 600; i++) expect(buckets.take('a')).toBe(0);
  expect(buckets.take('a')).toBe(1);
  expect(buckets.take('b')).toBe(0);
  clock.advance(1000);
  for (let i = 0; i < 20; i++) expect(buckets.take('a')).toBe(0);
  expect(buckets.take('a')).toBe(1);
});

test('failures are counted per window', () => {
  const clock = new ManualClock();
  const counts = new FailureCounts({ limit: 3, windowMs: 60_000, clock });
  expect([counts.fail('a'), counts.fail('a'), counts.fail('a')]).toEqual([0, 0, 0]);
  clock.advance(10_000);
  expect(counts.fail('a')).toBe(50);
  expect(counts.blockedSeconds('a')).toBe(50);
  expect(counts.blockedSeconds('b')).toBe(0);
  clock.advance(50_000);
  expect(counts.blockedSeconds('a')).toBe(0);
  expect(counts.fail('a')).toBe(0);
});

test.each([
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
])('address %s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});
