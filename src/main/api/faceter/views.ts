/** Cameras, events and exports as the Faceter API shows them. */

import { stableUuid } from '../../platform/stable-uuid.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import type { FaceterExport } from '../../store/faceter-exports.ts';
import { serialNumberOf } from '../integration-cameras.ts';
import { formatPlainTime } from '../wire-time.ts';
import type { FaceterDeps } from './deps.ts';
import type { EventGroup } from './events.ts';
import type { WireCamera, WireEvent } from './schemas.ts';
import type { UrlSigner } from './signing.ts';

export const PREFIX = '/integration-api/v1';

/** Where the client is, and with which key. */
export interface Viewer {
  base: string;
  keyId: string;
  /** Host name of the request, without a port. */
  host: string;
}

export function buildCamera(deps: FaceterDeps, camera: StoredCamera, viewer: Viewer): WireCamera {
  const { engine, signer, sites, fleet } = deps;
  const { id } = camera;
  const { lastSeenEpochMs } = engine.lastHeard(camera);
  const noted = fleet.facts(id)?.lastSeenEpochMs ?? null;
  const lastOnline = lastSeenEpochMs ?? noted;
  const site = sites.byId(camera.siteId);
  const room = deps.rooms.ofCamera(id);
  const isLive = deps.isLive(id);
  const media = (thing: 'preview' | 'live', file: string) =>
    `${viewer.base}${PREFIX}/media/${signer.token(thing, id)}/cameras/${id}/${file}`;
  return {
    id,
    deviceId: stableUuid('device', id),
    title: camera.name,
    previewUrl: engine.hasPicture(id) ? media('preview', 'preview.jpg') : null,
    archiveApiToken: signer.sign('archive', id),
    archiveApiUrl: `${viewer.base}${PREFIX}/cameras/${id}/archive`,
    archiveDays: Math.ceil(camera.recording.days),
    liveRtspUrl: isLive ? deps.relayUrl(id, viewer.keyId, viewer.host) : null,
    liveHlsUrl: isLive ? media('live', 'live.m3u8') : null,
    isOnline: engine.isOnline(camera),
    lastOnlineDate: lastOnline === null ? null : formatPlainTime(Math.round(lastOnline)),
    cameraModel: deps.modelOf(camera.macAddress) ?? 'IP camera',
    platform: 'ThirdParty',
    serialNumber: serialNumberOf(camera),
    // Cameras do not say over RTSP.
    firmwareVersion: 'unknown',
    applicationVersion: deps.version,
    isOwner: true,
    isFullAccess: true,
    isArchiveGranted: true,
    isAudioGranted: camera.recording.audio,
    tempAccessExpiryDate: null,
    location: {
      id: String(camera.siteId),
      title: site?.name ?? '',
      // A camera that is in no room is in the site as a whole.
      room: room
        ? { id: String(room.id), title: room.name }
        : { id: `site-${camera.siteId}`, title: site?.name ?? '' },
    },
  };
}

export function buildEvent(signer: UrlSigner, cameraId: string, group: EventGroup, base: string): WireEvent {
  const [first] = group.events;
  const preview = group.events
    .map((event) => previewOf(signer, event.source, base))
    .find((url) => url !== null);
  return {
    id: first!.id,
    cameraId,
    type: first!.type,
    startTime: formatPlainTime(group.startEpochMs),
    endTime: formatPlainTime(group.endEpochMs),
    previewUrl: preview ?? null,
    mergedEventsCount: group.events.length,
    attributes: group.events.map((event) => event.attributes),
  };
}

function previewOf(
  signer: UrlSigner,
  source: EventGroup['events'][number]['source'],
  base: string,
): string | null {
  const posted = source.detail.posted;
  if (posted?.snapshotUrl) return posted.snapshotUrl;
  if (source.hasSnapshot)
    return `${base}${PREFIX}/media/${signer.token('event', source.id)}/events/${source.id}/preview.jpg`;
  return posted?.objectSnapshotUrl ?? null;
}

/** The answer to who asks for an export, and the body of its callback. */
export function buildExport(signer: UrlSigner, job: FaceterExport, base: string) {
  const file = (name: string) =>
    `${base}${PREFIX}/media/${signer.token('export', job.id)}/exports/${job.id}/${name}`;
  const isDone = job.status === 'Completed';
  const urls =
    job.kind === 'archive'
      ? {
          videoUrl: isDone ? file('video.mp4') : null,
          previewUrl: isDone && job.hasPreview ? file('preview.jpg') : null,
        }
      : { audioUrl: isDone ? file('audio.mp3') : null };
  return {
    exportId: job.id,
    status: job.status,
    ...urls,
    errorMessage: job.errorMessage,
    createdAtUtc: formatPlainTime(job.createdEpochMs),
    completedAtUtc: job.completedEpochMs === null ? null : formatPlainTime(job.completedEpochMs),
  };
}
