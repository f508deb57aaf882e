/**
 * What was seen, kept in memory for as long as rules are tried on it: in blocks of compressed JSON, since hours of it at several pictures
 * a second would otherwise be hundreds of MB in the process that records.
 */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Observation } from '../../shared/domain-events.ts';
import type { Box, Point } from '../../shared/geometry.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

const BLOCK = 250;
/** The fastest one: it takes most of what the names of fields cost. */
const LEVEL = 1;

export class KeptObservations {
  /** Of `BLOCK` observations each. */
  private readonly blocks: Buffer[] = [];
  private open: Observation[] = [];
  private packedBytes = 0;

  get count(): number {
    return this.blocks.length * BLOCK + this.open.length;
  }

  /** Of what is packed: nearly all there is. */
  get bytes(): number {
    return this.packedBytes;
  }

  /** Takes it as it is. Call `pack` now and then. */
  add(observation: Observation): void {
    this.open.push(observation);
  }

  /** Compresses what fills a block. Not while it is under way already. */
  async pack(): Promise<void> {
    while (this.open.length >= BLOCK) {
      const block = await deflate(JSON.stringify(this.open.slice(0, BLOCK)), { level: LEVEL });
      this.blocks.push(block);
      this.packedBytes += block.byteLength;
      this.open = this.open.slice(BLOCK);
    }
  }

  /** Some observations in order, the first of them the one at `index`; none at the end. */
  async from(index: number): Promise<Observation[]> {
    const block = this.blocks[Math.floor(index / BLOCK)];
    if (!block) return this.open.slice(index - this.blocks.length * BLOCK);
    const observations = JSON.parse((await inflate(block)).toString()) as Observation[];
    return observations.slice(index % BLOCK);
  }
}

/** The same to a hundred thousandth of the picture's side, far below what a detector can tell: a third of the digits. */
export function rounded(observation: Observation): Observation {
  const { tracks, motion } = observation;
  return {
    ...observation,
    tracks: tracks.map(({ earlier, ...track }) => ({
      ...track,
      confidence: round(track.confidence),
      maxConfidence: round(track.maxConfidence),
      box: roundBox(track.box),
      foot: roundPoint(track.foot),
      ...(earlier && {
        earlier: earlier.map(({ atMs, foot, box }) => ({ atMs, foot: roundPoint(foot), box: roundBox(box) })),
      }),
    })),
    motion: { ratio: round(motion.ratio), boxes: motion.boxes.map(roundBox) },
  };
}

function roundBox({ x, y, width, height }: Box): Box {
  return { x: round(x), y: round(y), width: round(width), height: round(height) };
}

function roundPoint({ x, y }: Point): Point {
  return { x: round(x), y: round(y) };
}

function round(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}
