/** Everything that can be done on the archive page, by button or key, in one place. */
import { t } from '@lingui/core/macro';
import { useMemo } from 'react';
import type { Box } from '../../../shared/geometry.ts';
import { api } from '../../client/api.ts';
import { toggleFullScreen } from '../../client/full-screen.ts';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { useMotionSearch } from '../motion-search/motion-search-store.ts';
import { askNeighbourEvent, EVENT_LEAD_MS } from './archive-queries.ts';
import { SPEEDS, useArchive } from './archive-store.ts';
import { nextZoom, WHOLE_PICTURE } from './player/picture-zoom.ts';
import type { PlaybackGroup } from './player/playback-group.ts';
import { savePicture } from './save-picture.ts';
import { visibleRange } from './timeline/scale.ts';
import { defaultSelectionMs, MIN_SELECTION_MS, selectionAround, setEdge } from './timeline/selection.ts';
import type { TimelineController } from './timeline/timeline-controller.ts';

export interface ArchiveCommands {
  /** `withinMs`: it may be earlier by so much, if it is there sooner. */
  seek(epochMs: number, withinMs?: number): void;
  /** Moves the playhead by so much. */
  move(ms: number): void;
  togglePlaying(): void;
  pause(): void;
  /** L and J: forwards and backwards, faster each time. */
  faster(direction: 1 | -1): void;
  step(direction: 1 | -1): void;
  setRate(rate: number): void;
  toggleSound(): void;
  neighbourEvent(direction: 1 | -1): void;
  goToEnd(end: 'oldest' | 'newest'): void;
  setSelectionEdge(edge: 'start' | 'end'): void;
  selectAround(): void;
  exportSelection(): void;
  /** Of the selection, or of the moment of the playhead. */
  addBookmark(): void;
  /** The next stroke on a picture draws where to search for motion; again: no longer. */
  drawRegion(): void;
  /** Searches the selection, or what the timeline shows. */
  searchRegion(cameraId: string, box: Box): void;
  /** Into the middle of the first picture, and back to all of it. */
  zoomPicture(): void;
  savePicture(): void;
  toggleFullScreen(): void;
  zoom(factor: number): void;
  /** Brings the playhead back to the middle of the timeline. */
  follow(): void;
  /** The length of one arrow key press at this zoom. */
  arrowMs(coarse: boolean): number;
}

/** Behind the newest picture by so much, so that there is something to play. */
const EDGE_LEAD_MS = 3000;

export function useArchiveCommands(
  group: PlaybackGroup,
  timeline: { current: TimelineController | null },
  stage: { current: HTMLElement | null },
): ArchiveCommands {
  return useMemo(() => buildCommands(group, timeline, stage), [group, timeline, stage]);
}

