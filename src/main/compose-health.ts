/** How the engine as a whole is doing, for the Health page, `/healthz` and `/metrics`. Part of the composition root. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { CameraStatus } from '../shared/contract-cameras.ts';
import type { CompletenessDay, GapLedger, HealthView, StorageView } from '../shared/contract-health.ts';
import type { EpochRange } from '../shared/units.ts';
import type { RecordingFigures } from './api/recording-metrics.ts';
import type { StreamFigures } from './api/stream-metrics.ts';
import type { Stores } from './compose-stores.ts';
import type { Clock } from './platform/clock.ts';
import { localDay } from './recorder/completeness.ts';
import { sumGaps } from './recorder/gap-totals.ts';
import type { RecordingService } from './recorder/recording-service.ts';
import type { VisionService } from './vision/service.ts';

interface HealthReportDeps {
  version: string;
  ffmpeg: { version: string | null; problem?: string };
  recordings: RecordingService;
  vision: VisionService;
  stores: Stores;
  statusOf(cameraId: string): CameraStatus;
  networkNotice(): string | null;
  clock: Clock;
}

const SAMPLE_MS = 5000;
/** Every tick wakes the engine. The histogram holds whole intervals, so this much is taken off what it says. */
const RESOLUTION_MS = 50;

export class HealthReport {
  private readonly deps: HealthReportDeps;
  private readonly startedEpochMs: number;
  private readonly delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private cpu = { percent: 0, delayP99Ms: 0, usage: process.cpuUsage(), atMs: performance.now() };

  constructor(deps: HealthReportDeps) {
    this.deps = deps;
    this.startedEpochMs = deps.clock.epochMs();
  }

  /** Begins to measure; the returned function ends it. */
  start(): () => void {
    this.delay.enable();
    const timer = setInterval(() => this.sample(), SAMPLE_MS);
    timer.unref();
    return () => {
      clearInterval(timer);
      this.delay.disable();
    };
  }

  /** Adds the metrics of what waits in memory for an event. */
  register(registry: Registry): void {
    const { recordings } = this.deps;
    const labelNames = ['camera_id'] as const;
    new Gauge({
      name: 'threshold_preroll_bytes',
      help: 'Frames that wait in memory for an event, of cameras that are recorded only around events',
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const { cameraId, bytes } of recordings.held()) this.set({ camera_id: cameraId }, bytes);
      },
    });
    new Counter({
      name: 'threshold_preroll_dropped_groups_total',
      help: 'Groups of pictures given up before their time because the memory for the pre-roll was full',
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const { cameraId, droppedGroups } of recordings.held())
          this.inc({ camera_id: cameraId }, droppedGroups);
      },
    });
  }

  async view(): Promise<HealthView> {
    const { version, ffmpeg, vision, stores, statusOf } = this.deps;
    const reasons: string[] = ffmpeg.problem ? [ffmpeg.problem] : [];
    const storage = this.storage(reasons);
    const cameras = stores.cameras.list();
    for (const camera of cameras) {
      const status = statusOf(camera.id);
      const expected = camera.recording.mode !== 'off' && status.state === 'online';
      if (expected && !status.recording && status.problem)
        reasons.push(`${camera.name} is not being recorded: ${status.problem}`);
    }
    return {
      ok: reasons.length === 0,
      reasons,
      version,
      startedEpochMs: this.startedEpochMs,
      cpuPercent: this.cpu.percent,
      memoryBytes: process.memoryUsage.rss(),
      eventLoopDelayP99Ms: this.cpu.delayP99Ms,
      ffmpegVersion: ffmpeg.version,
      storage,
      models: vision.listModels(),
      modelAdvice: vision.modelAdvice,
      networkNotice: this.deps.networkNotice(),
      recommendedModel: vision.recommendedModel?.title ?? null,
    };
  }

  /** What the ledger says of a range; `cameraIds` undefined: of all cameras. */
  gaps(range: EpochRange, cameraIds: readonly string[] | undefined, limit: number): GapLedger {
    const { stores, clock } = this.deps;
    const gaps = stores.cameras
      .list()
      .filter(({ id }) => cameraIds?.includes(id) ?? true)
      .flatMap(({ id }) =>
        stores.gaps
          .listGaps(id, range.startEpochMs, range.endEpochMs)
          .filter(({ cause }) => cause !== 'no-event')
          .map((gap) => ({ ...gap, cameraId: id })),
      );
    const newest = gaps.toSorted((a, b) => b.startEpochMs - a.startEpochMs).slice(0, limit);
    return { gaps: newest, totals: sumGaps(gaps, range, clock.epochMs()) };
  }

  /** What `/metrics` tells of each camera's recording, today and yesterday. */
  recordingFigures(): RecordingFigures[] {
    const { stores, recordings, clock } = this.deps;
    const now = clock.epochMs();
    return stores.cameras.list().map(({ id, name }) => ({
      id,
      name,
      days: (['today', 'yesterday'] as const).map((day, daysBack) => {
        const range = localDay(now, daysBack);
        const gaps = stores.gaps.listGaps(id, range.startEpochMs, range.endEpochMs);
        return {
          day,
          completeness: recordings.completeness(id, daysBack).completeness,
          gaps: sumGaps(gaps, range, now),
        };
      }),
      streams: recordings.counts(id),
    }));
  }

  /** What `/metrics` tells of each camera's streams. */
  streamFigures(): StreamFigures[] {
    const { stores, statusOf } = this.deps;
    return stores.cameras.list().map(({ id, name }) => ({ id, name, streams: statusOf(id).streams }));
  }

  /** Of the last `days` local days, today included; days on which nothing was wanted are left out. `cameraIds` undefined: of all cameras. */
  completeness(days: number, cameraIds: readonly string[] | undefined): CompletenessDay[] {
    const { stores, recordings } = this.deps;
    return stores.cameras
      .list()
      .filter(({ id }) => cameraIds?.includes(id) ?? true)
      .flatMap(({ id }) =>
        Array.from({ length: days }, (_, daysBack) => recordings.completeness(id, daysBack)).flatMap(
          ({ day, completeness }) => (completeness === null ? [] : [{ cameraId: id, day, completeness }]),
        ),
      );
  }

  private storage(reasons: string[]): StorageView {
    const storage = this.deps.recordings.storage();
    for (const { role, state, problem } of storage.volumes)
      if (problem && (role === 'record' || state !== 'full')) reasons.push(problem);
    return storage;
  }

  private sample(): void {
    const now = performance.now();
    const used = process.cpuUsage(this.cpu.usage);
    const percent = ((used.user + used.system) / 1000 / (now - this.cpu.atMs)) * 100;
    this.cpu = {
      percent,
      delayP99Ms: Math.max(0, this.delay.percentile(99) / 1e6 - RESOLUTION_MS),
      usage: process.cpuUsage(),
      atMs: now,
    };
    this.delay.reset();
  }
}
