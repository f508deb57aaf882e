import { expect, test } from 'vitest';
import { AnalysisSchema, RecordingSchema } from '../shared/domain-camera.ts';
import { planCamera } from './compose-recording.ts';

const SATURDAY = new Date(2026, 4, 9, 12).getTime();
const camera = (recording: object) => ({
  ...{ id: 'a', name: 'a', siteId: 1, zones: [], lines: [], readers: [], createdEpochMs: 0 },
  source: { main: 'rtsp://h/', transport: 'tcp' as const },
  recording: RecordingSchema.parse(recording),
  analysis: AnalysisSchema.parse({}),
});
const shop = { schedule: { monday: [{ from: '08:00', to: '18:00' }] } };
const always = { isPaused: false, isRecordingEnabled: true, epochMs: SATURDAY };

test.each<[string, object, Partial<typeof always>, object]>([
  ['as it is set', { mode: 'events' }, {}, { recording: { mode: 'events' } }],
  ['outside its hours', shop, {}, { recordingOffBecause: 'Outside its recording hours' }],
  [
    'within',
    { schedule: { saturday: [{ from: '00:00', to: '24:00' }] } },
    {},
    { recording: { mode: 'continuous' } },
  ],
  [
    'switched off for all',
    shop,
    { isRecordingEnabled: false },
    { recordingOffBecause: expect.stringContaining('all') },
  ],
  [
    'paused',
    shop,
    { isPaused: true },
    { analysis: { enabled: false }, recordingOffBecause: 'The camera is paused' },
  ],
])('%s', (_name, recording, now, expected) => {
  const planned = planCamera(camera(recording), { ...always, ...now });
  expect(planned).toMatchObject(expected);
  expect('source' in planned).toBe(!now.isPaused);
  if (planned.recordingOffBecause) expect(planned.recording.mode).toBe('off');
});

test('switched off by its owner it has no other reason', () => {
  expect(planCamera(camera({ ...shop, mode: 'off' }), always)).not.toHaveProperty('recordingOffBecause');
});
