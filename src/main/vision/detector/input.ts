/** Fills a model's input tensor from a picture: luma and colour differences to normalised channels, padding once. Pure but for the tensor. */
import { AppError } from '../../../shared/errors.ts';
import type { ModelCard } from '../models/card.ts';
import {
  BLUE_BY_BLUE,
  chromaOf,
  GREEN_BY_BLUE,
  GREEN_BY_RED,
  LEVEL,
  lumaOf,
  type Picture,
  RED_BY_RED,
} from '../pictures/picture.ts';
import type { Letterbox } from './letterbox.ts';

/** Levels plus differences reach from about -280 to 540; tables are indexed from here. */
const OFFSET = 384;
const TABLE_SIZE = 1024;

/** From an unclipped channel value (plus `OFFSET`) to what the model is given, for each channel of the tensor. */
export type ChannelTables = readonly [Float32Array, Float32Array, Float32Array];

export function planTables(card: ModelCard): ChannelTables {
  const table = (channel: number) => {
    const value = normalise(card, channel);
    return Float32Array.from({ length: TABLE_SIZE }, (_, i) => value(Math.max(0, Math.min(255, i - OFFSET))));
  };
  return [table(0), table(1), table(2)];
}

/** A tensor's values with the padding in place: pictures of the planned size never touch it. */
export function newInput(letterbox: Letterbox, card: ModelCard): Float32Array {
  const plane = letterbox.inputWidth * letterbox.inputHeight;
  const values = new Float32Array(plane * 3);
  for (let channel = 0; channel < 3; channel++) {
    values.fill(normalise(card, channel)(card.input.padValue), channel * plane, (channel + 1) * plane);
  }
  return values;
}

/** Writes the picture into the tensor; leaves the padding alone. */
export function fillInput(
  values: Float32Array,
  picture: Picture,
  letterbox: Letterbox,
  card: ModelCard,
  tables: ChannelTables,
): void {
  const { inputWidth, inputHeight, pictureWidth: width, pictureHeight: height } = letterbox;
  if (picture.width !== width || picture.height !== height) {
    throw new AppError(
      'internal',
      `A picture of ${picture.width}x${picture.height} came where ${width}x${height} was planned.`,
    );
  }
  const luma = lumaOf(picture);
  const { blue: blues, red: reds, width: chromaWidth } = chromaOf(picture);
  const plane = inputWidth * inputHeight;
  const [first, green, last] = tables;
  const isBgr = card.input.channelOrder === 'BGR';
  const blueTable = isBgr ? first : last;
  const redTable = isBgr ? last : first;
  const blueAt = isBgr ? 0 : 2 * plane;
  const redAt = isBgr ? 2 * plane : 0;
  for (let y = 0; y < height; y++) {
    let from = y * width;
    let to = y * inputWidth;
    const start = (y >> 1) * chromaWidth;
    for (let colour = start; colour < start + chromaWidth; colour++, from += 2, to += 2) {
      const cb = blues[colour]!;
      const cr = reds[colour]!;
      const red = RED_BY_RED[cr]! + OFFSET;
      const middle = GREEN_BY_RED[cr]! + GREEN_BY_BLUE[cb]! + OFFSET;
      const blue = BLUE_BY_BLUE[cb]! + OFFSET;
      const level = LEVEL[luma[from]!]!;
      values[blueAt + to] = blueTable[level + blue]!;
      values[plane + to] = green[level + middle]!;
      values[redAt + to] = redTable[level + red]!;
      // Written out for both pixels of a colour: a loop over them takes twice as long.
      if (2 * (colour - start) + 1 >= width) continue;
      const next = LEVEL[luma[from + 1]!]!;
      values[blueAt + to + 1] = blueTable[next + blue]!;
      values[plane + to + 1] = green[next + middle]!;
      values[redAt + to + 1] = redTable[next + red]!;
    }
  }
}

function normalise({ input }: ModelCard, channel: number): (byte: number) => number {
  return (byte) => (byte * input.scale - input.mean[channel]!) / input.std[channel]!;
}
