import { expect, test } from 'vitest';
import type { Finding, NvrEvent } from '../../shared/domain-events.ts';
import { findKnown } from './known-events.ts';

const crossing = (atMs: number, detail: Finding['detail'] = {}): Finding => ({
  type: 'line-crossing',
  atMs,
  detail: { label: 'person', line: 'Enter', direction: 'forward', ...detail },
});

function stored(id: string, finding: Finding): NvrEvent {
  const { type, atMs, startMs = atMs, detail } = finding;
  return {
    ...{ id, sequence: 1, cameraId: 'camera', cameraName: 'door', type, detail },
    ...{ startEpochMs: startMs, endEpochMs: atMs, labels: [], hasSnapshot: false },
  };
}

test.each([
  ['the same crossing, a little later', crossing(11_500), true],
  ['another name in other letters', crossing(10_000, { line: 'ENTER' }), true],
  ['a moment that is too far', crossing(12_500), false],
  ['the other way', crossing(10_000, { direction: 'backward' }), false],
  ['another line', crossing(10_000, { line: 'Exit' }), false],
  ['another kind of object', crossing(10_000, { label: 'car' }), false],
] as const)('%s', (_, finding, known) => {
  expect(findKnown(finding, [stored('a', crossing(10_000))], new Set()) !== null).toBe(known);
});

test('a car that was taken for a truck is the same vehicle', () => {
  const event = stored('a', crossing(10_000, { label: 'truck' }));
  expect(findKnown(crossing(10_000, { label: 'car' }), [event], new Set())?.id).toBe('a');
});

test('two who cross within a second are two: each event stands for one of them, the nearest', () => {
  const events = [stored('a', crossing(10_000)), stored('b', crossing(10_700))];
  const claimed = new Set<string>();
  expect(findKnown(crossing(10_600), events, claimed)?.id).toBe('b');
  claimed.add('b');
  expect(findKnown(crossing(10_100), events, claimed)?.id).toBe('a');
  claimed.add('a');
  expect(findKnown(crossing(10_300), events, claimed)).toBeNull();
});

test('what lasts is the same where it overlaps', () => {
  const stay = (startMs: number, atMs: number): Finding => ({
    type: 'loitering',
    atMs,
    startMs,
    detail: { label: 'person', zone: 'door' },
  });
  const event = stored('a', stay(10_000, 30_000));
  expect(findKnown(stay(25_000, 45_000), [event], new Set())?.id).toBe('a');
  expect(findKnown(stay(33_000, 53_000), [event], new Set())).toBeNull();
});
