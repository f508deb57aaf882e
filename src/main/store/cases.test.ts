import { expect, it } from 'vitest';
import type { Case, CaseItem } from '../../shared/cases.ts';
import { CaseStore } from './cases.ts';
import { openDatabase } from './database.ts';

const DOOR = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

const made = (id: string, changes: Partial<Case> = {}): Case => ({
  ...{ id, title: `Case ${id}`, reference: '', notes: '', state: 'open' },
  ...{ createdBy: 'owner@example.test', createdEpochMs: 1, changedEpochMs: 1 },
  ...changes,
});
const item = (id: string, startEpochMs: number, addedEpochMs: number): CaseItem => ({
  ...{ id, kind: 'footage', sourceId: null, cameraIds: [DOOR], startEpochMs, endEpochMs: startEpochMs + 10 },
  ...{ label: '', addedBy: 'owner@example.test', addedEpochMs },
});

it('lists the cases changed last first, by words and state', () => {
  const store = new CaseStore(openDatabase(':memory:'));
  store.put(made('a', { title: 'Stolen bicycle', reference: '2026-114' }));
  store.put(made('b', { state: 'closed', changedEpochMs: 2 }));
  const found = (filter: Parameters<CaseStore['list']>[0]) => store.list(filter).map(({ id }) => id);
  expect(found({})).toEqual(['b', 'a']);
  expect(found({ state: 'open' })).toEqual(['a']);
  expect(found({ text: 'bicycle 2026-1' })).toEqual(['a']);
  expect(found({ text: 'bicycle', state: 'closed' })).toEqual([]);
  store.addItem('a', item('i', 5, 3));
  expect(store.list()).toMatchObject([
    { id: 'a', itemCount: 1, changedEpochMs: 3 },
    { id: 'b', itemCount: 0 },
  ]);
});

it('keeps what is in a case when the case is changed, and lets it go with the case', () => {
  const store = new CaseStore(openDatabase(':memory:'));
  store.put(made('a'));
  store.addItem('a', item('later', 20, 2));
  store.addItem('a', item('earlier', 10, 3));
  store.put(made('a', { title: 'Another title', changedEpochMs: 4 }));
  expect(store.items('a').map(({ id }) => id)).toEqual(['earlier', 'later']);
  expect(store.removeItem('b', 'later', 5)).toBe(false);
  expect(store.removeItem('a', 'later', 5)).toBe(true);
  expect(store.get('a')).toMatchObject({ title: 'Another title', changedEpochMs: 5 });
  expect([store.remove('a'), store.remove('a')]).toEqual([true, false]);
  expect(store.items('a')).toEqual([]);
});
