/** The rules of one live camera: observations and readers' reports in, findings handed on. Part of the composition root. */
import type { AccessEvent, Finding, Observation } from '../shared/domain-events.ts';
import type { Logger } from './platform/log.ts';
import { type CameraRules, initialCameraState, stepCamera } from './rules/step-camera.ts';

export class LiveRules {
  private readonly report: (findings: Finding[]) => void;
  private readonly log: Logger;
  private rules: CameraRules;
  private state = initialCameraState();

  constructor(rules: CameraRules, report: (findings: Finding[]) => void, log: Logger) {
    this.rules = rules;
    this.report = report;
    this.log = log;
  }

  /** Memories of unchanged lines and zones are kept. */
  update(rules: CameraRules): void {
    this.rules = rules;
  }

  observe(observation: Observation): void {
    this.step({ kind: 'observation', observation });
  }

  access(event: AccessEvent): void {
    this.step({ kind: 'access', event });
  }

  /** No more pictures come for now: everybody who was followed is gone, everything that waits is judged. Times in epoch ms. */
  end(atMs: number): void {
    this.step({ kind: 'end', atMs });
  }

  private step(input: Parameters<typeof stepCamera>[1]): void {
    try {
      const { state, findings } = stepCamera(this.state, input, this.rules);
      this.state = state;
      if (findings.length > 0) this.report(findings);
    } catch (error) {
      // A fault in a rule must not end the analysis of this camera for good.
      this.log.error({ err: error }, 'the rules failed on an observation and begin anew');
      this.state = initialCameraState();
    }
  }
}
