/** Which kind of attempt a source needs. */
import type { CaptureAttempt, CaptureAttemptOptions } from './attempt.ts';
import { CaptureFailure } from './failure.ts';
import { FileCapture } from './file-capture.ts';
import { RtspCapture } from './rtsp-capture.ts';

/** Throws CaptureFailure for an address that is of no known kind or cannot be understood. */
export function openAttempt(url: string, options: Omit<CaptureAttemptOptions, 'url'>): CaptureAttempt {
  if (/^rtsps?:/i.test(url)) return new RtspCapture({ ...options, url });
  if (/^file:/i.test(url)) return new FileCapture({ ...options, url });
  throw new CaptureFailure(
    'camera-refused',
    'This kind of source is not known',
    'Use an address that begins with rtsp://, rtsps:// or file://.',
    true,
  );
}
