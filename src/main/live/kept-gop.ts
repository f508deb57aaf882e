/**
 * The current group of pictures of a stream, for those who join, in memory of its own that is used over and over: were the frames
 * themselves kept, they would lie in the collector's way for seconds, and it would let them pile up. Those who join get copies.
 */
import { allocateFragment, type Fragment } from '../media/fragment.ts';
import type { GopMemory } from './fanout.ts';
import type { LiveItem } from './hub.ts';

/** What most groups need one to eight of. Larger frames get a block as large as they need. */
const BLOCK_BYTES = 128 * 1024;

interface Kept extends Omit<Fragment, 'data'> {
  block: Buffer;
  offset: number;
  length: number;
}

export class KeptGop implements GopMemory<LiveItem> {
  private readonly blocks: Buffer[] = [];
  /** Written over, too; only the first `count` are valid. */
  private readonly kept: Kept[] = [];
  private count = 0;
  private isOpen = false;
  private blockIndex = 0;
  private offset = 0;

  /** When the key frame it begins with was captured; null before the first one. It outlives `forget`. */
  get keyframeEpochMs(): number | null {
    return this.count > 0 ? this.kept[0]!.captureEpochMs : null;
  }

  /** A copy of the key frame it begins with; null before the first one. */
  copyKeyframe(): Fragment | null {
    return this.count > 0 ? copyOf(this.kept[0]!) : null;
  }

  add({ fragment, startsGop }: LiveItem): void {
    if (startsGop) this.begin();
    if (!this.isOpen) return;
    const { data, ...facts } = fragment;
    const { length } = data;
    const block = this.roomFor(length);
    data.copy(block, this.offset);
    const entry = { ...facts, block, offset: this.offset, length };
    const used = this.kept[this.count];
    if (used) Object.assign(used, entry);
    else this.kept.push(entry);
    this.count += 1;
    this.offset += length;
  }

  forget(): void {
    this.isOpen = false;
    this.count = Math.min(this.count, 1);
  }

  items(): LiveItem[] {
    if (!this.isOpen) return [];
    return this.kept.slice(0, this.count).map((one, index) => ({
      fragment: copyOf(one),
      byteLength: one.length,
      startsGop: index === 0,
    }));
  }

  private begin(): void {
    // What the last group did not need is given back, so that one long group does not stay for good.
    this.blocks.length = Math.min(this.blocks.length, this.blockIndex + 1);
    this.kept.length = this.count;
    this.count = 0;
    this.blockIndex = 0;
    this.offset = 0;
    this.isOpen = true;
  }

  /** The block in which so many bytes lie at `offset`. */
  private roomFor(bytes: number): Buffer {
    const block = this.blocks[this.blockIndex];
    if (block && this.offset + bytes <= block.length) return block;
    if (block && this.offset > 0) {
      this.blockIndex += 1;
      this.offset = 0;
      return this.roomFor(bytes);
    }
    const fresh = Buffer.allocUnsafeSlow(Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES);
    this.blocks[this.blockIndex] = fresh;
    return fresh;
  }
}

function copyOf({ block, offset, length, ...facts }: Kept): Fragment {
  const data = allocateFragment(length);
  block.copy(data, 0, offset, offset + length);
  return { ...facts, data, headroom: true };
}
