/**
 * The diagnostics bundle: what somebody who helps needs to know, as a ZIP of readable files, without secrets and without pictures. Part of the
 * composition root.
 */
import { arch, cpus, freemem, platform, release, totalmem } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { GapLedger, HealthView } from '../shared/contract-health.ts';
import { DAY_MS, type EpochRange } from '../shared/units.ts';
import { forAdministrators } from './api/app/rights.ts';
import { maskSourceUrl } from './api/app/source-url.ts';
import type { RunningCameras } from './compose-cameras.ts';
import type { Stores } from './compose-stores.ts';
import { zipBytes } from './media/zip-bytes.ts';
import type { Clock } from './platform/clock.ts';
import { redact } from './platform/log.ts';
import { recentLog } from './platform/recent-log.ts';

export interface DiagnosticsDeps {
  version: string;
  stores: Stores;
  cameras: Pick<RunningCameras, 'status'>;
  health(): Promise<HealthView>;
  metrics(): Promise<string>;
  gaps(range: EpochRange, limit: number): GapLedger;
  clock: Clock;
}

const MOST_DELIVERIES = 200;
const MOST_ALERTS = 200;
const MOST_GAPS = 500;
const GAP_DAYS = 7;
const README = `Diagnostics of Threshold NVR.

No passwords, keys, tokens, addresses of webhooks or mail, pictures or footage are in here. Names of cameras and their host addresses are.
  machine.json     the program, the computer
  health.json      load, storage, models
  cameras.json     each camera: settings, state, streams
  alerts.json      the newest alerts
  gaps.json        stretches of the last seven days without footage, and why
  deliveries.json  how hooks, webhooks and mails went
  metrics.txt      figures as /metrics gives them
  log.jsonl        the newest lines of the log
`;

export function registerDiagnostics(app: FastifyInstance, deps: DiagnosticsDeps): void {
  app.get('/diagnostics.zip', forAdministrators, async (_request, reply) => {
    const now = deps.clock.epochMs();
    const day = new Date(now).toISOString().slice(0, 10);
    return reply
      .type('application/zip')
      .header('content-disposition', `attachment; filename="threshold-diagnostics-${day}.zip"`)
      .send(zipBytes(await collect(deps, now), now));
  });
}

async function collect(deps: DiagnosticsDeps, now: number): Promise<Array<{ name: string; bytes: Buffer }>> {
  const { stores } = deps;
  const json = (value: unknown) => redact(`${JSON.stringify(value, null, 2)}\n`);
  const files: Array<[name: string, text: string]> = [
    ['README.txt', README],
    ['machine.json', json(machineFacts(deps.version, now))],
    ['health.json', json(await deps.health())],
    ['cameras.json', json(cameraFacts(deps))],
    ['alerts.json', json(stores.alerts.list({ limit: MOST_ALERTS }))],
    ['gaps.json', json(deps.gaps({ startEpochMs: now - GAP_DAYS * DAY_MS, endEpochMs: now }, MOST_GAPS))],
    ['deliveries.json', json(deliveryFacts(stores))],
    ['metrics.txt', redact(await deps.metrics())],
    ['log.jsonl', recentLog.text()],
  ];
  return files.map(([name, text]) => ({ name, bytes: Buffer.from(text, 'utf8') }));
}

function machineFacts(version: string, now: number): Record<string, unknown> {
  const { model = 'unknown' } = cpus()[0] ?? {};
  return {
    ...{ version, node: process.version, platform: platform(), release: release(), arch: arch() },
    ...{ cpu: model, cores: cpus().length, memoryBytes: totalmem(), freeMemoryBytes: freemem() },
    time: new Date(now).toISOString(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    engineUptimeSeconds: Math.round(process.uptime()),
  };
}

function cameraFacts({ stores, cameras }: DiagnosticsDeps): unknown[] {
  return stores.cameras.list().map(({ source, ...camera }) => ({
    ...camera,
    source: source && {
      ...source,
      main: maskSourceUrl(source.main),
      ...(source.sub && { sub: maskSourceUrl(source.sub) }),
    },
    status: cameras.status(camera.id),
  }));
}

/** Where they went is left out: such addresses often are secrets themselves. */
function deliveryFacts(stores: Stores): unknown[] {
  return stores.outbox
    .list({ limit: MOST_DELIVERIES })
    .map(({ url: _url, body: _body, answer: _answer, ...delivery }) => delivery);
}
