import { expect, test } from 'vitest';
import { AnalysisSchema, LineSchema, ZoneSchema } from '../../shared/domain-camera.ts';
import type { Finding } from '../../shared/domain-events.ts';
import { withinHours, withoutHours } from './rule-hours.ts';

const OFFICE = { monday: [{ from: '08:00', to: '18:00' }] };
const NIGHT = { monday: [{ from: '20:00', to: '24:00' }] };
/** A Monday, local time. */
const at = (hour: number) => new Date(2026, 0, 5, hour).getTime();

const points = [
  { x: 0.1, y: 0.5 },
  { x: 0.9, y: 0.5 },
];
const area = [{ points: [...points, { x: 0.5, y: 0.9 }] }];
const rules = {
  lines: [
    LineSchema.parse({ name: 'Enter', points, tailgating: { windowSeconds: 6, schedule: NIGHT } }),
    LineSchema.parse({ name: 'Gate', points, schedule: OFFICE }),
  ],
  zones: [ZoneSchema.parse({ name: 'yard', polygons: area, schedule: OFFICE })],
  analysis: AnalysisSchema.parse({}),
  readers: null,
};
const found = (type: Finding['type'], hour: number, detail: Finding['detail']): Finding => ({
  type,
  atMs: at(hour),
  detail,
});

test.each([
  ['a line without hours', found('line-crossing', 3, { line: 'Enter' }), true],
  ['its tailgating outside them', found('tailgating', 12, { line: 'Enter' }), false],
  ['its tailgating within them', found('tailgating', 21, { line: 'Enter' }), true],
  ['a line outside its hours', found('line-crossing', 7, { line: 'Gate' }), false],
  ['a line within its hours', found('line-crossing', 8, { line: 'Gate' }), true],
  ['a zone outside its hours', found('loitering', 18, { zone: 'yard' }), false],
  ['the picture as a whole', found('motion', 3, {}), true],
] as const)('%s', (_, finding, kept) => {
  expect(withinHours([finding], rules)).toHaveLength(kept ? 1 : 0);
  expect(withinHours([finding], withoutHours(rules))).toHaveLength(1);
});
