/** `/healthz` for supervisors and `/metrics` for Prometheus. */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CameraStatus } from '../../shared/contract-cameras.ts';
import type { HealthView, StorageView } from '../../shared/contract-health.ts';
import type { NvrEvent } from '../../shared/domain-events.ts';
import { type Authenticator, isLocal } from './authentication.ts';

export interface HealthRouteDeps {
  authenticator: Authenticator;
  metrics: Metrics;
  health: () => Promise<HealthView>;
}

/** The engine's Prometheus metrics. Further parts may register theirs on `registry`. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;
  private readonly events: Counter<'type'>;

  constructor(options: { cameraStatuses: () => CameraStatus[]; storage: () => Promise<StorageView> }) {
    const registers = [this.registry];
    // Its own precision of 10 ms wakes an engine that has nothing to do a hundred times a second.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 50 });
    this.requests = new Histogram({
      name: 'threshold_http_request_seconds',
      help: 'Time to answer HTTP requests',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.events = new Counter({
      name: 'threshold_events_total',
      help: 'Events stored since the start, by type',
      labelNames: ['type'],
      registers,
    });
    new Gauge({
      name: 'threshold_cameras',
      help: 'Cameras by state',
      labelNames: ['state'],
      registers,
      collect() {
        this.reset();
        for (const status of options.cameraStatuses()) this.inc({ state: status.state });
      },
    });
    new Gauge({
      name: 'threshold_camera_recording',
      help: '1 while a camera is being recorded',
      labelNames: ['camera_id'],
      registers,
      collect() {
        this.reset();
        for (const status of options.cameraStatuses())
          this.set({ camera_id: status.cameraId }, Number(status.recording));
      },
    });
    this.addStorage(options.storage);
  }

  /** Of the whole storage; without values while the disk does not answer. */
  private addStorage(storage: () => Promise<StorageView>): void {
    const gauge = new Gauge({
      name: 'threshold_storage_bytes',
      help: 'Bytes of recordings: in use, held by locks, what locks may hold, and free on the disk',
      labelNames: ['kind'],
      registers: [this.registry],
      async collect() {
        gauge.reset();
        const view = await storage().catch(() => null); // the Health page says why
        if (!view) return;
        gauge.set({ kind: 'used' }, view.usedBytes);
        gauge.set({ kind: 'locked' }, view.lockedBytes);
        gauge.set({ kind: 'lock_cap' }, view.lockCapBytes);
        gauge.set({ kind: 'free' }, view.freeBytes);
      },
    });
  }

  /** `route` is the pattern, not the path: a bounded number of values. */
  countRequest(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  countEvent(event: NvrEvent): void {
    this.events.inc({ type: event.type });
  }
}

export function addHealthRoutes(app: FastifyInstance, deps: HealthRouteDeps): void {
  app.get('/healthz', { schema: { hide: true } }, async (_request, reply) => {
    const { ok, reasons } = await deps.health();
    return reply.code(ok ? 200 : 503).send({ ok, reasons });
  });

  // Numbers about the machine are for its own supervisors, or for who holds a token.
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!isLocal(request)) {
      const token = deps.authenticator.findToken(request);
      if (!token) throw deps.authenticator.refusal(request);
      deps.authenticator.requireScope(token, 'user');
    }
    return reply.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
}
