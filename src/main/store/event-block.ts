/** A few thousand neighbouring events of the index in memory, and the terms that each of them has: short lists of positions, or bits. */

export interface Block {
  /** Starts of its events are at or above this, and below that of the next block. */
  low: number;
  high: number;
  count: number;
  capacity: number;
  starts: Float64Array;
  sequences: Float64Array;
  alive: Uint32Array;
  /** Positions of the events with a term: a short list, or bits. */
  terms: Map<number, number[] | Uint32Array>;
}

const BLOCK_EVENTS = 4096;
/** Above this, positions are kept as bits. */
const SHORT_LIST = 96;

/** Terms that must all be there, and of which one must. */
export interface Plan {
  all: readonly number[];
  any: readonly number[] | null;
}

export function emptyBlock(startEpochMs: number, capacity = BLOCK_EVENTS): Block {
  return {
    low: startEpochMs,
    high: startEpochMs,
    count: 0,
    capacity,
    starts: new Float64Array(capacity),
    sequences: new Float64Array(capacity),
    alive: new Uint32Array(capacity >>> 5),
    terms: new Map(),
  };
}

export function addTerm(block: Block, term: number, at: number): void {
  const positions = block.terms.get(term);
  if (!positions) block.terms.set(term, [at]);
  else if (!Array.isArray(positions)) positions[at >>> 5]! |= 1 << (at & 31);
  else if (positions.push(at) > SHORT_LIST) block.terms.set(term, toBits(positions, block.capacity));
}

function toBits(positions: readonly number[], capacity: number): Uint32Array {
  const bits = new Uint32Array(capacity >>> 5);
  for (const at of positions) bits[at >>> 5]! |= 1 << (at & 31);
  return bits;
}

export function* positionsOf(positions: number[] | Uint32Array | undefined): Generator<number> {
  if (!positions) return;
  if (Array.isArray(positions)) yield* positions;
  else
    for (let word = 0; word < positions.length; word++)
      for (let bits = positions[word]!; bits !== 0; bits &= bits - 1)
        yield (word << 5) + (31 - Math.clz32(bits & -bits));
}

/** Two blocks of one, cut between two times; one with more room when all its events start at once. */
export function split(block: Block): Block[] {
  const alive = [...positionsOf(block.alive)];
  const starts = alive.map((at) => block.starts[at]!).sort((a, b) => a - b);
  const lowest = starts[0] ?? block.low;
  let cut = starts[starts.length >>> 1] ?? lowest;
  if (cut === lowest) cut = starts.find((start) => start > lowest) ?? Number.POSITIVE_INFINITY;
  const isCut = Number.isFinite(cut);
  const hasRoom = alive.length < block.capacity / 2;
  const capacity = isCut || hasRoom ? Math.max(BLOCK_EVENTS, block.capacity) : block.capacity * 2;
  const first = emptyBlock(block.low, capacity);
  const second = emptyBlock(isCut ? cut : block.high, capacity);
  const target = new Int32Array(block.count).fill(-1);
  for (const at of alive) {
    const part = block.starts[at]! < cut ? first : second;
    target[at] = part.count++;
    part.starts[target[at]!] = block.starts[at]!;
    part.sequences[target[at]!] = block.sequences[at]!;
    part.alive[target[at]! >>> 5]! |= 1 << (target[at]! & 31);
    part.high = Math.max(part.high, block.starts[at]!);
  }
  for (const [term, positions] of block.terms)
    for (const at of positionsOf(positions))
      if (target[at]! >= 0) addTerm(block.starts[at]! < cut ? first : second, term, target[at]!);
  return isCut ? [first, second] : [first];
}

/** Positions of the events of a block that fit. */
export function* matches(block: Block, { all, any }: Plan): Generator<number> {
  const bits = block.alive.slice();
  for (const term of all) {
    const positions = block.terms.get(term);
    if (!positions) return;
    intersect(bits, Array.isArray(positions) ? toBits(positions, block.capacity) : positions);
  }
  if (any) {
    const union = new Uint32Array(bits.length);
    for (const term of any) {
      const positions = block.terms.get(term);
      if (Array.isArray(positions)) for (const at of positions) union[at >>> 5]! |= 1 << (at & 31);
      else if (positions) for (let word = 0; word < union.length; word++) union[word]! |= positions[word]!;
    }
    intersect(bits, union);
  }
  yield* positionsOf(bits);
}

function intersect(bits: Uint32Array, other: Uint32Array): void {
  for (let word = 0; word < bits.length; word++) bits[word]! &= other[word]!;
}
