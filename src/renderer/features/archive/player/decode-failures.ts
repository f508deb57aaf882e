/** What to do where footage cannot be decoded: one damaged picture must not end the playback, and where nothing can be, that is said. */
import { t } from '@lingui/core/macro';

/** How much further on to begin again, each time: the damage may reach to the next key frame. */
const SKIPS_MS = [500, 2000, 5000];

export class DecodeFailures {
  #count = 0;

  /** Decoding has failed at that time: where to begin again; null: give up. */
  next(epochMs: number): number | null {
    const skipMs = SKIPS_MS[this.#count++];
    return skipMs === undefined ? null : epochMs + skipMs;
  }

  /** A picture was shown, or somebody tries again. */
  reset(): void {
    this.#count = 0;
  }
}

export function undecodableWords(): string {
  return t`The footage here cannot be decoded; it may be damaged. Try a little later in the recording.`;
}
