import { expect, test } from 'vitest';
import { KeptPictures } from './pictures/kept.ts';
import { paintPicture } from './pictures/painted.ts';
import { snapshotAt } from './snapshot.ts';

const BOX = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

/** Something red in the box at 1 s, gone at 1.2 s. */
function kept(): KeptPictures {
  const pictures = new KeptPictures({ keepMs: 4000, mostBytes: 1_000_000 });
  const grey = [90, 90, 90] as const;
  const isInBox = (x: number, y: number) => x >= 16 && x < 48 && y >= 12 && y < 36;
  pictures.add(paintPicture(64, 48, 1000, (x, y) => (isInBox(x, y) ? [200, 20, 20] : grey)));
  pictures.add(paintPicture(64, 48, 1200, () => grey));
  return pictures;
}

test('what is in a box is cut out of the picture of its time', async () => {
  expect(await snapshotAt(kept(), 1000, BOX)).toMatchObject({ colour: 'red', crop: expect.any(Buffer) });
  expect(await snapshotAt(kept(), 1200, BOX)).toMatchObject({ colour: 'gray', crop: expect.any(Buffer) });
});

test('where the picture of its time is gone nothing is cut out of another', async () => {
  const late = await snapshotAt(kept(), 2000, BOX);
  expect(late).toMatchObject({ picture: expect.any(Buffer), crop: null, colour: null });
  expect(await snapshotAt(kept(), 9000, BOX)).toBeNull();
});