function buildCommands(
  group: PlaybackGroup,
  timeline: { current: TimelineController | null },
  stage: { current: HTMLElement | null },
): ArchiveCommands {
  const state = useArchive.getState;
  /** The event that was gone to last, and where the playhead was put for it. */
  let visited: { startEpochMs: number; playheadEpochMs: number } | null = null;
  const seek = (epochMs: number, withinMs = 0) => {
    useArchive.setState({ skipNote: null });
    group.seek(Math.min(epochMs, Date.now()), withinMs);
    timeline.current?.follow();
  };
  const setRate = (rate: number) => {
    useArchive.setState({ rate });
    if (rate > 0) group.setRate(rate);
  };
  const play = () => {
    if (state().rate < 0) setRate(1);
    group.play();
    timeline.current?.follow();
  };
  const pause = () => {
    group.pause();
    if (state().rate < 0) setRate(1);
  };
  return {
    seek,
    move: (ms) => seek(state().playheadEpochMs + ms),
    togglePlaying: () => (state().playing ? pause() : play()),
    pause,
    faster: (direction) => {
      const { rate, playing } = state();
      if (direction === -1) {
        const speed = rate < 0 ? Math.min(8, -rate * 2) : 1;
        useArchive.setState({ rate: -speed });
        group.playBackwards(speed);
        timeline.current?.follow();
        return;
      }
      if (!playing || rate < 0) {
        play();
        return;
      }
      setRate(SPEEDS.find((speed) => speed > rate) ?? rate);
    },
    step: (direction) => group.step(direction),
    setRate: (rate) => {
      setRate(rate);
      if (group.reverseSpeed > 0) group.play();
    },
    toggleSound: () => {
      const sound = !state().sound;
      useArchive.setState({ sound });
      group.setSound(sound);
    },
    neighbourEvent: (direction) => {
      const { shownCameraIds, playheadEpochMs } = state();
      // While the playhead is before the event just visited, that one is the place to go on from; footage may begin only shortly before it.
      const isBeforeIt =
        visited !== null &&
        playheadEpochMs > visited.playheadEpochMs - EVENT_LEAD_MS / 2 &&
        playheadEpochMs <= visited.startEpochMs;
      const from = visited && isBeforeIt ? visited.startEpochMs : playheadEpochMs;
      askNeighbourEvent(shownCameraIds, direction === 1 ? from + 1 : from, direction).then((event) => {
        if (!event) {
          showToast(direction === 1 ? t`There is no later event.` : t`There is no earlier event.`);
          return;
        }
        visited = { startEpochMs: event.startEpochMs, playheadEpochMs: event.startEpochMs - EVENT_LEAD_MS };
        seek(visited.playheadEpochMs);
      }, showProblem);
    },
    goToEnd: (end) => {
      api.archiveBounds().then((bounds) => {
        useArchive.setState({ bounds });
        const target = end === 'oldest' ? bounds.earliestEpochMs : bounds.latestEpochMs;
        if (target !== null) seek(end === 'oldest' ? target : target - EDGE_LEAD_MS);
      }, showProblem);
    },
    setSelectionEdge: (edge) => {
      const { selection, playheadEpochMs } = state();
      const length = timeline.current ? defaultSelectionMs(timeline.current.view) : 60_000;
      const next = setEdge(selection, edge, playheadEpochMs, length);
      state().setSelection({
        ...next,
        endEpochMs: Math.max(Math.min(next.endEpochMs, Date.now()), next.startEpochMs + MIN_SELECTION_MS),
      });
      timeline.current?.follow();
    },
    selectAround: () => {
      const length = timeline.current ? defaultSelectionMs(timeline.current.view) : 60_000;
      const { playheadEpochMs } = state();
      state().setSelection(selectionAround(playheadEpochMs, length, Date.now()));
      timeline.current?.follow();
    },
    exportSelection: () => {
      if (state().selection) useArchive.setState({ exporting: true });
    },
    addBookmark: () => {
      const { selection, playheadEpochMs } = state();
      const moment = { startEpochMs: playheadEpochMs, endEpochMs: playheadEpochMs };
      useArchive.setState({ bookmarking: selection ?? moment });
    },
    zoomPicture: () => {
      const { shownCameraIds, zooms } = state();
      const [cameraId] = shownCameraIds;
      if (cameraId)
        useArchive.setState({ zooms: { ...zooms, [cameraId]: nextZoom(zooms[cameraId] ?? WHOLE_PICTURE) } });
    },
    drawRegion: () => {
      group.pause();
      useMotionSearch.setState(({ drawing }) => ({ drawing: !drawing }));
    },
    searchRegion: (cameraId, box) => {
      const range = state().selection ?? (timeline.current && visibleRange(timeline.current.view));
      if (range) void useMotionSearch.getState().start(cameraId, box, range);
    },
    savePicture: () => {
      const [cameraId] = state().shownCameraIds;
      if (cameraId) savePicture(stage.current, cameraId, state().playheadEpochMs).catch(showProblem);
    },
    toggleFullScreen: () => void toggleFullScreen(stage.current).catch(showProblem),
    zoom: (factor) => timeline.current?.zoom(factor),
    follow: () => timeline.current?.follow(),
    arrowMs: (coarse) => {
      if (!timeline.current) return 5000;
      const range = visibleRange(timeline.current.view);
      const viewMs = range.endEpochMs - range.startEpochMs;
      return coarse ? Math.max(60_000, viewMs / 10) : Math.max(5000, viewMs / 1000);
    },
  };
}
