/**
 * Recording only around events: frames wait in memory and reach the recorder when an event wants them, from the pre-roll to the
 * post-roll, in whole groups of pictures. Nothing is received a second time. In continuous mode everything passes at once.
 */

import type { Recording } from '../../shared/domain-camera.ts';
import type { GapCause } from '../../shared/domain-storage.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { CaptureSink, Fragment, StreamDescription } from '../media/fragment.ts';
import type { Clock } from '../platform/clock.ts';
import { FrameMemory } from './frame-memory.ts';
import type { LateFootage } from './late-segment.ts';

/** How a camera is recorded, as far as the gate is concerned. */
export type GateSettings = Pick<Recording, 'mode' | 'preRollSeconds' | 'postRollSeconds' | 'preRollMaxBytes'>;

export interface EventGateDeps {
  /** The recorder. `late`: footage from before what it was last given, or apart from it. */
  sink: CaptureSink & { late(footage: LateFootage): void };
  clock: Clock;
}

/** Detection, pictures and other systems take this long to report an event: memory reaches back so much further than the pre-roll. */
export const REPORT_DELAY_MS = 5000;
/** Frames may be this much older than the clock when they come. */
const LATENESS_MS = 10_000;
const NO_EVENT_DETAIL = 'No event: this camera is recorded only around events.';

export class EventGate implements CaptureSink {
  private readonly deps: EventGateDeps;
  private readonly memory = new FrameMemory();
  private settings: GateSettings;
  private description: StreamDescription | null = null;
  private wanted: EpochRange[] = [];
  /** Whether the group that is coming goes to the recorder. */
  private isOpen = false;
  /** Whether the recorder has been told that nothing is wanted. */
  private isClosedTold = false;
  private newestEpochMs: number | null = null;

  constructor(deps: EventGateDeps, settings: GateSettings) {
    this.deps = deps;
    this.settings = settings;
  }

  stream(description: StreamDescription): void {
    this.memory.seal();
    this.isOpen = false;
    this.description = description;
    this.deps.sink.stream(description);
  }

  fragment(fragment: Fragment): void {
    const { mode, preRollMaxBytes } = this.settings;
    if (mode === 'off') return;
    if (fragment.track === 'video' && fragment.keyframe) this.beginGroup(fragment);
    else if (this.isOpen) this.deps.sink.fragment(fragment);
    else this.memory.append(fragment, preRollMaxBytes);
  }

  lost(cause: GapCause, detail: string): void {
    this.memory.seal();
    this.isOpen = false;
    this.isClosedTold = false;
    if (this.settings.mode !== 'off') this.deps.sink.lost(cause, detail);
  }

  /** Takes changed settings; whatever is being recorded goes on to the end of its group at least. */
  configure(settings: GateSettings): void {
    const { mode } = this.settings;
    this.settings = settings;
    if (settings.mode === mode) return;
    this.isClosedTold = false;
    if (settings.mode === 'off') {
      this.memory.clear();
      this.isOpen = false;
    } else if (settings.mode === 'continuous') {
      this.pass((_, endEpochMs) => endEpochMs === Number.POSITIVE_INFINITY);
      this.memory.clear();
    }
  }

  /** An event of the camera, as soon as it is known; one that goes on is told again. Its time is taken to lie in the past. */
  note(event: EpochRange): void {
    const { preRollSeconds, postRollSeconds } = this.settings;
    const endEpochMs = Math.min(event.endEpochMs, this.deps.clock.epochMs());
    const range = {
      startEpochMs: Math.min(event.startEpochMs, endEpochMs) - preRollSeconds * 1000,
      endEpochMs: endEpochMs + postRollSeconds * 1000,
    };
    if (range.endEpochMs <= this.oldestKeptEpochMs()) return;
    this.wanted.push(range);
    if (this.settings.mode === 'events') this.pass((startEpochMs, end) => overlaps(range, startEpochMs, end));
  }

  /** What an event was about still goes on: footage that is being kept because of one is kept on. */
  extend(epochMs: number): void {
    const endEpochMs = epochMs + this.settings.postRollSeconds * 1000;
    for (const range of this.wanted) {
      if (range.startEpochMs <= epochMs && range.endEpochMs > epochMs)
        range.endEpochMs = Math.max(range.endEpochMs, endEpochMs);
    }
  }

  /** Bytes in memory, and groups given up because they did not fit. */
  get held(): { bytes: number; droppedGroups: number } {
    return { bytes: this.memory.bytes, droppedGroups: this.memory.dropped };
  }

  private beginGroup(keyframe: Fragment): void {
    const { sink } = this.deps;
    const { captureEpochMs } = keyframe;
    this.newestEpochMs = captureEpochMs;
    const oldestEpochMs = this.oldestKeptEpochMs();
    this.wanted = this.wanted.filter((range) => range.endEpochMs > oldestEpochMs);
    this.memory.forgetBefore(oldestEpochMs);
    this.isOpen = this.settings.mode === 'continuous' || this.isWantedFrom(captureEpochMs);
    if (this.isOpen) {
      this.memory.endGroup();
      this.isClosedTold = false;
      sink.fragment(keyframe);
      return;
    }
    if (!this.isClosedTold) sink.lost('no-event', NO_EVENT_DETAIL);
    this.isClosedTold = true;
    if (this.description) this.memory.begin(this.description, keyframe, this.settings.preRollMaxBytes);
  }

  /** Hands on what is wanted of the memory. */
  private pass(isWanted: (startEpochMs: number, endEpochMs: number) => boolean): void {
    for (const { groups, isLive } of this.memory.take(isWanted)) {
      const fragments = groups.flatMap((group) => group.fragments);
      if (!isLive) {
        this.deps.sink.late({ description: groups[0]!.description, fragments });
        continue;
      }
      this.isOpen = true;
      this.isClosedTold = false;
      for (const fragment of fragments) this.deps.sink.fragment(fragment);
    }
  }

  /** Whether a group that begins now is wanted. A range from long after it is one from before the clock was set back. */
  private isWantedFrom(epochMs: number): boolean {
    return this.wanted.some((range) => overlaps(range, epochMs, epochMs + LATENESS_MS));
  }

  private oldestKeptEpochMs(): number {
    const newest = this.newestEpochMs ?? this.deps.clock.epochMs();
    return newest - this.settings.preRollSeconds * 1000 - REPORT_DELAY_MS;
  }
}

function overlaps(range: EpochRange, startEpochMs: number, endEpochMs: number): boolean {
  return range.startEpochMs < endEpochMs && range.endEpochMs > startEpochMs;
}
