/** The rules over footage, so that they can be left between two batches of pictures and go on later. */
import type { AccessEvent, Finding, Observation, TrackedObject } from '../../shared/domain-events.ts';
import { RuleRun } from '../rules/rule-run.ts';
import type { CameraRules } from '../rules/step-camera.ts';
import { type SearchMemory, TakeUp } from './take-up.ts';

const CLAIMS_KEPT = 100;

export class SearchRun {
  /** Ids of events that stand for a finding already. */
  readonly claimed: Set<string>;
  private readonly rules: RuleRun;
  private readonly takeUp: TakeUp | null;
  private takenMs: number;
  private tracks: TrackedObject[];
  private highestTrackId: number;

  /** `left`: what an earlier run remembered; null at the beginning. */
  constructor(rules: CameraRules, reports: readonly AccessEvent[], left: SearchMemory | null) {
    this.rules = new RuleRun(rules, reports, left);
    this.takeUp = left && new TakeUp(left);
    this.claimed = new Set(left?.claimed);
    this.takenMs = left?.takenMs ?? Number.NEGATIVE_INFINITY;
    this.tracks = left?.tracks ?? [];
    this.highestTrackId = left?.highestTrackId ?? 0;
  }

  /** Takes the next picture; one that was taken before it was left tells nothing again. */
  observe(observation: Observation): Finding[] {
    const next = this.takeUp ? this.takeUp.take(observation) : observation;
    if (!next) return [];
    this.takenMs = next.atMs;
    this.tracks = next.tracks;
    for (const { trackId } of next.tracks) this.highestTrackId = Math.max(this.highestTrackId, trackId);
    return this.rules.observe(next);
  }

  end(atMs: number): Finding[] {
    return this.rules.end(atMs);
  }

  /** All that it takes to go on from here; null while no picture was taken. */
  remember(): SearchMemory | null {
    if (this.takenMs === Number.NEGATIVE_INFINITY) return null;
    const { takenMs, tracks, highestTrackId } = this;
    return {
      takenMs,
      tracks,
      highestTrackId,
      state: this.rules.state,
      claimed: [...this.claimed].slice(-CLAIMS_KEPT),
    };
  }
}
