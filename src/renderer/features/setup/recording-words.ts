/** What a folder's speed and free space mean for recording, in words. Pure. */
import type { FolderCheck } from '../../../shared/onboarding.ts';
import { formatBytes } from '../../client/time-format.ts';

/** Of a usual camera: 4 Mbit/s of main stream and half a Mbit/s of sub stream. */
const CAMERA_BYTES_PER_SECOND = 560_000;
/** Of a disk's speed; the rest is for reading, and for the moments in which it is slow. */
const USABLE_SHARE = 0.5;
const MANY_CAMERAS = 100;
const DAY_SECONDS = 86_400;
const SHORT_DAYS = 2;

/** `tone`: `degraded` where it will hardly do. */
export interface FolderVerdict {
  tone: 'well' | 'degraded';
  speed: string;
  space: string;
}

export function judgeFolder({ bytesPerSecond, freeBytes }: FolderCheck, reserveBytes: number): FolderVerdict {
  const cameras = Math.floor((bytesPerSecond * USABLE_SHARE) / CAMERA_BYTES_PER_SECOND);
  const days = Math.max(0, freeBytes - reserveBytes) / (CAMERA_BYTES_PER_SECOND * DAY_SECONDS);
  const enough =
    cameras >= MANY_CAMERAS
      ? `fast enough for ${MANY_CAMERAS} cameras and more`
      : cameras === 0
        ? 'too slow even for one camera'
        : `fast enough for ${cameras === 1 ? 'one camera' : `${cameras} cameras`}`;
  return {
    tone: cameras === 0 || days < SHORT_DAYS ? 'degraded' : 'well',
    speed: `Written at ${formatBytes(bytesPerSecond)} per second: ${enough}.`,
    space: `${formatBytes(freeBytes)} free: room for ${daysOf(days)} of one camera, ${daysOf(days / 4)} of four. The oldest footage makes way for new.`,
  };
}

function daysOf(days: number): string {
  if (days < 1) return 'less than a day';
  const whole = Math.floor(days);
  if (whole > 365) return 'more than a year';
  return `about ${whole} ${whole === 1 ? 'day' : 'days'}`;
}
