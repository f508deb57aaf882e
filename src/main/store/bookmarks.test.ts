import { expect, it } from 'vitest';
import type { Bookmark } from '../../shared/bookmarks.ts';
import { BookmarkStore } from './bookmarks.ts';
import { openDatabase } from './database.ts';

const [DOOR, YARD] = ['3fa85f64-5717-4562-b3fc-2c963f66afa6', '6fa85f64-5717-4562-b3fc-2c963f66afa6'];

function bookmark(id: number, changes: Partial<Bookmark>): Bookmark {
  return {
    id: `00000000-0000-4000-8000-00000000000${id}`,
    cameraIds: [DOOR],
    startEpochMs: id * 1000,
    endEpochMs: id * 1000,
    title: `Bookmark ${id}`,
    note: '',
    colour: 'blue',
    createdBy: 'owner@example.test',
    createdEpochMs: 5,
    ...changes,
  };
}

it('finds bookmarks by words, camera and time, the newest footage first', () => {
  const store = new BookmarkStore(openDatabase(':memory:'));
  const moment = bookmark(1, { title: 'Parcel taken', note: '100% sure' });
  const range = bookmark(2, { endEpochMs: 9000, cameraIds: [DOOR, YARD], title: 'White van' });
  for (const one of [moment, range]) store.put(one);
  expect(store.list({ limit: 10 })).toEqual([range, moment]);
  expect(store.list({ limit: 1 })).toEqual([range]);
  const found = (filter: Parameters<BookmarkStore['list']>[0]) =>
    store.list(filter).map(({ title }) => title);
  expect(found({ text: 'taken PARCEL', limit: 10 })).toEqual(['Parcel taken']);
  expect(found({ text: '100%', limit: 10 })).toEqual(['Parcel taken']);
  expect(found({ text: '%', limit: 10 })).toEqual(['Parcel taken']);
  expect(found({ text: 'parcel van', limit: 10 })).toEqual([]);
  expect(found({ cameraIds: [YARD], limit: 10 })).toEqual(['White van']);
  expect(found({ fromEpochMs: 8000, toEpochMs: 8500, limit: 10 })).toEqual(['White van']);
  expect(found({ fromEpochMs: 1000, toEpochMs: 1001, limit: 10 })).toEqual(['Parcel taken']);
  expect(found({ fromEpochMs: 0, toEpochMs: 1000, limit: 10 })).toEqual([]);
});

it('changes and removes one', () => {
  const store = new BookmarkStore(openDatabase(':memory:'));
  const one = bookmark(1, {});
  store.put(one);
  store.put({ ...one, title: 'Better', colour: 'pink' });
  expect(store.get(one.id)).toMatchObject({ title: 'Better', colour: 'pink' });
  expect([store.remove(one.id), store.remove(one.id)]).toEqual([true, false]);
  expect(store.get(one.id)).toBeNull();
});
