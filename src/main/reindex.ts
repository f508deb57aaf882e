/** Command line: `reindex --data DIR` makes the index of recordings anew from the files on disk. Progress as JSON lines on stderr. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../shared/errors.ts';
import { acquireDataLock } from './platform/data-lock.ts';
import type { VolumeStore } from './store/volumes.ts';

const USAGE = 'usage: reindex --data DIR';
const EXIT = { ok: 0, failed: 1, badInput: 2, dataInUse: 3 } as const;

await main();

async function main(): Promise<void> {
  const dataDir = parseDataDir();
  const root = join(dataDir, 'recordings');
  if (!existsSync(root)) end(EXIT.badInput, `There are no recordings in ${dataDir}.`);
  const lock = await acquireDataLock(dataDir);
  if (!lock.held) {
    const by = lock.holderPid === null ? '' : ` (process ${lock.holderPid})`;
    end(EXIT.dataInUse, `The data folder is in use by a running engine${by}. Stop it first.`);
    return;
  }
  try {
    const { openStores } = await import('./compose-stores.ts');
    const { restoreCamera } = await import('./compose-restore.ts');
    const { reindexRecordings } = await import('./recorder/reindex.ts');
    const { passingSecretBox } = await import('./settings/secrets.ts');
    const stores = openStores(dataDir, passingSecretBox());
    const { segments, gaps, locks, volumes } = stores;
    const target: Parameters<typeof reindexRecordings>[1] = {
      replaceFolder: (...folder) => segments.replaceFolder(...folder),
      noteLeftover: (...copy) => volumes.noteLeftover(...copy),
      nextPath: (after) => segments.nextPath(after),
      listGaps: (...range) => gaps.listGaps(...range),
      putGap: (...gap) => gaps.putGap(...gap),
      listLocks: () => locks.listLocks(),
      putLock: (lock) => locks.putLock(lock),
      restoreCamera: (camera) => restoreCamera(stores, camera, Date.now()),
    };
    const startedMs = performance.now();
    const report = await reindexRecordings(await listFolders(root, volumes), target, say);
    stores.close();
    say({ event: 'done', ...report, seconds: Math.round(performance.now() - startedMs) / 1000 });
  } catch (error) {
    end(EXIT.failed, messageOf(error));
  } finally {
    await lock.release();
  }
}

/** DATA/recordings and the other folders that are there; of those that are not, the index stays as it is. */
async function listFolders(
  root: string,
  volumes: VolumeStore,
): Promise<[{ id: number; path: string }, ...Array<{ id: number; path: string }>]> {
  const { readMark } = await import('./recorder/volume-mark.ts');
  const others: Array<{ id: number; path: string }> = [];
  for (const { id, uuid, path } of volumes.listVolumes()) {
    if (path === null) continue;
    const mark = await readMark(path).catch(() => null);
    if (mark?.uuid === uuid) others.push({ id, path });
    else say({ event: 'absent', folder: path });
  }
  return [{ id: 0, path: root }, ...others];
}

function parseDataDir(): string {
  try {
    const { values } = parseArgs({
      options: { data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.data && !values.help) return resolve(values.data);
    end(values.help ? EXIT.ok : EXIT.badInput, USAGE);
  } catch (error) {
    end(EXIT.badInput, `${messageOf(error)}\n${USAGE}`);
  }
  return '';
}

function say(line: object): void {
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** Leaves with a message for people. */
function end(code: number, message: string): void {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
