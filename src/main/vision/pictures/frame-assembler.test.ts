import { expect, test, vi } from 'vitest';
import { BufferPool, FrameAssembler } from './frame-assembler.ts';
import { openPicturePipe } from './picture-pipe.ts';

const FRAME = 6;
const bytes = (from: number, to: number) => Uint8Array.from({ length: to - from }, (_, i) => from + i);

test.each([
  ['whole pictures', [6, 12]],
  ['pieces that end within pictures', [1, 4, 7, 11, 12]],
  ['several pictures in one piece', [12]],
])('%s', async (_, borders) => {
  const assembler = new FrameAssembler(FRAME, new BufferPool(), () => {});
  let from = 0;
  for (const to of borders) {
    assembler.push(bytes(from, to));
    from = to;
  }
  assembler.push(bytes(12, 15));
  assembler.end();
  expect(await assembler.next()).toEqual(bytes(0, 6));
  expect(await assembler.next()).toEqual(bytes(6, 12));
  expect(await assembler.next(), 'a picture that is not whole').toBeNull();
});

test('who does not take pictures gets no more of them until one is taken', async () => {
  const resume = vi.fn();
  const assembler = new FrameAssembler(FRAME, new BufferPool(), resume);
  expect(assembler.push(bytes(0, 6))).toBe(true);
  expect(assembler.push(bytes(6, 12))).toBe(false);
  expect(resume).not.toHaveBeenCalled();
  await assembler.next();
  expect(resume).toHaveBeenCalledOnce();
});

test('a buffer that was given back is filled again', async () => {
  const pool = new BufferPool();
  const assembler = new FrameAssembler(FRAME, pool, () => {});
  assembler.push(bytes(0, 6));
  const first = (await assembler.next())!;
  pool.give(first);
  assembler.push(bytes(6, 12));
  expect(await assembler.next()).toBe(first);
});

test('through the pipe come all bytes, also after it was told to wait', async () => {
  const pool = new BufferPool();
  const picture = new Uint8Array(300_000).fill(7);
  let pipe: Awaited<ReturnType<typeof openPicturePipe>> | null = null;
  const assembler = new FrameAssembler(picture.length, pool, () => pipe?.ours.resume());
  pipe = await openPicturePipe(assembler);
  pipe.ours.on('close', () => assembler.end());
  for (let i = 0; i < 5; i++) pipe.theirs.write(picture);
  pipe.theirs.end();
  let count = 0;
  for (let data = await assembler.next(); data; data = await assembler.next()) {
    count++;
    expect(Buffer.compare(data, picture)).toBe(0);
    pool.give(data);
  }
  expect(count).toBe(5);
});
