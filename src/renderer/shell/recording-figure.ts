/** The quiet figure in the top bar: how many cameras record that should, and how much of today is stored. */
import { t } from '@lingui/core/macro';
import type { CameraView } from '../../shared/contract-cameras.ts';
import { formatShare } from '../client/time-format.ts';

export interface RecordingSummary {
  hue: 'well' | 'alarm' | 'neutral';
  /** '3 of 3' */
  short: string;
  /** '3 of 3 recording, 99.98 % today' */
  long: string;
}

type RecordingFacts = Pick<CameraView, 'source' | 'recording' | 'status'>;

export function summarizeRecording(cameras: readonly RecordingFacts[]): RecordingSummary {
  const wanted = cameras.filter(
    ({ source, recording, status }) =>
      source && recording.mode !== 'off' && status.recordingOffBecause === undefined,
  );
  if (wanted.length === 0) return { hue: 'neutral', short: t`Off`, long: t`Recording is off` };
  const recording = wanted.filter((camera) => camera.status.recording).length;
  const known = wanted.flatMap(({ status }) => status.completenessToday ?? []);
  const all = wanted.length;
  const share = formatShare(known.reduce((sum, one) => sum + one, 0) / known.length);
  return {
    hue: recording === all ? 'well' : 'alarm',
    short: t`${recording} of ${all}`,
    long:
      known.length === 0
        ? t`${recording} of ${all} recording`
        : t`${recording} of ${all} recording, ${share} today`,
  };
}

export interface Problem {
  cameraId: string;
  cameraName: string;
  words: string;
  sinceEpochMs: number;
}

/** What needs attention now, the newest first. */
export function listProblems(cameras: readonly CameraView[]): Problem[] {
  return cameras
    .flatMap(({ id, name, status }) => {
      const words = status.problem;
      return words && status.state !== 'paused'
        ? {
            cameraId: id,
            cameraName: name,
            words: words.replace(/\.$/, ''),
            sinceEpochMs: status.sinceEpochMs,
          }
        : [];
    })
    .sort((a, b) => b.sinceEpochMs - a.sinceEpochMs);
}

export interface AnalysisProblem {
  words: string;
  cameraNames: string[];
}

/** Why analysis does not run as asked, each cause once with all its cameras: recording goes on, so it is no alarm. */
export function listAnalysisProblems(
  cameras: ReadonlyArray<Pick<CameraView, 'name' | 'status'>>,
): AnalysisProblem[] {
  const byWords = new Map<string, string[]>();
  for (const { name, status } of cameras) {
    if (!status.analysisProblem || status.state !== 'online') continue;
    const words = status.analysisProblem.replace(/\.$/, '');
    byWords.set(words, [...(byWords.get(words) ?? []), name]);
  }
  return [...byWords].map(([words, cameraNames]) => ({ words, cameraNames }));
}
