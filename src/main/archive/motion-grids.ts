/** Keeps where in each camera's picture something moved, as the analysis sees it, and answers from it. At most a minute is lost in a crash. */
import type { Box } from '../../shared/geometry.ts';
import { DAY_MS, type EpochRange, MINUTE_MS } from '../../shared/units.ts';
import {
  BLOCK_MS,
  blockOf,
  cellsOf,
  type GridBlock,
  lookAtBlock,
  markMotion,
  newBlock,
  packBlock,
  unpackBlock,
} from './motion-grid.ts';

/** Where packed blocks are kept; the store implements it. */
export interface MotionGridIndex {
  put(cameraId: string, block: number, bits: Buffer): void;
  get(cameraId: string, block: number): Buffer | null;
  list(cameraId: string, from: number, to: number): number[];
  removeBefore(cameraId: string, block: number): void;
  removeCamera(cameraId: string): void;
}

interface OpenBlock {
  block: number;
  grid: GridBlock;
  savedAtEpochMs: number;
}

export class MotionGrids {
  private readonly index: MotionGridIndex;
  /** The block that each camera is in. */
  private readonly open = new Map<string, OpenBlock>();

  constructor(index: MotionGridIndex) {
    this.index = index;
  }

  /** A picture was analysed: what moved in it. */
  note(cameraId: string, atEpochMs: number, boxes: readonly Box[]): void {
    const block = blockOf(atEpochMs);
    let own = this.open.get(cameraId);
    if (own?.block !== block) {
      if (own) this.save(cameraId, own);
      own = { block, grid: this.load(cameraId, block) ?? newBlock(), savedAtEpochMs: atEpochMs };
      this.open.set(cameraId, own);
    }
    markMotion(own.grid, atEpochMs, boxes);
    if (atEpochMs - own.savedAtEpochMs < MINUTE_MS) return;
    own.savedAtEpochMs = atEpochMs;
    this.save(cameraId, own);
  }

  /** Of [from, to), block by block, ascending: when something moved in a part of the picture, and which time was analysed. */
  *search(
    cameraId: string,
    box: Box,
    range: EpochRange,
  ): Generator<{ moved: EpochRange[]; analysed: EpochRange[] }> {
    const wanted = cellsOf(box);
    const own = this.open.get(cameraId);
    const blocks = new Set(this.index.list(cameraId, blockOf(range.startEpochMs), blockOf(range.endEpochMs)));
    if (own) blocks.add(own.block);
    for (const block of [...blocks].sort((a, b) => a - b)) {
      const grid = own?.block === block ? own.grid : this.load(cameraId, block);
      if (grid) yield lookAtBlock(grid, block, wanted, range);
    }
  }

  /** Lets go what is older than the camera's oldest footage, or than its days; where a lock keeps older footage, that is searched by its pictures. */
  forget(cameraId: string, oldestEpochMs: number | null, days: number, nowEpochMs: number): void {
    const from = Math.max(oldestEpochMs ?? nowEpochMs, nowEpochMs - days * DAY_MS);
    this.index.removeBefore(cameraId, Math.floor(from / BLOCK_MS));
  }

  forgetCamera(cameraId: string): void {
    this.open.delete(cameraId);
    this.index.removeCamera(cameraId);
  }

  stop(): void {
    for (const [cameraId, own] of this.open) this.save(cameraId, own);
    this.open.clear();
  }

  private save(cameraId: string, { block, grid }: OpenBlock): void {
    this.index.put(cameraId, block, packBlock(grid));
  }

  private load(cameraId: string, block: number): GridBlock | null {
    const bits = this.index.get(cameraId, block);
    return bits && unpackBlock(bits);
  }
}
