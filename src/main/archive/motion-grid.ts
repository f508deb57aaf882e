/**
 * A coarse grid over a camera's picture, one bit per cell and two seconds: did something move there? Ten minutes make a block, which is
 * stored deflated; a still one takes some 50 bytes. Pure.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Box } from '../../shared/geometry.ts';
import type { EpochRange } from '../../shared/units.ts';

export const GRID = { columns: 32, rows: 18 } as const;
export const SLOT_MS = 2000;
export const BLOCK_MS = 600_000;

const SLOTS = BLOCK_MS / SLOT_MS;
const SLOT_BYTES = (GRID.columns * GRID.rows) / 8;

/** `seen`: 1 per slot that was analysed. `cells`: SLOT_BYTES per slot, cell `row * columns + column` as bit `cell % 8` of byte `cell / 8`. */
export interface GridBlock {
  seen: Uint8Array;
  cells: Uint8Array;
}

export function newBlock(): GridBlock {
  return { seen: new Uint8Array(SLOTS), cells: new Uint8Array(SLOTS * SLOT_BYTES) };
}

export function blockOf(epochMs: number): number {
  return Math.floor(epochMs / BLOCK_MS);
}

/** Notes in its block what moved at a time: boxes in fractions of the picture; none: the picture was still. */
export function markMotion(block: GridBlock, epochMs: number, boxes: readonly Box[]): void {
  const slot = Math.floor((epochMs % BLOCK_MS) / SLOT_MS);
  block.seen[slot] = 1;
  for (const box of boxes)
    for (const cell of cellsOf(box)) block.cells[slot * SLOT_BYTES + (cell >> 3)]! |= 1 << (cell & 7);
}

/** Cells that a box touches. */
export function cellsOf({ x, y, width, height }: Box): number[] {
  const [left, right] = span(x, width, GRID.columns);
  const [top, bottom] = span(y, height, GRID.rows);
  const cells: number[] = [];
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) cells.push(row * GRID.columns + column);
  return cells;
}

/** What the slots of a block say of some cells, those in [from, to) alone: when something moved, and which time was analysed at all. */
export function lookAtBlock(
  { seen, cells }: GridBlock,
  block: number,
  wanted: readonly number[],
  range: EpochRange,
): { moved: EpochRange[]; analysed: EpochRange[] } {
  const moved: EpochRange[] = [];
  const analysed: EpochRange[] = [];
  for (let slot = 0; slot < SLOTS; slot++) {
    const startEpochMs = block * BLOCK_MS + slot * SLOT_MS;
    const endEpochMs = startEpochMs + SLOT_MS;
    if (!seen[slot] || endEpochMs <= range.startEpochMs || startEpochMs >= range.endEpochMs) continue;
    extend(analysed, startEpochMs, endEpochMs);
    const isHit = wanted.some((cell) => cells[slot * SLOT_BYTES + (cell >> 3)]! & (1 << (cell & 7)));
    if (isHit) extend(moved, startEpochMs, endEpochMs);
  }
  return { moved, analysed };
}

export function packBlock({ seen, cells }: GridBlock): Buffer {
  return deflateRawSync(Buffer.concat([seen, cells]));
}

/** null when the bytes are no block: they are then as good as none. */
export function unpackBlock(bytes: Buffer): GridBlock | null {
  try {
    const raw = inflateRawSync(bytes, { maxOutputLength: SLOTS * (SLOT_BYTES + 1) });
    if (raw.length !== SLOTS * (SLOT_BYTES + 1)) return null;
    return { seen: new Uint8Array(raw.subarray(0, SLOTS)), cells: new Uint8Array(raw.subarray(SLOTS)) };
  } catch {
    return null;
  }
}

function span(start: number, length: number, count: number): [number, number] {
  const first = Math.min(count - 1, Math.max(0, Math.floor(start * count)));
  return [first, Math.min(count, Math.max(first + 1, Math.ceil((start + length) * count)))];
}

function extend(ranges: EpochRange[], startEpochMs: number, endEpochMs: number): void {
  const last = ranges.at(-1);
  if (last?.endEpochMs === startEpochMs) last.endEpochMs = endEpochMs;
  else ranges.push({ startEpochMs, endEpochMs });
}
