import { describe, expect, it } from 'vitest';
import { remainingMs } from './exports-store.ts';

describe('time left of an export', () => {
  it.each([
    [0.5, { atMs: 0, progress: 0 }, 10_000, 10_000],
    [0.75, { atMs: 0, progress: 0.25 }, 20_000, 10_000],
    [0.51, { atMs: 0, progress: 0.5 }, 10_000, null],
    [0.9, { atMs: 0, progress: 0 }, 1000, null],
  ])('at %d', (progress, first, now, expected) => {
    expect(remainingMs({ progress }, first, now)).toBe(expected);
  });
  it('is unknown for a job just met', () => {
    expect(remainingMs({ progress: 0.4 }, undefined, 5000)).toBeNull();
  });
});
