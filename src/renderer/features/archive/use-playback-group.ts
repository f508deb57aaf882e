/** The page's one clock, and its address: which cameras and which moment the archive shows. */
import { useEffect, useRef, useState } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { navigate, parsePlace } from '../../client/router.tsx';
import { askFootageEnd } from './archive-queries.ts';
import { MOST_PLAYERS, useArchive } from './archive-store.ts';
import { PlaybackGroup } from './player/playback-group.ts';
import type { ArchiveCommands } from './use-archive-commands.ts';

const EDGE_LEAD_MS = 10_000;
/** The first segment of a camera that has just come begins with its first key frame. */
const SETTLED_MS = 2500;
/** The address follows the playhead when it has rested so long. */
const ADDRESS_REST_MS = 600;

export function usePlaybackGroup(
  opened: { query: URLSearchParams; latestEpochMs: number },
  cameras: readonly CameraView[],
): PlaybackGroup {
  const [group] = useState(() => {
    const wanted = readCameras(opened.query, cameras);
    const before = useArchive
      .getState()
      .shownCameraIds.filter((id) => cameras.some((camera) => camera.id === id));
    const shownCameraIds =
      wanted.length > 0 ? wanted : before.length > 0 ? before : [defaultCamera(cameras).id];
    const first = cameras.find(({ id }) => id === shownCameraIds[0]);
    const at = readMoment(opened.query) ?? openingMoment(first, opened.latestEpochMs);
    useArchive.setState({
      shownCameraIds,
      playheadEpochMs: at,
      playing: false,
      rate: 1,
      sound: false,
      selection: readSelection(opened.query),
      skipNote: null,
    });
    return new PlaybackGroup(
      {
        onTime: (playheadEpochMs) => useArchive.setState({ playheadEpochMs }),
        onPlaying: (playing) => useArchive.setState({ playing }),
        onSkip: (fromEpochMs, toEpochMs) =>
          useArchive.setState({ skipNote: { fromEpochMs, toEpochMs, cause: null } }),
        askEarlier: askFootageEnd,
      },
      at,
    );
  });
  useEffect(() => {
    group.start();
    return () => group.stop();
  }, [group]);
  return group;
}

/** Follows the address when somebody else changes it, and keeps it at the playhead when that rests. */
export function useArchivePlace(query: URLSearchParams, commands: ArchiveCommands): void {
  const own = useRef(query.toString());
  useEffect(() => {
    if (query.toString() === own.current) return;
    own.current = query.toString();
    const cameraIds = (query.get('camera') ?? '').split(',').filter(Boolean).slice(0, MOST_PLAYERS);
    if (cameraIds.length > 0) useArchive.setState({ shownCameraIds: cameraIds });
    const selection = readSelection(query);
    if (selection) useArchive.setState({ selection });
    const at = readMoment(query);
    if (at !== null) commands.seek(at);
  }, [query, commands]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = useArchive.subscribe((state, before) => {
      const moved =
        state.playheadEpochMs !== before.playheadEpochMs || state.shownCameraIds !== before.shownCameraIds;
      if (!moved || state.playing) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        // The page may be on its way to another place already.
        if (parsePlace(location.hash).path !== '/archive') return;
        const { shownCameraIds, playheadEpochMs } = useArchive.getState();
        const next = new URLSearchParams({
          camera: shownCameraIds.join(','),
          at: String(Math.round(playheadEpochMs)),
        });
        own.current = next.toString();
        navigate(`/archive?${next}`, { replace: true });
      }, ADDRESS_REST_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
}

/** The one that records, if any: the archive opens on footage. */
function defaultCamera(cameras: readonly CameraView[]): CameraView {
  return cameras.find(({ status }) => status.recording) ?? cameras[0]!;
}

/** A little before the camera's newest picture, but never before the camera was there. */
function openingMoment(camera: CameraView | undefined, latestEpochMs: number): number {
  const newest = Math.min(latestEpochMs, camera?.status.lastFrameEpochMs ?? latestEpochMs);
  const since = camera?.status.state === 'online' ? camera.status.sinceEpochMs : 0;
  return Math.max(newest - EDGE_LEAD_MS, Math.min(newest, since + SETTLED_MS));
}

function readMoment(query: URLSearchParams): number | null {
  const at = Number(query.get('at') ?? Number.NaN);
  return Number.isFinite(at) && at > 0 ? at : null;
}

/** `&at=…&to=…` asks for a range to be selected. */
function readSelection(query: URLSearchParams): EpochRange | null {
  const startEpochMs = readMoment(query);
  const endEpochMs = Number(query.get('to') ?? Number.NaN);
  return startEpochMs !== null && endEpochMs > startEpochMs ? { startEpochMs, endEpochMs } : null;
}

function readCameras(query: URLSearchParams, cameras: readonly CameraView[]): string[] {
  return (query.get('camera') ?? '')
    .split(',')
    .filter((id) => cameras.some((camera) => camera.id === id))
    .slice(0, MOST_PLAYERS);
}
