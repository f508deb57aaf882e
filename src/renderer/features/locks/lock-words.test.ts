import { expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/units.ts';
import { expiryOf, keptWords, rangeWords } from './lock-words.ts';

it('keeps for days, or until it is removed', () => {
  expect(expiryOf('90', 1000)).toBe(1000 + 90 * DAY_MS);
  expect(expiryOf('always', 1000)).toBeNull();
});

it('says by whom and until when', () => {
  expect(keptWords({ createdBy: 'a@b.test', expiresEpochMs: null })).toBe(
    'Locked by a@b.test until it is removed',
  );
  expect(keptWords({ createdBy: '', expiresEpochMs: Date.now() })).toBe('Locked until today');
});

it('names the day of the end only where it is another', () => {
  const start = new Date(2026, 2, 3, 22, 0, 0).getTime();
  const day = /3|03/;
  expect(rangeWords({ startEpochMs: start, endEpochMs: start + 60_000 })).toMatch(day);
  expect(rangeWords({ startEpochMs: start, endEpochMs: start + 60_000 }).length).toBeLessThan(
    rangeWords({ startEpochMs: start, endEpochMs: start + DAY_MS }).length,
  );
});
