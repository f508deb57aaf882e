/** What a camera does about recording now: pause, a switch for all cameras and its hours of the week stand above its own mode. Pure. */
import { isWithinHours } from '../shared/schedule.ts';
import type { StoredCamera } from './store/cameras.ts';

/** A camera as it is to run. */
export interface WantedCamera extends StoredCamera {
  /** Why it is not recorded for now, in words that can stand alone; absent where its own mode holds. */
  recordingOffBecause?: string;
}

/**
 * A paused camera does nothing: it has no source. Where recording is switched off for all, or outside a camera's hours, it is watched
 * and analysed, and nothing is kept.
 */
export function planCamera(
  camera: StoredCamera,
  now: { isPaused: boolean; isRecordingEnabled: boolean; epochMs: number },
): WantedCamera {
  const { recording, analysis, source: _source, ...rest } = camera;
  const off = { ...recording, mode: 'off' as const };
  if (now.isPaused)
    return {
      ...rest,
      recording: off,
      analysis: { ...analysis, enabled: false },
      recordingOffBecause: 'The camera is paused',
    };
  if (recording.mode === 'off') return camera;
  if (!now.isRecordingEnabled)
    return { ...camera, recording: off, recordingOffBecause: 'Recording is switched off for all cameras' };
  if (!isWithinHours(recording.schedule, now.epochMs))
    return { ...camera, recording: off, recordingOffBecause: 'Outside its recording hours' };
  return camera;
}
