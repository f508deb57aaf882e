import { expect, test } from 'vitest';
import { keepMemoryLevel } from './heap.ts';

test('what nothing refers to is collected in time', async () => {
  const garbage = new WeakRef({ bytes: new Uint8Array(1000) });
  const stop = keepMemoryLevel(20);
  await expect.poll(() => garbage.deref() === undefined, { timeout: 20_000, interval: 50 }).toBe(true);
  stop();
});
