/** What a folder's speed and free space mean for recording, in words. Pure. */
import { plural, t } from '@lingui/core/macro';
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
  const speed = formatBytes(bytesPerSecond);
  const speedWords =
    cameras >= MANY_CAMERAS
      ? t`Written at ${speed} per second: fast enough for ${MANY_CAMERAS} cameras and more.`
      : cameras === 0
        ? t`Written at ${speed} per second: too slow even for one camera.`
        : plural(cameras, {
            one: `Written at ${speed} per second: fast enough for one camera.`,
            other: `Written at ${speed} per second: fast enough for # cameras.`,
          });
  return {
    tone: cameras === 0 || days < SHORT_DAYS ? 'degraded' : 'well',
    speed: speedWords,
    space: t`${formatBytes(freeBytes)} free: room for ${daysOf(days)} of one camera, ${daysOf(days / 4)} of four. The oldest footage makes way for new.`,
  };
}

function daysOf(days: number): string {
  if (days < 1) return t`less than a day`;
  const whole = Math.floor(days);
  if (whole > 365) return t`more than a year`;
  return plural(whole, { one: 'about # day', other: 'about # days' });
}
