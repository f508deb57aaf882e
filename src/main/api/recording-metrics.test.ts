import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerRecordingMetrics } from './recording-metrics.ts';

test('figures of each camera, names escaped, and nothing of cameras that are gone', async () => {
  const registry = new Registry();
  let cameras = [
    {
      id: 'a',
      name: 'the "front"\\\nyard',
      days: [
        {
          day: 'today' as const,
          completeness: 0.5,
          gaps: [{ cause: 'disk-full' as const, count: 2, missingMs: 1500 }],
        },
        { day: 'yesterday' as const, completeness: null, gaps: [] },
      ],
      streams: [
        {
          ...{ stream: 'main' as const, framesReceived: 10, framesDropped: 3 },
          ...{ writtenBytes: 90, waitingBytes: 7 },
        },
      ],
    },
  ];
  registerRecordingMetrics(registry, () => cameras);
  const lines = async () => (await registry.metrics()).split('\n').filter((line) => /^threshold/.test(line));
  const camera = String.raw`camera_id="a",camera="the \"front\"\\\nyard"`;
  expect(await lines()).toEqual([
    `threshold_recording_completeness_ratio{${camera},day="today"} 0.5`,
    `threshold_recording_gap_seconds{${camera},day="today",cause="disk-full"} 1.5`,
    `threshold_recording_gaps{${camera},day="today",cause="disk-full"} 2`,
    `threshold_recorder_waiting_bytes{${camera},stream="main"} 7`,
    `threshold_recorder_written_bytes_total{${camera},stream="main"} 90`,
    `threshold_recorder_frames_received_total{${camera},stream="main"} 10`,
    `threshold_recorder_frames_dropped_total{${camera},stream="main"} 3`,
  ]);
  expect(await lines()).toHaveLength(7);
  cameras = [];
  expect(await lines()).toEqual([]);
});
