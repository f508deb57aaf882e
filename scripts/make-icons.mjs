/**
 * Makes `resources/icons` from `resources/icon.svg`: icon.png (512), icon.ico (Windows), icon.icns (macOS). Run after the SVG was
 * changed: `node scripts/make-icons.mjs`. Both formats are containers of PNGs, which systems have read since Vista and 10.7.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Type codes of icns by the picture's side in pixels. */
const ICNS_TYPES = { ic11: 32, ic12: 64, ic07: 128, ic08: 256, ic13: 256, ic09: 512, ic14: 512, ic10: 1024 };

/** A Windows icon of square PNGs, `[{size, png}]`, none larger than 256. */
export function buildIco(pictures) {
  const headerBytes = 6 + 16 * pictures.length;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = headerBytes;
  for (const [index, { size, png }] of pictures.entries()) {
    const entry = 6 + 16 * index;
    // 256 is written as 0.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/** A macOS icon of PNGs, `[{type, png}]`. */
export function buildIcns(pictures) {
  const chunks = pictures.map(({ type, png }) => Buffer.concat([chunkHeader(type, png.length), png]));
  const body = Buffer.concat(chunks);
  return Buffer.concat([chunkHeader('icns', body.length), body]);
}

function chunkHeader(type, bodyBytes) {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(bodyBytes + 8, 4);
  return header;
}

async function main() {
  const svg = readFileSync(join(ROOT, 'resources/icon.svg'));
  const draw = (size) =>
    sharp(svg, { density: (72 * size) / 64 })
      .resize(size, size)
      .png({ compressionLevel: 9 })
      .toBuffer();
  const folder = join(ROOT, 'resources/icons');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'icon.png'), await draw(512));
  const ico = await Promise.all(ICO_SIZES.map(async (size) => ({ size, png: await draw(size) })));
  writeFileSync(join(folder, 'icon.ico'), buildIco(ico));
  const icns = await Promise.all(
    Object.entries(ICNS_TYPES).map(async ([type, size]) => ({ type, png: await draw(size) })),
  );
  writeFileSync(join(folder, 'icon.icns'), buildIcns(icns));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
