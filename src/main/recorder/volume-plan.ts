/** Which recording folder footage goes to, now and later. Pure. */
import type { VolumeRole, VolumeState } from '../../shared/domain-storage.ts';
import { DAY_MS } from '../../shared/units.ts';

/** A recording folder, as it is configured. */
export interface Volume {
  /** 0: DATA/recordings. */
  id: number;
  /** Also in the mark inside it. */
  uuid: string;
  /** Absolute. */
  path: string;
  role: VolumeRole;
  /** For an archive: the age at which segments go there. */
  afterDays: number | null;
  /** Reserve on its disk; null: the reserve that holds for all. */
  minFreeBytes: number | null;
  /** Of recordings in it; null: none. */
  maxBytes: number | null;
}

/** How a folder was when it was last looked at. */
export interface VolumeCondition {
  state: VolumeState;
  /** In the user's words; null when all is well. */
  problem: string | null;
  freeBytes: number;
  totalBytes: number;
  /** Tells whether folders share a disk; null when it is not known. */
  device: number | null;
}

/** Of a folder that has not been looked at yet. */
export const UNKNOWN: VolumeCondition = {
  ...{ state: 'present', problem: null },
  ...{ freeBytes: 0, totalBytes: 0, device: null },
};

export interface KnownVolume {
  volume: Volume;
  condition: VolumeCondition;
  /** A write in it has failed a moment ago. */
  failing: boolean;
}

export interface RecordCandidate {
  volume: Pick<Volume, 'id' | 'role' | 'maxBytes'>;
  condition: Pick<VolumeCondition, 'state' | 'totalBytes'>;
  /** A write in it has failed a moment ago. */
  failing: boolean;
}

/**
 * The folder for a new segment, or null where none can take it. Segments are spread in proportion to the folders' sizes: by `key`
 * (weighted rendezvous hashing), so that all fill at the same pace and none is written by all cameras at once. Folders that are full,
 * read-only or failing are taken only when there is no other: what is wrong with them is then said by the write that fails.
 */
export function planRecordVolume<T extends RecordCandidate>(candidates: readonly T[], key: string): T | null {
  const present = candidates.filter(
    ({ volume, condition }) => volume.role === 'record' && condition.state !== 'absent',
  );
  const well = present.filter(({ condition, failing }) => condition.state === 'present' && !failing);
  const writable = present.filter(({ condition }) => condition.state !== 'read-only');
  const pool = [well, writable, present].find((some) => some.length > 0) ?? [];
  let best: { candidate: T; score: number } | null = null;
  for (const candidate of pool) {
    const score = -sizeOf(candidate) / Math.log(hashFraction(`${key} ${candidate.volume.id}`));
    if (!best || score > best.score) best = { candidate, score };
  }
  return best?.candidate ?? null;
}

/** Why no folder can take footage, in the user's words. */
export function whyNone(known: readonly KnownVolume[]): string {
  const records = known.filter(({ volume }) => volume.role === 'record');
  const problems = records.flatMap(({ condition }) => condition.problem ?? []);
  return problems.join(' ') || 'There is no folder for new recordings.';
}

function sizeOf({ volume, condition }: RecordCandidate): number {
  return Math.max(1, Math.min(condition.totalBytes, volume.maxBytes ?? Number.POSITIVE_INFINITY));
}

/** In (0, 1); FNV-1a with a final mix, so that keys that differ in one sign are far apart. */
function hashFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}

/** Segments of one folder that end before a time are to go to one of others. */
export interface MovePlan {
  fromId: number;
  endBeforeEpochMs: number;
  /** In order of preference. */
  toIds: number[];
}

/** What the mover has to do, in order: folders that leave are emptied first; then what is old enough goes to an archive. */
export function planMoves(
  volumes: ReadonlyArray<{ volume: Volume; state: VolumeState }>,
  nowEpochMs: number,
): MovePlan[] {
  const readable = volumes.filter(({ state }) => state !== 'absent');
  const takers = readable.filter(({ state }) => state === 'present').map(({ volume }) => volume);
  const archives = takers
    .filter(({ role }) => role === 'archive')
    .sort((a, b) => (b.afterDays ?? 0) - (a.afterDays ?? 0));
  const due = ({ afterDays }: Volume) => Math.floor(nowEpochMs - (afterDays ?? 0) * DAY_MS);
  const records = takers.filter(({ role }) => role === 'record').map(({ id }) => id);
  const sources = (role: VolumeRole) =>
    readable.filter(({ volume }) => volume.role === role).map(({ volume }) => volume);
  const toArchive = (from: Volume): MovePlan[] =>
    archives.map((archive) => ({ fromId: from.id, endBeforeEpochMs: due(archive), toIds: [archive.id] }));
  const emptying = sources('leaving').flatMap((from) => [
    ...toArchive(from),
    {
      fromId: from.id,
      endBeforeEpochMs: Number.MAX_SAFE_INTEGER,
      toIds: [...records, ...archives.map(({ id }) => id)],
    },
  ]);
  return [...emptying, ...sources('record').flatMap(toArchive)].filter(({ toIds }) => toIds.length > 0);
}
