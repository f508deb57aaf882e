/** 1,000,000 events: pages and counts of the Camlytics and Faceter APIs, p95 in ms. Needs about 2 GB of disk for a minute. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listGroups } from '../../src/main/api/faceter/events.ts';
import {
  CAMLYTICS_ORIGINS,
  CAMLYTICS_TYPES,
  CamlyticsIndex,
  type Combination,
} from '../../src/main/store/camlytics-index.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import { FaceterEventStore } from '../../src/main/store/faceter-events.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 1_000_000);
const CAMERAS = 20;
const TYPES = ['line-crossing', 'zone-enter', 'zone-leave', 'motion', 'object', 'loitering', 'tailgating'];
const DAY_MS = 86_400_000;
const SINCE = Date.UTC(2026, 0, 1);

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const sql = openDatabase(join(folder, 'bench.db'));
seed();
const index = new CamlyticsIndex(sql);
const began = performance.now();
await index.ready();
console.log(`index read in ${Math.round(performance.now() - began)} ms`);
const all = {
  accepts: () => true,
  sinceEpochMs: Number.NEGATIVE_INFINITY,
  untilEpochMs: Number.POSITIVE_INFINITY,
};
const lastDay = { ...all, sinceEpochMs: SINCE + 29 * DAY_MS };
measure('totals, all', () => index.countAll(all));
measure('totals, one day', () => index.countAll(lastDay));
measure('events, first 1000', () => index.page({ ...all, order: 'asc', after: null, limit: 1000 }));
measure('events, since the last day', () =>
  index.page({ ...lastDay, order: 'asc', after: null, limit: 1000 }),
);
measure('events, of nothing', () =>
  index.page({ ...all, accepts: () => false, order: 'asc', after: null, limit: 1000 }),
);
measureAllFilters();
const faceter = new FaceterEventStore(sql);
const camera = { id: idOf(3), zones: [] };
const range = { fromEpochMs: SINCE, toEpochMs: SINCE + 30 * DAY_MS, order: 'desc' as const, limit: 100 };
const page = (query: Parameters<FaceterEventStore['page']>[0]) => faceter.page(query);
measure('Faceter, newest 100', () => listGroups(page, { camera, types: null, mergeMs: 0, ...range }));
measure('Faceter, two types', () =>
  listGroups(page, { camera, types: ['Motion', 'Human'], mergeMs: 0, ...range }),
);
measure('Faceter, a rare type', () => listGroups(page, { camera, types: ['Face'], mergeMs: 0, ...range }));
measure('Faceter, merged', () => listGroups(page, { camera, types: ['Motion'], mergeMs: 30_000, ...range }));
measure('Faceter, all of a month in one', () =>
  listGroups(page, { camera, types: ['Motion'], mergeMs: 3_600_000, ...range }),
);
sql.close();
rmSync(folder, { recursive: true, force: true });

function seed(): void {
  sql.exec(`INSERT INTO sites (id, uuid, name) VALUES (1, '${idOf(99)}', 'HQ')`);
  const addCamera = sql.prepare(
    `INSERT INTO cameras (id, name, name_key, site_id, recording, analysis, zones, lines, created_epoch_ms)
     VALUES (?, ?, ?, 1, '{}', '{}', '[]', '[]', 0)`,
  );
  for (let n = 0; n < CAMERAS; n++) addCamera.run(idOf(n), `camera ${n}`, `camera ${n}`);
  const add = sql.prepare(
    `INSERT INTO events (id, camera_id, type, start_epoch_ms, end_epoch_ms, object_label, labels, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  sql.transaction(() => {
    for (let n = 0; n < EVENTS; n++) {
      const type = TYPES[n % TYPES.length]!;
      const at = SINCE + Math.floor((n / EVENTS) * 30 * DAY_MS);
      const detail = {
        label: 'person',
        trackId: n,
        line: type === 'line-crossing' ? 'Enter' : undefined,
        zone: 'door',
      };
      const labels = JSON.stringify(['human', 'Enter']);
      add.run(`e${n}`, idOf(n % CAMERAS), type, at, at + 2000, 'person', labels, JSON.stringify(detail));
    }
  })();
}

/** Every combination of place, type, origin, time, order and cursor, three times each; of pages and of counts. */
function measureAllFilters(): void {
  const places = [
    {},
    { location: 1 },
    { location: 2 },
    { channel: idOf(3) },
    { trigger: 'Enter' },
    { trigger: 'Nowhere' },
  ];
  const types = [undefined, ...CAMLYTICS_TYPES];
  const origins = [undefined, ...CAMLYTICS_ORIGINS];
  const spans = [all, lastDay, { ...all, untilEpochMs: SINCE + DAY_MS }, { ...all, untilEpochMs: SINCE - 1 }];
  const [pages, counts]: [number[], number[]] = [[], []];
  for (const place of places)
    for (const type of types)
      for (const origin of origins)
        for (const span of spans) {
          const query = { ...span, accepts: filterOf({ ...place, type, origin }) };
          for (let run = 0; run < 3; run++) {
            counts.push(timed(() => index.countAll(query)));
            for (const order of ['asc', 'desc'] as const)
              for (const after of [null, EVENTS / 2])
                pages.push(timed(() => index.page({ ...query, order, after, limit: 1000 })));
          }
        }
  for (const [name, times] of [
    ['events', pages],
    ['totals', counts],
  ] as const) {
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor((times.length - 1) * share)]!.toFixed(1);
    console.log(
      `${name}, all filters (${times.length} queries): p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`,
    );
  }
}

function filterOf(wanted: {
  location?: number;
  channel?: string;
  trigger?: string;
  type: string | undefined;
  origin: string | undefined;
}) {
  return ({ cameraId, type, origin, trigger }: Combination) =>
    (wanted.location === undefined || wanted.location === 1) &&
    (wanted.channel === undefined || wanted.channel === cameraId) &&
    (wanted.trigger === undefined || wanted.trigger === trigger?.name) &&
    (wanted.type === undefined || wanted.type === type) &&
    (wanted.origin === undefined || wanted.origin === origin);
}

function timed(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function measure(name: string, action: () => unknown): void {
  const times: number[] = [];
  for (let n = 0; n < 30; n++) {
    const start = performance.now();
    action();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`${name}: p50 ${times[15]!.toFixed(1)} ms, p95 ${times[28]!.toFixed(1)} ms`);
}

function idOf(n: number): string {
  return `3fa85f64-5717-4562-b3fc-${String(n).padStart(12, '0')}`;
}
