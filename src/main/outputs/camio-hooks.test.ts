import { expect, test } from 'vitest';
import { matchesHook, planHook } from './camio-hooks.ts';

const NAMES = ['front', 'Front Door', 'gate'];

test.each<[query: string, cameraName: string | null, cameras: string[], words: string[]]>([
  ['front people approaching mailbox', null, ['front'], ['people', 'approaching', 'mailbox']],
  ['FRONT  door person', null, ['front door'], ['person']],
  ['front gate people', null, ['front', 'gate'], ['people']],
  ['front door front', null, ['front door', 'front'], []],
  ['people', 'Gate', ['gate'], ['people']],
  ['kitchen', null, [], ['kitchen']],
])('%s, camera %s', (query, cameraName, cameras, words) => {
  expect(planHook({ query, cameraName }, NAMES)).toEqual({ cameras, words });
});

test.each<[query: string, cameraName: string, labels: string[], matches: boolean]>([
  [
    'front people approaching mailbox blue',
    'front',
    ['human', 'mailbox', 'approaching', '_color_blue'],
    true,
  ],
  ['front persons', 'Front', ['human'], true],
  ['front people', 'gate', ['human'], false],
  ['front gate people', 'gate', ['human'], true],
  ['humans blue', 'gate', ['Human', 'red', '_color_red'], false],
  ['bicycle', 'gate', ['vehicle', 'bicycles'], true],
  ['entry south', 'gate', ['entry unlocked', 'South Entry'], true],
  ['ent', 'gate', ['entry unlocked'], false],
  ['front', 'front', [], true],
])('%s on %s with %j', (query, cameraName, labels, matches) => {
  expect(matchesHook({ query, cameraName: null }, { cameraName, labels }, NAMES)).toBe(matches);
});
