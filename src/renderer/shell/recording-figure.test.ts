import { expect, test } from 'vitest';
import type { CameraView } from '../../shared/contract-cameras.ts';
import { RecordingSchema } from '../../shared/domain-camera.ts';
import { summarizeRecording } from './recording-figure.ts';

type Facts = Parameters<typeof summarizeRecording>[0][number];

function camera(
  recording: boolean,
  completenessToday: number | null,
  mode: CameraView['recording']['mode'] = 'continuous',
): Facts {
  return {
    source: { main: 'rtsp://h/', sub: null, transport: 'tcp' },
    recording: RecordingSchema.parse({ mode }),
    status: { recording, completenessToday } as CameraView['status'],
  };
}

const outsideHours: Facts = {
  ...camera(false, null),
  status: { recording: false, completenessToday: null, recordingOffBecause: 'x' } as CameraView['status'],
};

test.each([
  {
    name: 'all record',
    cameras: [camera(true, 1), camera(true, 0.9998)],
    hue: 'well',
    long: '2 of 2 recording, 99.99 % today',
  },
  {
    name: 'one does not',
    cameras: [camera(true, 1), camera(false, 0.5)],
    hue: 'alarm',
    long: '1 of 2 recording, 75.00 % today',
  },
  { name: 'in the first minute', cameras: [camera(true, null)], hue: 'well', long: '1 of 1 recording' },
  {
    name: 'those switched off do not count',
    cameras: [camera(true, 1), camera(false, null, 'off')],
    hue: 'well',
    long: '1 of 1 recording, 100 % today',
  },
  {
    name: 'nor do those outside their hours',
    cameras: [camera(true, 1), outsideHours],
    hue: 'well',
    long: '1 of 1 recording, 100 % today',
  },
  {
    name: 'all switched off',
    cameras: [camera(false, null, 'off')],
    hue: 'neutral',
    long: 'Recording is off',
  },
])('$name', ({ cameras, hue, long }) => {
  expect(summarizeRecording(cameras)).toMatchObject({ hue, long });
});
