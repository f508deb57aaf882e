/** Connects the recorder with its folders, the index and the events. Part of the composition root. */

import { join } from 'node:path';
import { keepFootageOf } from './archive/export-footage.ts';
import type { Stores } from './compose-stores.ts';
import type { Logger } from './platform/log.ts';
import type { SteadyClock } from './platform/steady-clock.ts';
import { RecordingFolders } from './recorder/recording-folders.ts';
import { RecordingService } from './recorder/recording-service.ts';
import { Volumes } from './recorder/volumes.ts';

export interface StorageParts {
  volumes: Volumes;
  folders: RecordingFolders;
  recordings: RecordingService;
  /** What listens to events and to the clock for the recorder; to be undone when it stops. */
  undo: Array<() => unknown>;
}

/** Builds the parts and starts recording's own work: what a crash left is repaired when it resolves. */
export async function composeStorage(deps: {
  dataDir: string;
  stores: Stores;
  onLocksChanged(): void;
  clock: SteadyClock;
  log: Logger;
}): Promise<StorageParts> {
  const { dataDir, stores, clock, log } = deps;
  const volumes = new Volumes({
    root: join(dataDir, 'recordings'),
    store: stores.volumes,
    volumeOf: (path) => stores.segments.volumeOf(path),
    clock,
    log,
  });
  const folders = new RecordingFolders({
    ...{ dataDir, volumes, store: stores.volumes, index: stores.segments, ledger: stores.gaps, log },
    onGivenUp: () => recordings.locks.recount(),
  });
  const recordings = new RecordingService({
    volumes,
    afterMoves: () => folders.forgetEmptied(),
    leftovers: stores.volumes,
    index: stores.segments,
    ledger: stores.gaps,
    limits: () => stores.settings.storage(),
    listEvents: (cameraId, fromEpochMs, toEpochMs) =>
      stores.events.overlapping(cameraId, fromEpochMs, toEpochMs),
    locks: stores.locks,
    onLocksChanged: deps.onLocksChanged,
    keepFootage: (locks) => {
      for (const job of stores.exports.listExports()) keepFootageOf(job, locks, clock.epochMs());
    },
    clock,
    log,
  });
  await recordings.start();
  const undo = [
    () => recordings.stop(),
    stores.events.subscribe((event) => recordings.noteEvent(event.cameraId, event)),
    clock.onStep((step) => {
      log.warn(step, 'the clock of this computer was set');
      recordings.noteClockStep(step);
    }),
  ];
  return { volumes, folders, recordings, undo };
}
