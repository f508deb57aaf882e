/** What the archive page shows and where it stands in time. No media here: players hold their own bytes. */
import { create } from 'zustand';
import type { EpochRange } from '../../../shared/units.ts';
import type { PictureZoom } from './player/picture-zoom.ts';

export const MOST_PLAYERS = 9;
export const SPEEDS = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16] as const;

export interface SkipNote {
  fromEpochMs: number;
  toEpochMs: number;
  /** Why there was nothing, in words; null while the ledger is being asked. */
  cause: string | null;
}

interface ArchiveState {
  /** Cameras with a player, in order; at most MOST_PLAYERS. */
  shownCameraIds: string[];
  playheadEpochMs: number;
  playing: boolean;
  rate: number;
  sound: boolean;
  selection: EpochRange | null;
  /** The export dialog is open for the selection. */
  exporting: boolean;
  /** What a new bookmark is asked for. */
  bookmarking: EpochRange | null;
  skipNote: SkipNote | null;
  /** Digital zoom by camera; absent: the whole picture. */
  zooms: Record<string, PictureZoom>;
  /** The timeline was moved away from the playhead. */
  away: boolean;
  bounds: { earliestEpochMs: number | null; latestEpochMs: number | null } | null;
  showOnly(cameraId: string): void;
  toggleShown(cameraId: string): void;
  setSelection(selection: EpochRange | null): void;
}

export const useArchive = create<ArchiveState>((set) => ({
  shownCameraIds: [],
  playheadEpochMs: 0,
  playing: false,
  rate: 1,
  sound: false,
  selection: null,
  exporting: false,
  bookmarking: null,
  skipNote: null,
  zooms: {},
  away: false,
  bounds: null,
  showOnly: (cameraId) => set({ shownCameraIds: [cameraId] }),
  toggleShown: (cameraId) =>
    set(({ shownCameraIds }) => {
      if (!shownCameraIds.includes(cameraId)) {
        return { shownCameraIds: [...shownCameraIds, cameraId].slice(-MOST_PLAYERS) };
      }
      return shownCameraIds.length > 1
        ? { shownCameraIds: shownCameraIds.filter((id) => id !== cameraId) }
        : {};
    }),
  setSelection: (selection) => set({ selection }),
}));
