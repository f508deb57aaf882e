/** Groups of pictures of one stream that have come and are on no disk: the newest, within a number of bytes. Older ones go first. */
import type { Fragment, StreamDescription } from '../media/fragment.ts';

/** A key frame with everything up to the next one. */
export interface FrameGroup {
  /** Counts up: neighbours in time differ by one. */
  sequence: number;
  description: StreamDescription;
  fragments: Fragment[];
  startEpochMs: number;
  /** Of its last picture so far. */
  endEpochMs: number;
  bytes: number;
  /** No further group follows on it: the stream was lost, or began anew. */
  isSealed: boolean;
}

export class FrameMemory {
  private groups: FrameGroup[] = [];
  /** The group that frames still join; null between streams and while it has been given up. */
  private growing: FrameGroup | null = null;
  private nextSequence = 0;
  private heldBytes = 0;
  private droppedGroups = 0;

  get bytes(): number {
    return this.heldBytes;
  }

  /** Groups given up, younger than they should be kept, because they did not fit. */
  get dropped(): number {
    return this.droppedGroups;
  }

  begin(description: StreamDescription, keyframe: Fragment, maxBytes: number): void {
    const { captureEpochMs } = keyframe;
    const group: FrameGroup = {
      ...{ sequence: this.nextSequence++, description, fragments: [] },
      ...{ startEpochMs: captureEpochMs, endEpochMs: captureEpochMs, bytes: 0, isSealed: false },
    };
    this.groups.push(group);
    this.growing = group;
    this.append(keyframe, maxBytes);
  }

  /** A frame without its key frame is let go. */
  append(fragment: Fragment, maxBytes: number): void {
    const group = this.growing;
    if (!group) return;
    group.fragments.push(fragment);
    group.bytes += fragment.data.length;
    this.heldBytes += fragment.data.length;
    if (fragment.track === 'video')
      group.endEpochMs =
        fragment.captureEpochMs + (fragment.duration * 1000) / group.description.video.timescale;
    while (this.heldBytes > maxBytes && this.groups.length > 0) {
      this.removeOldest();
      this.droppedGroups++;
    }
  }

  /** The stream is interrupted: what comes next does not follow on what is here. */
  seal(): void {
    for (const group of this.groups) group.isSealed = true;
    this.growing = null;
  }

  /** What comes now does not come here: nothing more joins the last group, and nothing that is kept later follows on it. */
  endGroup(): void {
    this.growing = null;
    this.nextSequence++;
  }

  forgetBefore(epochMs: number): void {
    while (this.groups[0] && this.groups[0] !== this.growing && this.groups[0].endEpochMs <= epochMs)
      this.removeOldest();
  }

  clear(): void {
    this.groups = [];
    this.growing = null;
    this.heldBytes = 0;
  }

  /**
   * Takes the groups out that are wanted, as runs of neighbours, oldest first. `isLive` of a run: its last group is still growing,
   * and what comes next follows on it. The end of a growing group is taken to be open.
   */
  take(
    isWanted: (startEpochMs: number, endEpochMs: number) => boolean,
  ): Array<{ groups: FrameGroup[]; isLive: boolean }> {
    const runs: Array<{ groups: FrameGroup[]; isLive: boolean }> = [];
    const kept: FrameGroup[] = [];
    for (const group of this.groups) {
      const isLive = group === this.growing;
      if (!isWanted(group.startEpochMs, isLive ? Number.POSITIVE_INFINITY : group.endEpochMs)) {
        kept.push(group);
        continue;
      }
      this.heldBytes -= group.bytes;
      const run = runs.at(-1);
      const last = run?.groups.at(-1);
      const follows =
        last?.sequence === group.sequence - 1 &&
        last.description === group.description &&
        last.isSealed === group.isSealed;
      if (run && follows) {
        run.groups.push(group);
        run.isLive = isLive;
      } else runs.push({ groups: [group], isLive });
    }
    this.groups = kept;
    if (runs.at(-1)?.isLive) this.growing = null;
    return runs;
  }

  private removeOldest(): void {
    const oldest = this.groups.shift();
    if (!oldest) return;
    this.heldBytes -= oldest.bytes;
    if (oldest === this.growing) this.growing = null;
  }
}
