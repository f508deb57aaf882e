import { expect, test } from 'vitest';
import { matchPath, parsePlace } from './router.tsx';

test.each([
  ['', '/', ''],
  ['#/live', '/live', ''],
  ['#/archive/?camera=a&at=12', '/archive', 'camera=a&at=12'],
])('parsePlace %s', (hash, path, query) => {
  const place = parsePlace(hash);
  expect(place.path).toBe(path);
  expect(place.query.toString()).toBe(query);
});

test.each([
  ['/cameras/:id', '/cameras/a%20b', { id: 'a b' }],
  ['/cameras', '/cameras', {}],
  ['/cameras/:id', '/cameras', null],
  ['/cameras/new', '/cameras/old', null],
])('matchPath %s %s', (pattern, path, expected) => {
  expect(matchPath(pattern, path)).toEqual(expected);
});
