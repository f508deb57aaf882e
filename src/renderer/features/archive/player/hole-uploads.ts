/** Uploads that stand in where nothing is recorded: asked for once, kept until the playhead leaves the time they are known for. */
import type { TimelineUpload } from '../../../../shared/contract-archive.ts';
import type { HolePlan } from './plan-hole.ts';

export interface HoleUploadsDeps {
  /** The upload that shows a time, else the next one. */
  ask(epochMs: number): Promise<TimelineUpload | null>;
  /** The answer is there. */
  onKnown(): void;
}

export interface UploadSituation {
  epochMs: number;
  baseEpochMs: number;
  /** Playing, and alone: longer holes are skipped. */
  goesOver: boolean;
}

export class HoleUploads {
  readonly #deps: HoleUploadsDeps;
  #known: { fromEpochMs: number; upload: TimelineUpload | null } | null = null;
  #asking: object | null = null;

  constructor(deps: HoleUploadsDeps) {
    this.#deps = deps;
  }

  /** The playhead has jumped: what is known may no longer be the next. */
  clear(): void {
    this.#known = null;
    this.#asking = null;
  }

  /** What is done in a hole, see `planUpload`; null: whether something was uploaded for it is being asked for. */
  plan(plan: NonNullable<HolePlan>, situation: UploadSituation): ReturnType<typeof planUpload> | null {
    const upload = this.#at(situation.epochMs);
    return upload === undefined ? null : planUpload(plan, upload, situation);
  }

  /** The upload that shows a time, else the next one; null: none follows; undefined: not known yet, it is being asked for. */
  #at(epochMs: number): TimelineUpload | null | undefined {
    const known = this.#known;
    const holds =
      known &&
      known.fromEpochMs <= epochMs &&
      (known.upload?.endEpochMs ?? Number.POSITIVE_INFINITY) > epochMs;
    if (holds) return known.upload;
    if (!this.#asking) void this.#ask(epochMs);
    return undefined;
  }

  async #ask(epochMs: number): Promise<void> {
    const question = {};
    this.#asking = question;
    // Where the engine does not answer, the hole is shown as one without uploads.
    const upload = await this.#deps.ask(epochMs).catch(() => null);
    if (this.#asking !== question) return;
    this.#asking = null;
    this.#known = { fromEpochMs: epochMs, upload };
    this.#deps.onKnown();
  }
}

/** What is done in a hole with an upload in it. Pure. `plan` as without uploads; `upload` shows the time or is the next one. */
export function planUpload(
  plan: NonNullable<HolePlan>,
  upload: TimelineUpload | null,
  situation: UploadSituation,
): NonNullable<HolePlan> | { kind: 'upload'; upload: TimelineUpload } {
  const { epochMs, baseEpochMs, goesOver } = situation;
  const footage = plan.kind === 'jump' ? baseEpochMs + plan.toSeconds * 1000 : plan.nextEpochMs;
  if (!upload || upload.startEpochMs >= (footage ?? Number.POSITIVE_INFINITY)) return plan;
  if (upload.startEpochMs <= epochMs) return { kind: 'upload', upload };
  return goesOver
    ? { kind: 'jump', toSeconds: (upload.startEpochMs - baseEpochMs) / 1000, told: true }
    : { kind: 'gap', nextEpochMs: upload.startEpochMs };
}
