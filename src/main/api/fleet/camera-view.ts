/** Cameras as the organisation-cameras API shows them. */
import type { Site } from '../../../shared/domain-camera.ts';
import type { Clock } from '../../platform/clock.ts';
import { stableUuid } from '../../platform/stable-uuid.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import type { DecommissionedCamera, FleetStore } from '../../store/fleet.ts';
import { type CameraEngine, serialNumberOf } from '../integration-cameras.ts';
import { formatPlainTime } from '../wire-time.ts';
import type { WireCamera } from './schemas.ts';

export interface CameraViewDeps {
  fleet: FleetStore;
  sites: { byId(id: number): Site | null };
  engine: CameraEngine;
  clock: Clock;
}

export function buildCamera(deps: CameraViewDeps, camera: StoredCamera, includeMetrics: boolean): WireCamera {
  const { fleet, sites, engine } = deps;
  const facts = fleet.facts(camera.id);
  const { lastSeenEpochMs, lastVideoEpochMs } = engine.lastHeard(camera);
  return {
    id: camera.id,
    name: camera.name,
    serialNumber: serialNumberOf(camera),
    siteId: sites.byId(camera.siteId)?.uuid ?? '',
    organisationId: fleet.organisationId(),
    state: facts?.state ?? 'running',
    isOnline: engine.isOnline(camera),
    claimedAt: formatPlainTime(camera.createdEpochMs),
    cameraPositionId: positionOf(camera.id),
    lastSeenAt: timeOrNull(latest(lastSeenEpochMs, facts?.lastSeenEpochMs)),
    lastVideoAt: timeOrNull(latest(lastVideoEpochMs, facts?.lastVideoEpochMs)),
    direction1Alias: facts?.direction1Alias ?? null,
    direction2Alias: facts?.direction2Alias ?? null,
    ...(includeMetrics && buildMetrics(deps, camera, lastSeenEpochMs)),
  };
}

export function buildDecommissioned(
  { fleet }: Pick<CameraViewDeps, 'fleet'>,
  camera: DecommissionedCamera,
  includeMetrics: boolean,
): WireCamera {
  return {
    id: camera.cameraId,
    name: camera.name,
    serialNumber: camera.serialNumber,
    siteId: camera.siteUuid ?? '',
    organisationId: fleet.organisationId(),
    state: 'decommissioned',
    isOnline: false,
    claimedAt: formatPlainTime(camera.claimedEpochMs),
    cameraPositionId: positionOf(camera.cameraId),
    lastSeenAt: timeOrNull(camera.lastSeenEpochMs),
    lastVideoAt: timeOrNull(camera.lastVideoEpochMs),
    direction1Alias: camera.direction1Alias,
    direction2Alias: camera.direction2Alias,
    ...(includeMetrics && {
      encodedFramesProportion: 0,
      networkTransmitRate: 0,
      videoBacklog: 0,
      videoUploadLatency: 0,
    }),
  };
}

function buildMetrics(
  { engine, clock }: CameraViewDeps,
  camera: StoredCamera,
  lastSeenEpochMs: number | null,
) {
  const status = engine.cameraStatus(camera.id);
  const isLive = status.state === 'online' && lastSeenEpochMs !== null;
  return {
    encodedFramesProportion: status.completenessToday ?? (status.recording ? 1 : 0),
    networkTransmitRate: Math.round(status.streams.reduce((sum, stream) => sum + stream.bitsPerSecond, 0)),
    // Frames go to the disk as they arrive: nothing waits to be uploaded.
    videoBacklog: 0,
    videoUploadLatency: isLive ? Math.max(0, clock.epochMs() - lastSeenEpochMs) / 1000 : 0,
  };
}

function positionOf(cameraId: string): string {
  return stableUuid('camera position', cameraId);
}

function latest(...times: Array<number | null | undefined>): number | null {
  const known = times.filter((time) => typeof time === 'number');
  return known.length > 0 ? Math.max(...known) : null;
}

function timeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : formatPlainTime(Math.round(epochMs));
}
