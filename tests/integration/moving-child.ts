/**
 * Moves segments to the archive and kills itself with SIGKILL in the middle of the third one:
 * `node moving-child.ts DATA AT NOW_EPOCH_MS`, AT one of the moments below.
 */
import { join } from 'node:path';
import { ManualClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { Mover } from '../../src/main/recorder/mover.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { SettingsStore } from '../../src/main/store/settings.ts';
import { VolumeStore } from '../../src/main/store/volumes.ts';

export const MOMENTS = ['copying', 'comparing', 'renamed', 'switched', 'deleted'] as const;
const NTH = 3;

if (import.meta.main) {
  const [dataDir = '', moment = '', nowEpochMs = ''] = process.argv.slice(2);
  const sql = openDatabase(join(dataDir, 'threshold.db'));
  const index = new SegmentStore(sql);
  const store = new VolumeStore(sql, new SettingsStore(sql));
  const clock = new ManualClock(Number(nowEpochMs));
  const volumes = new Volumes({ root: join(dataDir, 'recordings'), store, clock, log: silentLogger });
  await volumes.start();
  const seen = new Map<string, number>();
  const pass = (at: string) => {
    const times = (seen.get(at) ?? 0) + 1;
    seen.set(at, times);
    if (at === moment && times === NTH) process.kill(process.pid, 'SIGKILL');
  };
  let pieces = 0;
  const mover = new Mover({
    ...{ volumes, clock, log: silentLogger },
    index: {
      listOldestIn: (...which) => index.listOldestIn(...which),
      volumeOf: (path) => index.volumeOf(path),
      moveSegment(...move) {
        pass('renamed');
        const isMoved = index.moveSegment(...move);
        pass('switched');
        return isMoved;
      },
    },
    leftovers: {
      noteLeftover: (...file) => store.noteLeftover(...file),
      listLeftovers: (volumeId) => store.listLeftovers(volumeId),
      forgetLeftover(...file) {
        pass('deleted');
        store.forgetLeftover(...file);
      },
    },
    // Asked before each piece is copied, and again before it is compared.
    isBusy() {
      pass(pieces++ % 2 === 0 ? 'copying' : 'comparing');
      return false;
    },
  });
  await mover.run();
}
