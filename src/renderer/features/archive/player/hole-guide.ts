/** Where the playhead stands at the end of what is buffered: the hole that the feed has met there, and what was uploaded for its time. */
import type { TimelineUpload } from '../../../../shared/contract-archive.ts';
import { HoleUploads, type HoleUploadsDeps, planUpload } from './hole-uploads.ts';
import { type HolePlan, type HoleSituation, type MetHole, planHole } from './plan-hole.ts';

export class HoleGuide {
  readonly #uploads: HoleUploads;
  /** The one that was met last. */
  #hole: MetHole | null = null;

  constructor(deps: HoleUploadsDeps) {
    this.#uploads = new HoleUploads(deps);
  }

  met(hole: MetHole): void {
    this.#hole = hole;
  }

  /** The playhead has jumped. */
  clear(): void {
    this.#hole = null;
    this.#uploads.clear();
  }

  /** Null: wait, for footage or for the answer whether something was uploaded. */
  plan(situation: Omit<HoleSituation, 'hole'>): HolePlan | { kind: 'upload'; upload: TimelineUpload } {
    const plan = planHole({ ...situation, hole: this.#hole });
    if (!plan || (plan.kind === 'jump' && !plan.told)) return plan;
    const { baseEpochMs, goesOver, seconds } = situation;
    const epochMs = baseEpochMs + seconds * 1000;
    const upload = this.#uploads.at(epochMs);
    return upload === undefined ? null : planUpload(plan, upload, { epochMs, baseEpochMs, goesOver });
  }
}
