import { expect, test } from 'vitest';
import { LineSchema, ZoneSchema } from '../../shared/domain-camera.ts';
import type { Finding } from '../../shared/domain-events.ts';
import { ofTheirObjects } from './rule-objects.ts';

const points = [
  { x: 0.1, y: 0.5 },
  { x: 0.9, y: 0.5 },
];
const area = [{ points: [...points, { x: 0.5, y: 0.9 }] }];
const rules = {
  lines: [
    LineSchema.parse({ name: 'Gate', points }),
    LineSchema.parse({
      ...{ name: 'Door', points, objects: ['person', 'pet'] },
      tailgating: { windowSeconds: 6 },
    }),
  ],
  zones: [ZoneSchema.parse({ name: 'bay', polygons: area, objects: ['vehicle'], crowdSize: 3 })],
};
const found = (type: Finding['type'], detail: Finding['detail']): Finding => ({ type, atMs: 0, detail });

test.each([
  ['a line of anything', found('line-crossing', { line: 'Gate', label: 'bus' }), true],
  ['a car at a line of people and pets', found('line-crossing', { line: 'Door', label: 'car' }), false],
  ['a dog there', found('line-crossing', { line: 'Door', label: 'dog' }), true],
  ['tailgating there', found('tailgating', { line: 'Door', label: 'person' }), true],
  ['a truck in a zone of vehicles', found('zone-enter', { zone: 'bay', label: 'truck' }), true],
  ['a person who loiters there', found('loitering', { zone: 'bay', label: 'person' }), false],
  ['a crowd there', found('crowd', { zone: 'bay', count: 3 }), true],
  ['motion there', found('motion', { zone: 'bay' }), true],
  ['the picture as a whole', found('object', { label: 'car' }), true],
] as const)('%s', (_, finding, kept) => {
  expect(ofTheirObjects([finding], rules)).toHaveLength(kept ? 1 : 0);
});

test.each([[[]], [['person', 'person']], [['tram']]])('%j are no kinds of objects', (objects) => {
  expect(LineSchema.safeParse({ name: 'Door', points, objects }).success).toBe(false);
});
