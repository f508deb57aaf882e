import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';

const icons = (name: string) => readFileSync(resolve(import.meta.dirname, '../resources/icons', name));

test('the icon for Windows holds the sizes that its shell asks for, each as it says', async () => {
  const file = icons('icon.ico');
  expect([file.readUInt16LE(0), file.readUInt16LE(2)]).toEqual([0, 1]);
  const sizes: number[] = [];
  for (let entry = 6; entry < 6 + 16 * file.readUInt16LE(4); entry += 16) {
    const [bytes, offset] = [file.readUInt32LE(entry + 8), file.readUInt32LE(entry + 12)];
    const { width, height, format } = await sharp(file.subarray(offset, offset + bytes)).metadata();
    expect([width! % 256, height! % 256, format]).toEqual([file[entry], file[entry + 1], 'png']);
    sizes.push(width!);
  }
  expect(sizes).toEqual(expect.arrayContaining([16, 32, 48, 256]));
});

test('the icon for macOS is whole and goes up to 1024 pixels', async () => {
  const file = icons('icon.icns');
  expect(file.toString('latin1', 0, 4)).toBe('icns');
  expect(file.readUInt32BE(4)).toBe(file.length);
  const sizes = new Map<string, number>();
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
    const png = file.subarray(at + 8, at + file.readUInt32BE(at + 4));
    sizes.set(file.toString('latin1', at, at + 4), (await sharp(png).metadata()).width!);
  }
  expect(Object.fromEntries(sizes)).toMatchObject({ ic07: 128, ic09: 512, ic10: 1024 });
});

test('the icon for Linux and the tray is large enough for every desktop', async () => {
  expect(await sharp(icons('icon.png')).metadata()).toMatchObject({ width: 512, height: 512, format: 'png' });
});
