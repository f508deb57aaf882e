/** Recording folders from outside: by the provision file and by the UI's routes, through the built engine. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { FolderAdded, FolderContents, StorageView } from '../../src/shared/contract-health.ts';
import { type RunningEngine, startEngine } from '../fixtures/engine.ts';

const root = mkdtempSync(join(tmpdir(), 'folders-'));
const data = join(root, 'data');
const [disk, archive] = [join(root, 'disk'), join(root, 'archive')];
const engines: RunningEngine[] = [];
const start = async (folders: object[]) => {
  const engine = await startEngine(data, { storage: { folders } });
  engines.push(engine);
  return engine;
};
const facts = ({ volumes }: StorageView) =>
  volumes.map(({ path, role, afterDays, minFreeBytes, state }) => [
    path,
    role,
    afterDays,
    minFreeBytes,
    state,
  ]);

afterAll(async () => {
  for (const engine of engines) await engine.kill();
  rmSync(root, { recursive: true, force: true });
});

test('the provision file and the UI add, change and remove folders, and a restart keeps them', async () => {
  mkdirSync(disk);
  mkdirSync(archive);
  const named = { path: disk, role: 'record', minFreeBytes: 1_000_000 };
  await expect(start([named, { path: join(root, 'nowhere'), role: 'record' }])).rejects.toThrow(
    'storage.folders[1]: There is no folder',
  );
  expect(existsSync(join(disk, '.threshold-folder.json'))).toBe(false);
  const first = await start([named]);
  const own = [join(data, 'recordings'), 'record', null, null, 'present'];
  const provisioned = [disk, 'record', null, 1_000_000, 'present'];
  expect(facts(await first.get<StorageView>('/storage'))).toEqual([own, provisioned]);
  await expect(
    first.send('POST', '/storage/folders', { path: join(data, 'within'), role: 'record' }),
  ).rejects.toThrow('There is no folder');
  await expect(first.send('POST', '/storage/folders', { path: archive, role: 'archive' })).rejects.toThrow(
    'afterDays: expected a number of days',
  );
  const added = await first.send<FolderAdded>('POST', '/storage/folders', {
    ...{ path: archive, role: 'archive', afterDays: 7 },
  });
  expect(added.bytesPerSecond).toBeGreaterThan(0);
  const changed = await first.send<StorageView>('PUT', `/storage/folders/${added.id}`, {
    ...{ role: 'archive', afterDays: 3, minFreeBytes: null, maxBytes: null },
  });
  const archived = [archive, 'archive', 3, null, 'present'];
  expect(facts(changed)).toEqual([own, provisioned, archived]);
  expect(await first.stop()).toBe(0);
  const second = await start([named]);
  expect(facts(await second.get<StorageView>('/storage'))).toEqual([own, provisioned, archived]);
  const giveUp = `/storage/folders/${added.id}?giveUp=true`;
  await expect(second.send('DELETE', giveUp)).rejects.toThrow('409');
  renameSync(archive, `${archive} away`);
  const contents = `/storage/folders/${added.id}/contents`;
  expect(await second.get<FolderContents>(contents)).toEqual({ bytes: 0, cameras: [] });
  expect(facts(await second.send('DELETE', giveUp))).toEqual([own, provisioned]);
  renameSync(`${archive} away`, archive);
  expect(existsSync(join(archive, '.threshold-folder.json'))).toBe(true);
  const again = await second.send<FolderAdded>('POST', '/storage/folders', {
    ...{ path: archive, role: 'archive', afterDays: 3 },
  });
  expect(facts(await second.send('DELETE', `/storage/folders/${again.id}`))).toEqual([own, provisioned]);
  expect(existsSync(join(archive, '.threshold-folder.json'))).toBe(false);
  await expect(second.send('DELETE', '/storage/folders/99')).rejects.toThrow('There is no such');
  expect(await second.stop()).toBe(0);
});
