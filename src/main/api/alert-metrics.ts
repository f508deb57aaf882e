/** Alerts that last, by kind, for Prometheus. */
import { Gauge, type Registry } from 'prom-client';
import { ALERT_KINDS, type Alert } from '../../shared/domain-storage.ts';

export function registerAlertMetrics(registry: Registry, alerts: { listOpen(): Alert[] }): void {
  new Gauge({
    name: 'threshold_alerts',
    help: 'Alerts that last, by kind',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const kind of ALERT_KINDS) this.set({ kind }, 0);
      for (const { kind } of alerts.listOpen()) this.inc({ kind });
    },
  });
}
