/** The rules of one camera over footage: pictures and readers' reports in the order of their times. Pure but for its own memory. */
import type { AccessEvent, Finding, Observation } from '../../shared/domain-events.ts';
import {
  type CameraInput,
  type CameraRules,
  type CameraState,
  initialCameraState,
  stepCamera,
} from './step-camera.ts';

export class RuleRun {
  private readonly rules: CameraRules;
  private readonly reports: readonly AccessEvent[];
  private current: CameraState;
  private reported = 0;

  /** `reports` on the clock of the observations, in any order; `left`: what a run before remembered after the picture at that time. */
  constructor(
    rules: CameraRules,
    reports: readonly AccessEvent[],
    left: { state: CameraState; takenMs: number } | null = null,
  ) {
    this.rules = rules;
    this.reports = reports
      .filter((report) => !left || report.atMs > left.takenMs)
      .sort((a, b) => a.atMs - b.atMs);
    this.current = left?.state ?? initialCameraState();
  }

  /** What the rules remember; never changed, but replaced. */
  get state(): CameraState {
    return this.current;
  }

  /** Takes the next picture, after the reports up to its time. */
  observe(observation: Observation): Finding[] {
    const reports = this.reportsUntil(observation.atMs);
    return [...reports, ...this.step({ kind: 'observation', observation })];
  }

  /** The end: reports that are left are taken, everybody followed is gone, everything that waits is judged. */
  end(atMs: number): Finding[] {
    return [...this.reportsUntil(Number.POSITIVE_INFINITY), ...this.step({ kind: 'end', atMs })];
  }

  private reportsUntil(atMs: number): Finding[] {
    const findings: Finding[] = [];
    for (; this.reported < this.reports.length && this.reports[this.reported]!.atMs <= atMs; this.reported++)
      findings.push(...this.step({ kind: 'access', event: this.reports[this.reported]! }));
    return findings;
  }

  private step(input: CameraInput): Finding[] {
    const { state, findings } = stepCamera(this.current, input, this.rules);
    this.current = state;
    return findings;
  }
}
