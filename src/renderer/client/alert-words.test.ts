import { expect, test } from 'vitest';
import type { Alert } from '../../shared/domain-storage.ts';
import { alertDetail, alertHue, alertPlace, alertTitle, needsAttention } from './alert-words.ts';

const start = new Date(2026, 4, 4, 14, 2).getTime();
const alert: Alert = {
  id: 1,
  kind: 'camera-offline',
  cameraId: 'a',
  cameraName: 'Gate',
  startEpochMs: start,
  endEpochMs: null,
  words: 'Offline. The camera does not answer.',
  advice: 'Check its power.',
  acknowledgedEpochMs: null,
};
const over: Alert = { ...alert, endEpochMs: start + 300_000 };

test('one that lasts leads to its camera, in red while footage is lost', () => {
  expect(alertTitle(alert)).toBe('Gate: Offline. The camera does not answer');
  expect(alertDetail(alert, start + 60_000)).toMatch(/^Since .*2.*\. Check its power\.$/);
  expect([alertHue(alert), alertHue({ ...alert, kind: 'picture-frozen' })]).toEqual(['alarm', 'degraded']);
  expect(alertPlace(alert, true)).toBe('/cameras/a');
  expect(alertPlace(alert, false)).toBe('/live?camera=a');
  expect(needsAttention(alert)).toBe(true);
  expect(needsAttention({ ...alert, acknowledgedEpochMs: start })).toBe(false);
});

test('one that is over leads to the footage of its time', () => {
  expect(alertDetail(over, start + 600_000)).toContain('for 5 min');
  expect([alertHue(over), needsAttention(over)]).toEqual(['neutral', false]);
  expect(alertPlace(over, true)).toBe(`/archive?camera=a&at=${start}`);
  expect(alertPlace({ ...alert, cameraId: null }, true)).toBe('/health');
});
