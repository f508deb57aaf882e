/** How each camera's streams arrive, for Prometheus: absent while a stream does not come. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { StreamFacts } from '../../shared/contract-cameras.ts';

export interface StreamFigures {
  id: string;
  name: string;
  streams: readonly StreamFacts[];
}

export function registerStreamMetrics(registry: Registry, figures: () => StreamFigures[]): void {
  const options = (name: string, help: string) => ({
    ...{ name: `threshold_stream_${name}`, help, registers: [registry] },
    labelNames: ['camera_id', 'camera', 'stream'] as const,
  });
  const gauge = (name: string, help: string) => new Gauge(options(name, help));
  const counter = (name: string, help: string) => new Counter(options(name, help));
  const rate = gauge('frames_per_second', 'Pictures per second, over the last 5 s');
  const bits = gauge('bits_per_second', 'Bits per second of video, over the last 5 s');
  const keys = gauge('keyframe_interval_seconds', 'Time between the last two key frames');
  const jitter = gauge('jitter_seconds', 'Interarrival jitter of the video packets (RFC 3550)');
  const ahead = gauge('clock_ahead_seconds', "By which the camera's clock is ahead, by its sender reports");
  const received = counter('packets_received_total', 'Video packets received since the connection was made');
  const lost = counter('packets_lost_total', 'Video packets lost since the connection was made');
  const all = [rate, bits, keys, jitter, ahead, received, lost];
  // Collected with the first of them: one look serves all.
  Object.assign(rate, {
    collect() {
      for (const each of all) each.reset();
      for (const { id, name, streams } of figures()) {
        for (const { stream, framesPerSecond, bitsPerSecond, keyframeIntervalSeconds, network } of streams) {
          const labels = { camera_id: id, camera: name, stream };
          rate.set(labels, framesPerSecond);
          bits.set(labels, bitsPerSecond);
          if (keyframeIntervalSeconds !== null) keys.set(labels, keyframeIntervalSeconds);
          if (!network) continue;
          jitter.set(labels, network.jitterMs / 1000);
          received.inc(labels, network.packetsReceived);
          lost.inc(labels, network.packetsLost);
          if (network.clockAheadMs !== null) ahead.set(labels, network.clockAheadMs / 1000);
        }
      }
    },
  });
}
