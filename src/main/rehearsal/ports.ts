/** What rehearsals and backfills need of others: footage, readers' reports, and somebody who analyses. */

import type { Analysis } from '../../shared/domain-camera.ts';
import type { AccessEvent } from '../../shared/domain-events.ts';
import type { Box } from '../../shared/geometry.ts';
import type { RehearsalRules } from '../../shared/rehearsal.ts';
import { withoutHours } from '../rules/rule-hours.ts';
import type { CameraRules } from '../rules/step-camera.ts';
import type { FootageFile, FootageRequest } from '../vision/footage/analyze-footage.ts';
import type { FootageBatch } from '../vision/footage/footage-messages.ts';
import type { Snapshot } from '../vision/snapshot.ts';

/** A `FootageAnalysis`. */
export interface Analyser {
  next(): Promise<FootageBatch>;
  snapshot(atMs: number, box: Box | null): Promise<Snapshot | null>;
  stop(): Promise<void>;
}

export interface FootagePorts {
  /** What is recorded of a camera's main stream in a range, ascending; what is being written included. */
  files(cameraId: string, fromEpochMs: number, toEpochMs: number): FootageFile[];
  /** What these readers reported in a range, on the cameras' clock. */
  reports(readers: readonly string[], fromEpochMs: number, toEpochMs: number): AccessEvent[];
  /** Throws AppError when there is no detector to do it. */
  startAnalysis(request: FootageRequest): Analyser;
}

export function toCameraRules({ zones, lines, analysis, readers }: RehearsalRules): CameraRules {
  return { zones, lines, analysis, readers: readers.length > 0 ? readers : null };
}

/** For a video, whose times are not those of a clock: at all hours, and by distance alone, since nobody can have unlocked on them. */
export function toVideoRules(rules: RehearsalRules): CameraRules {
  return withoutHours({ ...toCameraRules(rules), readers: null });
}

/** Whether pictures analysed with one are those that the other wants. */
export function sameAnalysis(a: Analysis, b: Analysis): boolean {
  const what = ({ fps, minConfidence, overheadView, masks = [] }: Analysis) =>
    JSON.stringify([fps, minConfidence, overheadView, masks]);
  return what(a) === what(b);
}
