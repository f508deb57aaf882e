/** What is wrong at this moment with cameras and disk, in the user's words. Pure; how long it must last is in `step-alerts.ts`. */
import type { CameraStatus } from '../../shared/contract-cameras.ts';
import type { StorageView } from '../../shared/contract-health.ts';
import type { Gap } from '../../shared/domain-storage.ts';
import type { PictureTrouble } from './picture-watch.ts';
import type { Trouble } from './step-alerts.ts';

export interface CameraFacts {
  camera: { id: string; name: string; recording: { mode: 'continuous' | 'events' | 'off'; days: number } };
  status: Pick<CameraStatus, 'state' | 'problem' | 'advice' | 'recording'>;
  /** Since when and why nothing is stored; null while recording. */
  gap: Gap | null;
  picture: PictureTrouble | null;
}

/** `null`: the folder for recordings does not answer. */
export type StorageFacts = Pick<
  StorageView,
  'usedBytes' | 'freeBytes' | 'maxBytes' | 'minFreeBytes' | 'bytesPerDay' | 'path'
> | null;

/** The camera is there, but what it sends cannot be stored: not a matter of power or network. */
const NOT_OFFLINE: ReadonlySet<Gap['cause']> = new Set(['unsupported-stream']);
/** Switched off by the user, or outside the hours of recording. */
const NOT_WANTED: ReadonlySet<Gap['cause']> = new Set(['paused', 'no-event']);
/** While the folder or the disk is at fault, footage is lost in every mode. */
const LOSSES_IN_ANY_MODE: ReadonlySet<Gap['cause']> = new Set([
  'disk-full',
  'disk-failed',
  'disk-slow',
  'unsupported-stream',
]);

/** At most one trouble of reception or recording, and at most one of the picture. */
export function judgeCamera({ camera, status, gap, picture }: CameraFacts): Trouble[] {
  if (status.state === 'paused' || status.state === 'no-source') return [];
  const { mode } = camera.recording;
  const of = (kind: Trouble['kind'], words: string, advice: string): Trouble => ({
    kind,
    cameraId: camera.id,
    words,
    advice,
  });
  const isWanted = mode !== 'off' && !(gap && NOT_WANTED.has(gap.cause));
  if (status.state !== 'online') {
    const reason = sentence(status.problem ?? 'No pictures come');
    if (isWanted && gap && NOT_OFFLINE.has(gap.cause))
      return [of('not-recording', `Not recorded. ${reason}`, status.advice ?? CHECK_STREAM)];
    return [of('camera-offline', `Offline. ${reason}`, status.advice ?? CHECK_CAMERA)];
  }
  const troubles: Trouble[] = [];
  const isLoss = mode === 'continuous' || (gap !== null && LOSSES_IN_ANY_MODE.has(gap.cause));
  if (isWanted && isLoss && !status.recording) {
    const reason = gap && gap.cause !== 'engine-stopped' ? sentence(gap.detail) : '';
    troubles.push(
      of('not-recording', `Live, but not recorded. ${reason}`.trim(), status.advice ?? CHECK_DISK),
    );
  }
  if (picture) troubles.push({ ...of(...PICTURE_WORDS[picture.kind]), sinceMs: picture.sinceMs });
  return troubles;
}

const CHECK_CAMERA = 'Check that the camera has power and network. It is tried again all the time.';
const CHECK_STREAM = "Set the stream to H.264 or H.265 in the camera's settings.";
const CHECK_DISK = 'See Health, Storage: the disk for recordings may be full, away or read-only.';
const PICTURE_WORDS: Record<PictureTrouble['kind'], [Trouble['kind'], string, string]> = {
  frozen: [
    'picture-frozen',
    'The picture is frozen: frames come, but they all show the very same picture.',
    'Restart the camera. Look at the archive for when the picture stood still.',
  ],
  black: [
    'picture-black',
    'The picture is black or of one colour.',
    "Check that the lens is not covered, that the camera's night view works, and that the sensor is not broken.",
  ],
};

/** Below this share of the days asked for the disk is too small; estimates differ by less from day to day. */
const SHORT_SHARE = 0.9;
/** Between two runs of retention our own writing goes a little below the reserve. */
const RESERVE_SHARE = 0.95;

export function judgeStorage(
  storage: StorageFacts,
  cameras: ReadonlyArray<Pick<CameraFacts, 'camera'>>,
): Trouble[] {
  if (!storage)
    return [
      {
        kind: 'folder-missing',
        cameraId: null,
        words: 'The folder for recordings does not answer: nothing can be stored.',
        advice:
          'Check that its drive is plugged in and mounted. Recording goes on by itself when it is back.',
      },
    ];
  const troubles: Trouble[] = [];
  const { usedBytes, freeBytes, maxBytes, minFreeBytes, bytesPerDay } = storage;
  if (freeBytes < minFreeBytes * RESERVE_SHARE)
    troubles.push({
      kind: 'disk-reserve',
      cameraId: null,
      words: `Less than the reserve of ${gigabytes(minFreeBytes)} is free on the disk for recordings, and deleting old footage does not help: something else fills it.`,
      advice: `Free space on the disk of ${storage.path}, or lower the reserve in Health, Storage.`,
    });
  const capacityBytes = Math.min(usedBytes + freeBytes - minFreeBytes, maxBytes ?? Number.POSITIVE_INFINITY);
  const wanted = cameras.filter(({ camera }) => camera.recording.mode !== 'off');
  const capacityDays = bytesPerDay ? capacityBytes / bytesPerDay : Number.POSITIVE_INFINITY;
  const short = wanted.filter(({ camera }) => capacityDays < camera.recording.days * SHORT_SHARE);
  if (short.length > 0) {
    const most = Math.max(...short.map(({ camera }) => camera.recording.days));
    const who = short.length === 1 ? short[0]!.camera.name : `${short.length} cameras`;
    troubles.push({
      kind: 'footage-short',
      cameraId: null,
      words: `At this pace the disk holds ${aboutDays(capacityDays)} of footage; ${who} should keep ${short.length === 1 ? '' : 'up to '}${most} ${most === 1 ? 'day' : 'days'}.`,
      advice:
        'Raise the limit or add a larger disk, ask for fewer days, or lower the bit rate in the cameras.',
    });
  }
  return troubles;
}

function sentence(text: string): string {
  return `${text.replace(/\.$/, '')}.`;
}

function aboutDays(count: number): string {
  const whole = Math.floor(count);
  if (whole < 1) return 'less than a day';
  return whole === 1 ? 'about a day' : `about ${whole} days`;
}

function gigabytes(bytes: number): string {
  return `${Number((bytes / 1e9).toFixed(1))} GB`;
}
