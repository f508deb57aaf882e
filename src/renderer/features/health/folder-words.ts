/** A recording folder in words: what it is for, how it is, what is in it. */
import type { VolumeView } from '../../../shared/contract.ts';
import { formatBytes } from '../../client/time-format.ts';
import type { Hue } from '../../ui/Badge.tsx';

type Folder = Pick<
  VolumeView,
  'id' | 'role' | 'afterDays' | 'state' | 'problem' | 'usedBytes' | 'freeBytes' | 'totalBytes' | 'sameDiskAs'
>;

export function roleWords({ role, afterDays, usedBytes }: Folder): string {
  if (role === 'record') return 'New footage';
  if (role === 'archive') return `Archive after ${afterDays ?? 0} ${afterDays === 1 ? 'day' : 'days'}`;
  return usedBytes > 0 ? 'Being emptied: its footage goes to the other folders' : 'Not used';
}

export function stateWords({ state, role }: Folder): { hue: Hue; words: string } {
  if (state === 'absent') return { hue: 'alarm', words: 'Not there' };
  if (state === 'read-only') return { hue: 'degraded', words: 'Read-only' };
  if (state === 'full') return { hue: role === 'record' ? 'degraded' : 'neutral', words: 'Full' };
  return { hue: role === 'leaving' ? 'neutral' : 'well', words: 'In order' };
}

/** The quiet line below: footage in it, and the space of its disk. */
export function spaceWords({ state, usedBytes, freeBytes, totalBytes, sameDiskAs }: Folder): string {
  const footage = `${formatBytes(usedBytes)} of footage`;
  if (state === 'absent') return footage;
  const disk = `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`;
  return sameDiskAs === null ? `${footage}, ${disk}` : `${footage}, on the same disk as ${sameDiskAs}`;
}

/** Below this a few cameras may come faster than the disk writes. */
const SLOW_BYTES_PER_SECOND = 20_000_000;

/** How fast a new folder was written, with what follows from it. */
export function speedWords(bytesPerSecond: number): string {
  const speed = `Written at ${formatBytes(bytesPerSecond)} per second.`;
  return bytesPerSecond < SLOW_BYTES_PER_SECOND ? `${speed} That is slow for several cameras.` : speed;
}
