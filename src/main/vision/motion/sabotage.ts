/**
 * Tells when a camera's picture is covered, blinded, defocused or turned away, by comparing it with what the camera usually shows.
 * A momentary judgement: rules decide how long is long enough. Dusk is slow and is followed; a hand over the lens is not.
 */
import type { SabotageKind } from '../../../shared/domain-events.ts';
import { LUMA_SCALE, lumaOf, type Picture } from '../pictures/picture.ts';
import type { Grey } from './grey.ts';

const CHECK_MS = 400;
/** Before this much has been seen, nothing is usual yet. */
const LEARN_MS = 3000;
const FOLLOW_MS = 60_000;
/** A view that has been different, but steady, for this long is the new usual one. */
const ACCEPT_TURNED_MS = 60_000;
const ACCEPT_ANY_MS = 600_000;
const BLOCKS_ACROSS = 8;
const BLOCKS_DOWN = 6;
/** Standard deviation of a block, in grey levels, from which it has structure to be recognised by; below FLAT it has none. */
const STRUCTURED = 6;
const FLAT = 3;
/** A scene with fewer structured blocks (a bare wall) cannot be judged. */
const MIN_STRUCTURED_BLOCKS = 8;

interface Look {
  values: Float32Array;
  /** Mean absolute difference of neighbouring pixels at full size: the fine detail that a blur takes first. */
  detail: number;
}

export class SabotageWatch {
  private usual: Look | null = null;
  private learnedMs = 0;
  private lastMs = Number.NEGATIVE_INFINITY;
  private sinceMs: number | null = null;
  private verdict: SabotageKind | null = null;
  private previous: Float32Array | null = null;

  /** Judges the next picture; times ascend. Looks every 0.4 s and repeats its verdict in between. */
  step(atMs: number, picture: Picture, grey: Grey): SabotageKind | null {
    const elapsedMs = atMs - this.lastMs;
    if (elapsedMs >= 0 && elapsedMs < CHECK_MS) return this.verdict;
    const look = { values: grey.values, detail: measureDetail(picture) };
    const { usual } = this;
    if (!usual || usual.values.length !== look.values.length || elapsedMs < 0) {
      this.usual = { values: look.values.slice(), detail: look.detail };
      this.learnedMs = 0;
      this.verdict = null;
    } else {
      const passedMs = Math.min(elapsedMs, 5000);
      this.verdict = this.learnedMs < LEARN_MS ? null : judge(look, usual, this.previous, grey);
      this.adapt(atMs, look, usual, passedMs);
    }
    this.previous = look.values;
    this.lastMs = atMs;
    return this.verdict;
  }

  private adapt(atMs: number, look: Look, usual: Look, passedMs: number): void {
    if (this.verdict) {
      this.sinceMs ??= atMs;
      const patience = this.verdict === 'turned' ? ACCEPT_TURNED_MS : ACCEPT_ANY_MS;
      if (atMs - this.sinceMs < patience) return;
      this.usual = { values: look.values.slice(), detail: look.detail };
      this.verdict = null;
    }
    this.sinceMs = null;
    this.learnedMs += passedMs;
    // A plain mean at first, then one that forgets.
    const share = Math.max(passedMs / (this.learnedMs + passedMs), 1 - Math.exp(-passedMs / FOLLOW_MS));
    const { values } = usual;
    const now = look.values;
    for (let i = 0; i < now.length; i++) values[i]! += share * (now[i]! - values[i]!);
    usual.detail += share * (look.detail - usual.detail);
  }
}

/** The judgement proper; null when the picture is as usual or the scene has too little structure to tell. */
function judge(look: Look, usual: Look, previous: Float32Array | null, size: Grey): SabotageKind | null {
  const blocks = compareBlocks(look.values, usual.values, size.width, size.height);
  const structured = blocks.filter((block) => block.usualDeviation >= STRUCTURED);
  if (structured.length < MIN_STRUCTURED_BLOCKS) return null;
  const share = (test: (block: Block) => boolean) => structured.filter(test).length / structured.length;
  const flat = share((block) => block.deviation < FLAT || block.deviation < 0.12 * block.usualDeviation);
  if (flat >= 0.85) return coverOf(look.values);
  const recognised = share((block) => block.likeness > 0.5);
  const strange = share((block) => block.likeness < 0.3);
  if (look.detail < 0.45 * usual.detail && recognised >= 0.4) return 'defocused';
  // A hand or tape lets some light in: its blocks are not flat, but nothing in them has an edge.
  if (isSmoothCover(structured)) return coverOf(look.values);
  if (strange < 0.75 || recognised > 0.15) return null;
  if (look.detail <= 0.3 * usual.detail) return coverOf(look.values);
  const steady = previous !== null && meanDifference(look.values, previous) < 6;
  return steady ? 'turned' : null;
}

