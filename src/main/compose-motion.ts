/** Connects the grids of what moved with the analysis, the cameras and retention. Part of the composition root. */
import { MotionGrids } from './archive/motion-grids.ts';
import type { Stores } from './compose-stores.ts';

export interface MotionParts {
  grids: MotionGrids;
  /** Lets go what belongs to footage that is no longer kept. */
  forgetOld(nowEpochMs: number): void;
  stop(): void;
}

export function composeMotion(stores: Stores): MotionParts {
  const grids = new MotionGrids(stores.motionGrids);
  const unsubscribe = stores.cameras.subscribe((cameraId) => {
    if (!stores.cameras.get(cameraId)) grids.forgetCamera(cameraId);
  });
  return {
    grids,
    forgetOld: (nowEpochMs) => {
      for (const { id, recording } of stores.cameras.list()) {
        const oldestEpochMs = stores.segments.nextStartEpochMs(id, 'main', 0, []);
        grids.forget(id, oldestEpochMs, recording.days, nowEpochMs);
      }
    },
    stop: () => {
      unsubscribe();
      grids.stop();
    },
  };
}
