import { expect, test } from 'vitest';
import { bytesOf } from './progressive.ts';
import { MAX_SAMPLE_BYTES, SampleTables } from './sample-tables.ts';

const sample = { size: 7, decodeTime: 0, duration: 1, compositionOffset: 0, keyframe: true };

test.each([false, true])('tables stay within their bound whatever the samples are (64 bits: %s)', (wide) => {
  const tables = new SampleTables();
  const count = 20_000;
  let [decodeTime, offset] = [0, 0];
  for (let index = 0; index < count; index++) {
    const keyframe = index % 100 !== 1;
    tables.add({ ...sample, decodeTime, compositionOffset: index % 3, keyframe }, offset);
    decodeTime += 1 + (index % 2);
    offset += sample.size + (index % 3 === 0 ? 0 : 1);
  }
  const bytes = bytesOf(tables.build(1000, wide));
  expect(bytes).toBeGreaterThan(count * 20);
  expect(bytes).toBeLessThan(count * MAX_SAMPLE_BYTES + 200);
});

test('constant pictures side by side need a size each and little more', () => {
  const tables = new SampleTables();
  for (let index = 0; index < 10_000; index++)
    tables.add({ ...sample, decodeTime: index, keyframe: index === 0 }, index * sample.size);
  expect(bytesOf(tables.build(0, false))).toBeLessThan(40_300);
});
