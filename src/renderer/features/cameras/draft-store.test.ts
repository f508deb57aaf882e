import { describe, expect, test } from 'vitest';
import { RecordingSchema } from '../../../shared/domain-camera.ts';
import { type Draft, isDirty, patchOf, problemsOf } from './draft-store.ts';
import { rectangleOf } from './shape-geometry.ts';

const stored: Draft = {
  name: 'Front door',
  source: { main: 'rtsp://admin:••••@192.168.1.10/main', sub: '', transport: 'tcp' },
  recording: RecordingSchema.parse({}),
  analysis: { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false },
  zones: [
    {
      name: 'Mat',
      polygons: [{ points: rectangleOf({ x: 0.1, y: 0.1 }, { x: 0.4, y: 0.4 }) }],
      intrusion: false,
      motion: true,
    },
  ],
  lines: [
    {
      name: 'Enter',
      points: [
        { x: 0.2, y: 0.5 },
        { x: 0.8, y: 0.5 },
      ],
    },
  ],
  readers: [],
};

describe('patchOf', () => {
  test('holds only what was changed', () => {
    expect(patchOf(stored, stored)).toEqual({});
    expect(patchOf(stored, { ...stored, readers: ['a'] })).toEqual({ readers: ['a'] });
    expect(patchOf(stored, { ...stored, name: 'Back door' })).toEqual({ name: 'Back door' });
  });

  test('leaves out an empty sub stream and keeps the masked password as it is', () => {
    const draft: Draft = { ...stored, source: { ...stored.source!, transport: 'udp' } };
    expect(patchOf(stored, draft)).toEqual({
      source: { main: 'rtsp://admin:••••@192.168.1.10/main', transport: 'udp' },
    });
  });
});

test('isDirty', () => {
  expect(isDirty({ stored, draft: stored })).toBe(false);
  expect(isDirty({ stored, draft: { ...stored, name: 'x' } })).toBe(true);
});

describe('problemsOf', () => {
  const line = stored.lines[0]!;
  const zone = stored.zones[0]!;
  const bowTie = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
    { x: 1, y: 0 },
    { x: 0, y: 1 },
  ];

  test.each<{ name: string; change: Partial<Draft>; field: string }>([
    { name: 'no name', change: { name: ' ' }, field: 'name' },
    { name: 'a line without a name', change: { lines: [{ ...line, name: '' }] }, field: 'lines.0.name' },
    {
      name: 'two lines of one name',
      change: { lines: [line, { ...line, name: 'ENTER' }] },
      field: 'lines.1.name',
    },
    {
      name: 'a zone that crosses itself',
      change: { zones: [{ ...zone, polygons: [{ points: bowTie }] }] },
      field: 'zones.0',
    },
    {
      name: 'an address of another kind',
      change: { source: { ...stored.source!, main: 'http://x' } },
      field: 'source.main',
    },
  ])('$name', ({ change, field }) => {
    expect(Object.keys(problemsOf(stored, { ...stored, ...change }))).toEqual([field]);
  });

  test('none when all is well', () => {
    expect(problemsOf(stored, { ...stored, name: 'Back door' })).toEqual({});
  });
});
