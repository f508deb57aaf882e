/** What storage looks like: used, free, locked and forecast, from index, disk and what is being written. */
import type { StorageView, VolumeView } from '../../shared/contract-health.ts';
import { DAY_MS } from '../../shared/units.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import type { FootageLocks } from './footage-locks.ts';
import { planForecast } from './forecast.ts';
import { LOCK_CAP_SHARE, planLockCap } from './lock-plan.ts';
import type { StorageLimits } from './retention.ts';
import type { SegmentIndex } from './segment-index.ts';
import type { KnownVolume } from './volume-plan.ts';
import type { Volumes } from './volumes.ts';

export interface StorageDeps {
  volumes: Pick<Volumes, 'all'>;
  index: Pick<SegmentIndex, 'usedBytes' | 'writtenSince'>;
  locks: Pick<FootageLocks, 'lockedBytes'>;
  limits(): StorageLimits;
  clock: Clock;
}

/** `open`: segments being written. */
export function measureStorage(
  { volumes, index, locks, limits, clock }: StorageDeps,
  open: ReadonlyArray<Pick<SegmentRecord, 'sizeBytes' | 'initBytes' | 'volumeId'>>,
): StorageView {
  const { maxBytes, minFreeBytes, lockCapShare = LOCK_CAP_SHARE } = limits();
  const now = clock.epochMs();
  const known = volumes.all();
  const openBytes = open.reduce((sum, segment) => sum + segment.sizeBytes - segment.initBytes, 0);
  const space = {
    ...{ maxBytes, minFreeBytes, lockCapShare },
    usedBytes: index.usedBytes() + openBytes,
    ...sumOfDisks(known),
    lockedBytes: locks.lockedBytes(),
  };
  const written = index.writtenSince(now - DAY_MS);
  const reserved = reserveOf(known, minFreeBytes);
  const room = { ...space, minFreeBytes: reserved };
  const forecast = planForecast({ ...written, bytes: written.bytes + openBytes }, room, now);
  const views = known.map((one) => ({
    ...viewVolume(one, openIn(open, one) + index.usedBytes(inFolder(one))),
    sameDiskAs: sameDiskAs(one, known),
  }));
  const path = known[0]?.volume.path ?? '';
  return { ...space, ...forecast, lockCapBytes: planLockCap(room), path, volumes: views };
}

/** The first of the folders before this one that lies on its disk. */
function sameDiskAs(
  { volume, condition: { device } }: KnownVolume,
  known: readonly KnownVolume[],
): string | null {
  const same = known.find((other) => device !== null && other.condition.device === device);
  return same && same.volume.id !== volume.id ? same.volume.path : null;
}

function viewVolume({ volume, condition }: KnownVolume, usedBytes: number): Omit<VolumeView, 'sameDiskAs'> {
  const { id, path, role, afterDays, minFreeBytes, maxBytes } = volume;
  const { state, problem, freeBytes, totalBytes } = condition;
  return {
    ...{ id, path, role, afterDays, minFreeBytes, maxBytes },
    ...{ state, problem, usedBytes, freeBytes, totalBytes },
  };
}

function inFolder({ volume }: KnownVolume): { volumeIds: number[] } {
  return { volumeIds: [volume.id] };
}

function openIn(
  open: ReadonlyArray<Pick<SegmentRecord, 'sizeBytes' | 'initBytes' | 'volumeId'>>,
  { volume }: KnownVolume,
): number {
  return open
    .filter(({ volumeId }) => volumeId === volume.id)
    .reduce((sum, segment) => sum + segment.sizeBytes - segment.initBytes, 0);
}

/** One folder per disk: several on the same one share its space. */
function onePerDisk(known: readonly KnownVolume[]): KnownVolume[] {
  const disks = new Map<number | string, KnownVolume>();
  for (const one of known) {
    const { device } = one.condition;
    if (!disks.has(device ?? one.volume.path)) disks.set(device ?? one.volume.path, one);
  }
  return [...disks.values()];
}

function sumOfDisks(known: readonly KnownVolume[]): { freeBytes: number; totalBytes: number } {
  const disks = onePerDisk(known);
  return {
    freeBytes: disks.reduce((sum, { condition }) => sum + condition.freeBytes, 0),
    totalBytes: disks.reduce((sum, { condition }) => sum + condition.totalBytes, 0),
  };
}

/** Space that is to stay free on all disks together. */
function reserveOf(known: readonly KnownVolume[], minFreeBytes: number): number {
  return onePerDisk(known.filter(({ condition }) => condition.state !== 'absent')).reduce(
    (sum, { volume }) => sum + (volume.minFreeBytes ?? minFreeBytes),
    0,
  );
}
