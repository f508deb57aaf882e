/** What a rehearsal found, in order of time, as far as it is shown. */
import type { Finding } from '../../shared/domain-events.ts';
import { MAX_HITS, type RehearsalHit } from '../../shared/rehearsal.ts';

export class EarliestHits {
  private readonly hits: RehearsalHit[] = [];

  /** In order of time; at most `MAX_HITS`. */
  get list(): readonly RehearsalHit[] {
    return this.hits;
  }

  /** Rules tell a little late, and not quite in order: each goes to its place from the end. */
  add(findings: readonly Finding[]): void {
    for (const finding of findings) {
      let at = this.hits.length;
      while (at > 0 && this.hits[at - 1]!.atMs > finding.atMs) at--;
      if (at < MAX_HITS) this.hits.splice(at, 0, hitOf(finding));
      if (this.hits.length > MAX_HITS) this.hits.pop();
    }
  }
}

/** Without the way that somebody took, which is most of its size and is not shown. */
function hitOf({ type, atMs, startMs, detail: { path: _, ...detail } }: Finding): RehearsalHit {
  return { type, atMs, startMs: startMs ?? atMs, detail };
}
