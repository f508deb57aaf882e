/** Makes JPEGs of an analysed picture: the whole, and an object cut out with some margin. */

import type { Colour } from '../../shared/domain-events.ts';
import type { Box } from '../../shared/geometry.ts';
import { sharp } from '../platform/sharp.ts';
import { dominantColour } from './colour/colour.ts';
import type { KeptPictures } from './pictures/kept.ts';
import { type Picture, toRgb } from './pictures/picture.ts';

export interface Snapshot {
  /** JPEG of the whole picture, without marks. */
  picture: Buffer;
  /** JPEG of the object; null without a box. */
  crop: Buffer | null;
  colour: Colour | null;
}

/** Room left around a cut-out object, as a share of its size. */
const MARGIN = 0.15;
const QUALITY = 88;
/** A box belongs to one picture: in another one something else is at its place. */
const SAME_PICTURE_MS = 50;

/** The kept picture nearest to a time, with what is in the box if it is the picture of that very time; null when none is near. */
export async function snapshotAt(
  kept: KeptPictures,
  atMs: number,
  box: Box | null,
): Promise<Snapshot | null> {
  const picture = kept.nearest(atMs);
  if (!picture) return null;
  return makeSnapshot(picture, Math.abs(picture.atMs - atMs) <= SAME_PICTURE_MS ? box : null);
}

/** The picture, the object in the box (fractions of the picture) and its colour. */
export async function makeSnapshot(picture: Picture, box: Box | null): Promise<Snapshot> {
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  const part = box && planCrop(box, picture.width, picture.height);
  // Everything is read off the picture before the first wait: its buffer may be used again after that.
  const colour = box ? dominantColour(picture, box) : null;
  const [jpeg, crop] = await Promise.all([encode(picture, whole), part ? encode(picture, part) : null]);
  return { picture: jpeg, crop, colour };
}

/** Pixels of the box with its margin, inside the picture; null when nothing of it is inside. */
export function planCrop(box: Box, width: number, height: number) {
  const left = Math.max(0, Math.floor((box.x - box.width * MARGIN) * width));
  const top = Math.max(0, Math.floor((box.y - box.height * MARGIN) * height));
  const right = Math.min(width, Math.ceil((box.x + box.width * (1 + MARGIN)) * width));
  const bottom = Math.min(height, Math.ceil((box.y + box.height * (1 + MARGIN)) * height));
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : null;
}

function encode(
  picture: Picture,
  part: { left: number; top: number; width: number; height: number },
): Promise<Buffer> {
  const raw = { width: part.width, height: part.height, channels: 3 as const };
  return sharp(toRgb(picture, part), { raw })
    .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
