/** Why footage is missing, in words. */
import type { GapCause } from '../../shared/domain.ts';

export const GAP_WORDS: Record<GapCause, string> = {
  'engine-stopped': 'The program was not running',
  'camera-unreachable': 'Camera unreachable',
  'wrong-credentials': 'Wrong user name or password',
  'camera-refused': 'The camera refused',
  'stream-stalled': 'No pictures came',
  'stream-ended': 'The camera ended the stream',
  'unsupported-stream': 'A stream that cannot be recorded',
  'disk-full': 'Disk full',
  'disk-failed': 'Disk failed',
  'disk-slow': 'Disk too slow',
  'clock-step': 'The clock was set',
  paused: 'Recording switched off',
  deleted: 'Deleted',
  unknown: 'Unknown',
};
