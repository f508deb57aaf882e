/** The dominant colour of an object in Camio's colour words, judged on its core (a person's upper body) against what surrounds it. Pure. */
import type { Colour } from '../../../shared/domain-events.ts';
import { COLOURS } from '../../../shared/domain-events.ts';
import type { Box } from '../../../shared/geometry.ts';
import { type Picture, toRgb } from '../pictures/picture.ts';

/** Fewer pixels than this say nothing. */
const MIN_PIXELS = 24;
/** Differences of the channels below this are noise or tint, not colour; bytes. */
const MIN_CHROMA = 26;
/** Black and gray are also shadow and road: of equal shares, the colour wins. */
const ACHROMATIC_WEIGHT = 0.7;

interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The colour of what is in the box (fractions of the picture), or null when it is too small to tell. */
export function dominantColour(picture: Picture, box: Box): Colour | null {
  const core = toPixels(picture, corePart(box, picture.width / picture.height));
  const pixels = (core.right - core.left) * (core.bottom - core.top);
  if (pixels < MIN_PIXELS) return null;
  const inside = countBins(picture, core, null);
  const around = countBins(picture, toPixels(picture, grow(box, 0.35)), toPixels(picture, box));
  const weights = new Map<Colour, number>();
  forEachPixel(picture, core, null, (red, green, blue) => {
    const bin = binOf(red, green, blue);
    const own = inside.counts[bin]! / inside.total;
    const background = around.total > 0 ? around.counts[bin]! / around.total : 0;
    const word = colourWord(red, green, blue);
    const plain = word === 'black' || word === 'gray' ? ACHROMATIC_WEIGHT : 1;
    weights.set(word, (weights.get(word) ?? 0) + (plain * own) / (own + background));
  });
  let best: Colour | null = null;
  for (const word of COLOURS) if ((weights.get(word) ?? 0) > (best ? weights.get(best)! : 0)) best = word;
  return best;
}

/** The word for one colour; bytes. Hue borders follow common usage: orange below amber, brown for dark orange. */
export function colourWord(red: number, green: number, blue: number): Colour {
  const high = Math.max(red, green, blue);
  const chroma = high - Math.min(red, green, blue);
  if (high < 50) return 'black';
  if (chroma < MIN_CHROMA || chroma / high < 0.17) return high < 70 ? 'black' : high > 190 ? 'white' : 'gray';
  const hue = hueOf(red, green, blue, high, chroma);
  const strong = chroma / high;
  if (hue < 14 || hue >= 345)
    return high > 200 && strong < 0.5 ? 'pink' : high < 90 && hue < 14 && hue > 5 ? 'brown' : 'red';
  if (hue < 42) return high < 165 || strong < 0.4 ? 'brown' : 'orange';
  if (hue < 68) return high < 110 ? 'brown' : 'yellow';
  if (hue < 165) return 'green';
  if (hue < 255) return 'blue';
  if (hue < 292) return 'purple';
  return high > 150 ? 'pink' : 'purple';
}

/** Hue in degrees, 0 red, 120 green, 240 blue. */
function hueOf(red: number, green: number, blue: number, high: number, chroma: number): number {
  if (high === red) return (60 * ((green - blue) / chroma) + 360) % 360;
  if (high === green) return 60 * ((blue - red) / chroma) + 120;
  return 60 * ((red - green) / chroma) + 240;
}

/** What shows the object and not its background: the upper body of something upright, the middle of anything else. */
function corePart(box: Box, aspectRatio: number): Box {
  const upright = box.height > 1.3 * box.width * aspectRatio;
  return upright
    ? {
        x: box.x + box.width * 0.28,
        y: box.y + box.height * 0.18,
        width: box.width * 0.44,
        height: box.height * 0.34,
      }
    : {
        x: box.x + box.width * 0.2,
        y: box.y + box.height * 0.25,
        width: box.width * 0.6,
        height: box.height * 0.45,
      };
}

function grow(box: Box, share: number): Box {
  return {
    x: box.x - box.width * share,
    y: box.y - box.height * share,
    width: box.width * (1 + 2 * share),
    height: box.height * (1 + 2 * share),
  };
}

function toPixels(picture: Picture, box: Box): PixelBox {
  const clamp = (value: number, size: number) => Math.max(0, Math.min(size, Math.round(value)));
  return {
    left: clamp(box.x * picture.width, picture.width),
    top: clamp(box.y * picture.height, picture.height),
    right: clamp((box.x + box.width) * picture.width, picture.width),
    bottom: clamp((box.y + box.height) * picture.height, picture.height),
  };
}

/** 512 coarse colours. */
function binOf(red: number, green: number, blue: number): number {
  return ((red >> 5) << 6) | ((green >> 5) << 3) | (blue >> 5);
}

function countBins(
  picture: Picture,
  part: PixelBox,
  without: PixelBox | null,
): { counts: Uint32Array; total: number } {
  const counts = new Uint32Array(512);
  let total = 0;
  forEachPixel(picture, part, without, (red, green, blue) => {
    counts[binOf(red, green, blue)]!++;
    total++;
  });
  return { counts, total };
}

function forEachPixel(
  picture: Picture,
  part: PixelBox,
  without: PixelBox | null,
  visit: (red: number, green: number, blue: number) => void,
): void {
  const [width, height] = [part.right - part.left, part.bottom - part.top];
  if (width <= 0 || height <= 0) return;
  const rgb = toRgb(picture, { left: part.left, top: part.top, width, height });
  let at = 0;
  for (let y = part.top; y < part.bottom; y++) {
    const skips = without !== null && y >= without.top && y < without.bottom;
    for (let x = part.left; x < part.right; x++, at += 3) {
      if (skips && x >= without.left && x < without.right) continue;
      visit(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!);
    }
  }
}
