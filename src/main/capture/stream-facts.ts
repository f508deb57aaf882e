/** What is told of a stream that comes: its description, what it measures up to, and how it is received. */
import type { StreamFacts } from '../../shared/contract-cameras.ts';
import type { StreamKind } from '../../shared/domain-storage.ts';
import type { StreamDescription } from '../media/fragment.ts';
import type { CaptureAttempt } from './attempt.ts';
import type { StreamMeter } from './stream-meter.ts';

export function readStreamFacts(
  stream: StreamKind,
  { video }: StreamDescription,
  attempt: CaptureAttempt,
  meter: StreamMeter,
): StreamFacts {
  return {
    stream,
    videoCodec: attempt.names.video,
    codecString: video.codecString,
    width: video.width,
    height: video.height,
    ...meter.measure(),
    audioCodec: attempt.names.audio,
    note: attempt.names.note,
    network: attempt.network(),
    reports: attempt.reports(),
  };
}
