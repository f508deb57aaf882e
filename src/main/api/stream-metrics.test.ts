import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerStreamMetrics, type StreamFigures } from './stream-metrics.ts';

const STREAM = {
  ...{ stream: 'main' as const, videoCodec: 'h264', codecString: 'avc1.64', width: 640, height: 360 },
  ...{
    framesPerSecond: 25,
    bitsPerSecond: 1000,
    keyframeIntervalSeconds: null,
    audioCodec: null,
    note: null,
  },
  network: null,
  reports: [],
};

test('each stream with its figures, without those that it does not tell, and nothing of what has ended', async () => {
  const registry = new Registry();
  let cameras: StreamFigures[] = [
    { id: 'a', name: 'door', streams: [STREAM] },
    {
      ...{ id: 'b', name: 'yard' },
      streams: [
        {
          ...{ ...STREAM, stream: 'sub', keyframeIntervalSeconds: 2 },
          network: { jitterMs: 4, packetsReceived: 90, packetsLost: 3, clockAheadMs: -1500 },
        },
      ],
    },
  ];
  registerStreamMetrics(registry, () => cameras);
  const lines = async () => (await registry.metrics()).split('\n').filter((line) => /^threshold/.test(line));
  const [door, yard] = [
    '{camera_id="a",camera="door",stream="main"}',
    '{camera_id="b",camera="yard",stream="sub"}',
  ];
  expect(await lines()).toEqual([
    `threshold_stream_frames_per_second${door} 25`,
    `threshold_stream_frames_per_second${yard} 25`,
    `threshold_stream_bits_per_second${door} 1000`,
    `threshold_stream_bits_per_second${yard} 1000`,
    `threshold_stream_keyframe_interval_seconds${yard} 2`,
    `threshold_stream_jitter_seconds${yard} 0.004`,
    `threshold_stream_clock_ahead_seconds${yard} -1.5`,
    `threshold_stream_packets_received_total${yard} 90`,
    `threshold_stream_packets_lost_total${yard} 3`,
  ]);
  cameras = [];
  expect(await lines()).toEqual([]);
});
