/** The archive's search for motion in a part of the picture: where it is being drawn, how far it is and what it found. */
import { create } from 'zustand';
import type { Box } from '../../../shared/geometry.ts';
import { MAX_SEARCH_MS, type MotionSearch } from '../../../shared/motion-search.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { motionSearchApi } from '../../client/motion-search-api.ts';

interface MotionSearchState {
  /** The next stroke on a picture draws where to search. */
  drawing: boolean;
  /** What is searched; null while nothing is. */
  asked: { cameraId: string; box: Box; range: EpochRange } | null;
  search: MotionSearch | null;
  problem: string | null;
  start(cameraId: string, box: Box, range: EpochRange): Promise<void>;
  close(): void;
}

const LOOK_EVERY_MS = 500;

export const useMotionSearch = create<MotionSearchState>((set, get) => ({
  drawing: false,
  asked: null,
  search: null,
  problem: null,
  async start(cameraId, box, { startEpochMs, endEpochMs }) {
    get().close();
    const toEpochMs = Math.ceil(Math.min(endEpochMs, Date.now()));
    const fromEpochMs = Math.floor(Math.max(startEpochMs, toEpochMs - MAX_SEARCH_MS));
    const asked = { cameraId, box, range: { startEpochMs: fromEpochMs, endEpochMs: toEpochMs } };
    set({ asked });
    try {
      let search = await motionSearchApi.add({ cameraId, box, fromEpochMs, toEpochMs });
      if (get().asked !== asked) await motionSearchApi.remove(search.id);
      while (get().asked === asked) {
        set({ search });
        if (search.state !== 'running') return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        if (get().asked === asked) search = await motionSearchApi.get(search.id);
      }
    } catch (thrown) {
      if (get().asked === asked) set({ problem: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  },
  close() {
    const { search } = get();
    set({ drawing: false, asked: null, search: null, problem: null });
    if (search) void motionSearchApi.remove(search.id).catch(() => undefined);
  },
}));
