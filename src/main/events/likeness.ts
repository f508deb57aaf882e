/**
 * How alike two events are: what was seen (labels), where and how large (box), and, where there is a picture, its colours and
 * coarse shape. A hand-made vector, not a learned one: good at "the same red jacket at the same door", not at telling people apart.
 */

import { COLOURS, type NvrEvent } from '../../shared/domain-events.ts';
import { labelKey } from '../../shared/label-key.ts';
import { sharp } from '../platform/sharp.ts';
import type { EventStore } from '../store/events.ts';

export interface Ranked {
  event: NvrEvent;
  /** 0..1 */
  similarity: number;
}

/** Colours by thirds of the height (head, body, legs), 24 each, then an 8 x 8 picture of brightness. */
const COLOUR_BINS = 24;
const BANDS = 3;
const SHAPE = 8;
export const VECTOR_BYTES = BANDS * COLOUR_BINS + SHAPE * SHAPE;
const PIXELS = 24;

/** Weights of the parts; without pictures the others share theirs. */
const WEIGHT = { labels: 0.35, box: 0.15, colours: 0.35, shape: 0.15 };

/** The vector of a picture, best of the object alone; null when it cannot be decoded. */
export async function describePicture(jpeg: Buffer): Promise<Uint8Array | null> {
  try {
    const pixels = await sharp(jpeg, { failOn: 'none' })
      .resize(PIXELS, PIXELS, { fit: 'fill' })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer();
    return buildVector(pixels);
  } catch {
    // Not a picture that can be decoded: it is compared by its other traits.
    return null;
  }
}

/** Orders events by likeness to one of them and keeps the first. */
export function rankByLikeness(
  store: Pick<EventStore, 'bySequences' | 'vectors'>,
  like: NvrEvent,
  sequences: readonly number[],
  limit: number,
): Ranked[] {
  const vectors = store.vectors([like.sequence, ...sequences]);
  const own = vectors.get(like.sequence) ?? null;
  const traits = traitsOf(like);
  const best: Ranked[] = [];
  // In parts, so that an archive's worth of events is never in memory at once.
  for (let at = 0; at < sequences.length; at += 1000) {
    for (const event of store.bySequences(sequences.slice(at, at + 1000))) {
      const similarity = compare(traits, own, traitsOf(event), vectors.get(event.sequence) ?? null);
      best.push({ event, similarity });
    }
    best.sort((a, b) => b.similarity - a.similarity || b.event.startEpochMs - a.event.startEpochMs);
    best.length = Math.min(best.length, limit);
  }
  return best;
}

interface Traits {
  labels: Set<string>;
  box: { width: number; height: number; x: number; y: number } | null;
  colour: string | null;
}

function traitsOf({ labels, detail, cameraId }: NvrEvent): Traits {
  const colours = new Set<string>(COLOURS);
  const keys = labels.map(labelKey);
  const { box } = detail;
  return {
    labels: new Set([...keys.filter((key) => !colours.has(key)), `camera ${cameraId}`]),
    box: box
      ? { width: box.width, height: box.height, x: box.x + box.width / 2, y: box.y + box.height }
      : null,
    colour: detail.colour ?? keys.find((key) => colours.has(key)) ?? null,
  };
}

function compare(a: Traits, vectorA: Uint8Array | null, b: Traits, vectorB: Uint8Array | null): number {
  const parts: Array<[weight: number, likeness: number]> = [
    [WEIGHT.labels, shareOfLabels(a.labels, b.labels)],
  ];
  if (a.box && b.box) parts.push([WEIGHT.box, likenessOfBoxes(a.box, b.box)]);
  if (vectorA && vectorB && vectorA.length === vectorB.length) {
    parts.push([WEIGHT.colours, overlap(vectorA, vectorB, BANDS * COLOUR_BINS)]);
    parts.push([WEIGHT.shape, correlation(vectorA, vectorB, BANDS * COLOUR_BINS)]);
  } else if (a.colour && b.colour) parts.push([WEIGHT.colours, Number(a.colour === b.colour)]);
  const weight = parts.reduce((sum, [own]) => sum + own, 0);
  const likeness = parts.reduce((sum, [own, part]) => sum + own * part, 0) / weight;
  // Only an event itself is fully like itself.
  return Math.round(Math.min(0.999, Math.max(0, likeness)) * 1000) / 1000;
}

function shareOfLabels(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const label of a) if (b.has(label)) common += 1;
  return common / Math.max(1, a.size + b.size - common);
}

function likenessOfBoxes(a: NonNullable<Traits['box']>, b: NonNullable<Traits['box']>): number {
  const ratio = (x: number, y: number) => Math.min(x, y) / Math.max(x, y, 1e-6);
  const near = Math.max(0, 1 - Math.hypot(a.x - b.x, a.y - b.y));
  return (ratio(a.width, b.width) + ratio(a.height, b.height) + near) / 3;
}

/** Of two histograms in bytes: the share they have in common. */
function overlap(a: Uint8Array, b: Uint8Array, length: number): number {
  let common = 0;
  let most = 0;
  for (let i = 0; i < length; i++) {
    common += Math.min(a[i]!, b[i]!);
    most += Math.max(a[i]!, b[i]!);
  }
  return most === 0 ? 0 : common / most;
}

/** Pearson's correlation of the pictures of brightness, negative as 0. */
function correlation(a: Uint8Array, b: Uint8Array, from: number): number {
  const mean = (values: Uint8Array) => {
    let sum = 0;
    for (let i = from; i < values.length; i++) sum += values[i]!;
    return sum / (values.length - from);
  };
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = from; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return squareA && squareB ? Math.max(0, product / Math.sqrt(squareA * squareB)) : 0;
}

function buildVector(pixels: Uint8Array): Uint8Array {
  const counts = new Float64Array(BANDS * COLOUR_BINS);
  const brightness = new Float64Array(SHAPE * SHAPE);
  const cell = PIXELS / SHAPE;
  for (let y = 0; y < PIXELS; y++) {
    for (let x = 0; x < PIXELS; x++) {
      const at = (y * PIXELS + x) * 3;
      const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
      const band = Math.floor((y * BANDS) / PIXELS);
      // The middle of the picture is the object, its edge mostly background.
      const weight = x >= PIXELS / 4 && x < (PIXELS * 3) / 4 ? 2 : 1;
      counts[band * COLOUR_BINS + colourBin(red, green, blue)]! += weight;
      const cellAt = Math.floor(y / cell) * SHAPE + Math.floor(x / cell);
      brightness[cellAt]! += (red * 2 + green * 5 + blue) / 8 / (cell * cell);
    }
  }
  const most = ((PIXELS * PIXELS) / BANDS) * 1.5;
  return Uint8Array.from([
    ...counts.map((value) => Math.min(255, Math.round((value / most) * 255))),
    ...brightness.map((value) => Math.min(255, Math.round(value))),
  ]);
}

/** 18 hues where there is colour, else 6 greys. */
function colourBin(red: number, green: number, blue: number): number {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  const chroma = high - low;
  if (chroma < 30 || chroma / high < 0.2) return 18 + Math.min(5, Math.floor(high / 43));
  const hue =
    high === red
      ? ((green - blue) / chroma + 6) % 6
      : high === green
        ? (blue - red) / chroma + 2
        : (red - green) / chroma + 4;
  return Math.min(17, Math.floor(hue * 3));
}
