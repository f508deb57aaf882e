import { expect, test } from 'vitest';
import { openBackup, sealBackup } from './backup-file.ts';

test('opens with its passphrase only, and only unchanged', async () => {
  const file = await sealBackup('{"secret":"word"}', 'correct horse');
  expect(file.includes('word')).toBe(false);
  expect(await openBackup(file, 'correct horse')).toBe('{"secret":"word"}');
  await expect(openBackup(file, 'wrong horse')).rejects.toThrow('The passphrase does not fit');
  const changed = Buffer.from(file);
  changed[changed.length - 1]! ^= 1;
  await expect(openBackup(changed, 'correct horse')).rejects.toThrow('damaged');
  await expect(openBackup(file.subarray(0, 30), 'correct horse')).rejects.toThrow('is no backup');
  await expect(openBackup(Buffer.from('{}'), 'correct horse')).rejects.toThrow('is no backup');
});
