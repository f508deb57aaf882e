import { expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../shared/units.ts';
import { ManualClock } from '../platform/clock.ts';
import { RecordingHours } from './recording-hours.ts';

test('tells when hours begin and end, also after a sleep and a step of the clock', () => {
  const clock = new ManualClock(new Date(2026, 4, 4, 7, 58, 30).getTime());
  const schedule = { monday: [{ from: '08:00', to: '12:00' }] };
  const told: string[] = [];
  const hours = new RecordingHours({
    cameras: () => [
      { id: 'shop', schedule },
      { id: 'always', schedule: null },
    ],
    onChange: (cameraId) => {
      const at = new Date(clock.epochMs());
      told.push(`${cameraId} ${at.getHours()}:${String(at.getMinutes()).padStart(2, '0')}`);
    },
    clock,
  });
  hours.start();
  clock.advance(2 * MINUTE_MS);
  expect(told).toEqual(['shop 8:00']);
  clock.advance(3 * HOUR_MS);
  clock.step(2 * HOUR_MS + 15_000);
  clock.advance(MINUTE_MS);
  expect(told).toEqual(['shop 8:00', 'shop 13:01']);
  hours.stop();
  clock.step(19 * HOUR_MS);
  clock.advance(HOUR_MS);
  expect(told).toHaveLength(2);
});