/** Whether the edges of the scene have given way to light that only rises or falls across each block. */
function isSmoothCover(blocks: readonly Block[]): boolean {
  const edged = blocks.filter((block) => block.usualRelief >= STRUCTURED);
  if (edged.length < MIN_STRUCTURED_BLOCKS) return false;
  const share = (test: (block: Block) => boolean) => edged.filter(test).length / edged.length;
  const smooth = share(({ relief, usualRelief }) => relief < FLAT || relief < 0.12 * usualRelief);
  return smooth >= 0.85 && share((block) => block.reliefLikeness > 0.5) <= 0.15;
}

function coverOf(values: Float32Array): SabotageKind {
  return meanOf(values) >= 190 ? 'blinded' : 'covered';
}

interface Block {
  deviation: number;
  usualDeviation: number;
  /** Correlation of the block with what it usually shows, -1..1: the same whatever the brightness and contrast. */
  likeness: number;
  /** Deviation from an even slope of light, and its likeness with the usual one: what is left once the block's slope is taken out. */
  relief: number;
  usualRelief: number;
  reliefLikeness: number;
}

function compareBlocks(now: Float32Array, usual: Float32Array, width: number, height: number): Block[] {
  const blocks: Block[] = [];
  for (let row = 0; row < BLOCKS_DOWN; row++) {
    for (let column = 0; column < BLOCKS_ACROSS; column++) {
      const left = Math.floor((column * width) / BLOCKS_ACROSS);
      const right = Math.floor(((column + 1) * width) / BLOCKS_ACROSS);
      const top = Math.floor((row * height) / BLOCKS_DOWN);
      const bottom = Math.floor(((row + 1) * height) / BLOCKS_DOWN);
      if (right > left && bottom > top)
        blocks.push(compareBlock(now, usual, width, left, right, top, bottom));
    }
  }
  return blocks;
}

function compareBlock(
  now: Float32Array,
  usual: Float32Array,
  width: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
): Block {
  const [middleX, middleY] = [(left + right - 1) / 2, (top + bottom - 1) / 2];
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  let [ax, ay, bx, by] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * width + x;
      const p = now[i]!;
      const q = usual[i]!;
      ax += p * (x - middleX);
      ay += p * (y - middleY);
      bx += q * (x - middleX);
      by += q * (y - middleY);
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  const n = (right - left) * (bottom - top);
  const variance = Math.max(0, aa / n - (a / n) ** 2);
  const usualVariance = Math.max(0, bb / n - (b / n) ** 2);
  const covariance = ab / n - (a / n) * (b / n);
  // Across and down are independent over a rectangle, so that each slope explains a share of its own.
  const across = slopeShare(n, right - left);
  const down = slopeShare(n, bottom - top);
  const relief = Math.sqrt(Math.max(0, variance - ax * ax * across - ay * ay * down));
  const usualRelief = Math.sqrt(Math.max(0, usualVariance - bx * bx * across - by * by * down));
  return {
    deviation: Math.sqrt(variance),
    usualDeviation: Math.sqrt(usualVariance),
    likeness: correlation(covariance, Math.sqrt(variance * usualVariance)),
    relief,
    usualRelief,
    reliefLikeness: correlation(covariance - ax * bx * across - ay * by * down, relief * usualRelief),
  };
}

/** What turns a product of two moments about the middle of `cells` into the covariance that slopes explain; `length` cells along it. */
function slopeShare(cells: number, length: number): number {
  return length > 1 ? 12 / (cells * cells * (length * length - 1)) : 0;
}

function correlation(covariance: number, scale: number): number {
  return scale > 0.01 ? covariance / scale : 0;
}

/** Mean difference of neighbouring pixels along every fourth row; grey levels. */
export function measureDetail(picture: Picture): number {
  const plane = lumaOf(picture);
  let sum = 0;
  let count = 0;
  for (let y = 0; y < picture.height; y += 4) {
    const start = y * picture.width;
    for (let i = start + 1; i < start + picture.width; i++) sum += Math.abs(plane[i]! - plane[i - 1]!);
    count += picture.width - 1;
  }
  return count > 0 ? (sum * LUMA_SCALE) / count : 0;
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
