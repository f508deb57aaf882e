/** What waits for the disk, of one stream, in order. Bounded: what is too much is dropped in whole groups of pictures and counted. */
import type { GapCause } from '../../shared/domain-storage.ts';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import type { LateFootage } from './late-segment.ts';

export type RecorderItem =
  | { kind: 'fragment'; fragment: Fragment }
  | { kind: 'late'; footage: LateFootage }
  | { kind: 'stream'; description: StreamDescription }
  | { kind: 'interrupted'; cause: GapCause; detail: string };

export class RecorderQueue {
  private readonly maxBytes: number;
  private items: RecorderItem[] = [];
  private waiting = 0;
  private taken = 0;
  private dropping = false;
  private droppedFragments = 0;
  private receivedFragments = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Frames given up because the disk was too slow. */
  get dropped(): number {
    return this.droppedFragments;
  }

  /** Frames that came, those that were given up included. */
  get received(): number {
    return this.receivedFragments;
  }

  /** Bytes of frames that are not on the disk yet. */
  get waitingBytes(): number {
    return this.waiting;
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  /** Frames go on being dropped until half of the memory is free again and a key frame comes. */
  addFragment(fragment: Fragment): void {
    this.receivedFragments++;
    const after = this.waiting + fragment.data.length;
    const overfull = this.dropping
      ? fragment.track !== 'video' || !fragment.keyframe || after > this.maxBytes / 2
      : after > this.maxBytes;
    if (overfull) {
      this.droppedFragments++;
      if (!this.dropping)
        this.add({
          kind: 'interrupted',
          cause: 'disk-slow',
          detail: 'The disk was too slow to take the video.',
        });
      this.dropping = true;
      return;
    }
    this.dropping = false;
    this.waiting = after;
    this.items.push({ kind: 'fragment', fragment });
  }

  /** Footage to be stored apart; all of it is given up where it does not fit. */
  addLate(footage: LateFootage): void {
    this.receivedFragments += footage.fragments.length;
    const bytes = footage.fragments.reduce((sum, fragment) => sum + fragment.data.length, 0);
    if (this.waiting + bytes > this.maxBytes) {
      this.droppedFragments += footage.fragments.length;
      return;
    }
    this.waiting += bytes;
    this.items.push({ kind: 'late', footage });
  }

  add(item: Extract<RecorderItem, { kind: 'stream' | 'interrupted' }>): void {
    this.items.push(item);
  }

  /** All that waits; its bytes count until `written`. */
  takeAll(): RecorderItem[] {
    const { items } = this;
    this.items = [];
    this.taken = this.waiting;
    return items;
  }

  /** What was taken last is on the disk, or given up. */
  written(): void {
    this.waiting -= this.taken;
    this.taken = 0;
  }
}
