/** The ledger and the recorder in numbers, per camera, for Prometheus. Names stand beside ids, so that a dashboard can be read. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { GapCause } from '../../shared/domain-storage.ts';

export interface RecordingFigures {
  id: string;
  name: string;
  days: ReadonlyArray<{
    day: 'today' | 'yesterday';
    /** 0..1; null when nothing was wanted. */
    completeness: number | null;
    gaps: ReadonlyArray<{ cause: GapCause; count: number; missingMs: number }>;
  }>;
  streams: ReadonlyArray<{
    stream: 'main' | 'sub';
    framesReceived: number;
    framesDropped: number;
    writtenBytes: number;
    waitingBytes: number;
  }>;
}

export function registerRecordingMetrics(registry: Registry, figures: () => RecordingFigures[]): void {
  const options = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) => ({
    ...{ name, help, labelNames: ['camera_id', 'camera', ...labelNames] as const, registers: [registry] },
  });
  const gauge = <Label extends string>(...of: [name: string, help: string, labelNames: readonly Label[]]) =>
    new Gauge(options(...of));
  const counter = (name: string, help: string) => new Counter(options(name, help, ['stream']));
  const completeness = gauge(
    'threshold_recording_completeness_ratio',
    'Share of the wanted time that is recorded, 0 to 1, by day (today, yesterday)',
    ['day'],
  );
  const missing = gauge(
    'threshold_recording_gap_seconds',
    'Seconds without footage, by day and cause; paused, connecting, no-event and deleted are no loss',
    ['day', 'cause'],
  );
  const count = gauge('threshold_recording_gaps', 'Gaps in the footage, by day and cause', ['day', 'cause']);
  const waiting = gauge('threshold_recorder_waiting_bytes', 'Bytes that wait for the disk', ['stream']);
  const written = counter('threshold_recorder_written_bytes_total', 'Bytes of footage that reached the disk');
  const received = counter('threshold_recorder_frames_received_total', 'Frames that came to the recorder');
  const dropped = counter(
    'threshold_recorder_frames_dropped_total',
    'Frames given up because the disk was too slow',
  );
  const all = [completeness, missing, count, waiting, written, received, dropped];
  // Collected with the first of them: one look at the ledger serves all.
  Object.assign(completeness, {
    collect() {
      for (const each of all) each.reset();
      for (const { id, name, days, streams } of figures()) {
        const labels = { camera_id: id, camera: name };
        for (const { day, completeness: share, gaps } of days) {
          if (share !== null) completeness.set({ ...labels, day }, share);
          for (const { cause, count: gapCount, missingMs } of gaps) {
            missing.set({ ...labels, day, cause }, missingMs / 1000);
            count.set({ ...labels, day, cause }, gapCount);
          }
        }
        for (const { stream, framesReceived, framesDropped, writtenBytes, waitingBytes } of streams) {
          received.inc({ ...labels, stream }, framesReceived);
          dropped.inc({ ...labels, stream }, framesDropped);
          written.inc({ ...labels, stream }, writtenBytes);
          waiting.set({ ...labels, stream }, waitingBytes);
        }
      }
    },
  });
}
