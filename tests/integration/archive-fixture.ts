/** For tests of the archive: recordings of one camera, or none, and an archive over them; and what an archive needs besides. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive, type ArchiveDeps } from '../../src/main/archive/archive.ts';
import { Audit } from '../../src/main/archive/audit.ts';
import type { SystemDrive } from '../../src/main/archive/drives.ts';
import type { ExportInput } from '../../src/main/archive/export-input.ts';
import { type Clock, ManualClock } from '../../src/main/platform/clock.ts';
import { evidencePage, fontsFolder } from '../../src/main/platform/entry.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import type { RecordingHandle } from '../../src/main/recorder/recorded-camera.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import type { StorageLimits } from '../../src/main/recorder/retention.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { loadSigningKey } from '../../src/main/settings/signing-key.ts';
import { AuditStore } from '../../src/main/store/audit.ts';
import { openDatabase, type Sql } from '../../src/main/store/database.ts';
import { ExportStore } from '../../src/main/store/exports.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { ContentStore } from '../../src/main/store/uploads.ts';
import { ExportInputSchema, type ExportJob } from '../../src/shared/contract-exports.ts';
import { until } from './recording-fixture.ts';

export const ASKER = { actor: 'owner@example.test', address: '127.0.0.1' };

/** What an archive needs besides recordings. `drives`: those that are plugged in. */
export function archiveExtras(
  sql: Sql,
  dataDir: string,
  options: { clock: Clock; cameraName(id: string): string | null; drives?: SystemDrive[] },
): Pick<ArchiveDeps, 'fontPath' | 'evidence' | 'driveSystem' | 'audit'> {
  const drives = options.drives ?? [];
  return {
    fontPath: join(fontsFolder(), 'DejaVuSans.ttf'),
    evidence: {
      signer: loadSigningKey(dataDir),
      program: 'Threshold NVR 1.2.3',
      pagePath: evidencePage(),
      cameraFacts: () => ({ serialNumber: 'ABC123', macAddress: null }),
    },
    driveSystem: {
      list: async () => [...drives],
      eject: async (drive) => void drives.splice(drives.indexOf(drive), 1),
    },
    audit: new Audit({ store: new AuditStore(sql), cameraName: options.cameraName, clock: options.clock }),
  };
}

export interface OpenArchive {
  dataDir: string;
  sql: Sql;
  archive: Archive;
  service: RecordingService;
  drives: SystemDrive[];
  addCamera(id: string, name: string): Promise<RecordingHandle>;
  /** Asks for an export and waits until it ends. */
  export(
    input: Partial<ExportInput> & Pick<ExportInput, 'cameraIds' | 'fromEpochMs' | 'toEpochMs'>,
  ): Promise<ExportJob>;
  ended(id: string): Promise<ExportJob>;
  stop(): Promise<void>;
}

export async function openArchive(
  nowEpochMs: number,
  { segmentMs = 3000, limits = {} }: { segmentMs?: number; limits?: Partial<StorageLimits> } = {},
): Promise<OpenArchive> {
  const dataDir = mkdtempSync(join(tmpdir(), 'archive-'));
  const sql = openDatabase(join(dataDir, 'threshold.db'));
  const clock = new ManualClock(nowEpochMs);
  const [segments, gaps] = [new SegmentStore(sql), new GapStore(sql)];
  const volumes = new Volumes({ root: join(dataDir, 'recordings'), clock, log: silentLogger });
  const names = new Map<string, string>();
  const drives: SystemDrive[] = [];
  const cameraName = (id: string) => names.get(id) ?? null;
  const service = new RecordingService({
    ...{ volumes, index: segments, ledger: gaps, clock, log: silentLogger, segmentMs },
    limits: () => ({ maxBytes: null, minFreeBytes: 0, ...limits }),
  });
  await service.start();
  const archive = new Archive({
    ...{ dataDir, volumes, segments, gaps, exports: new ExportStore(sql), cameraName, clock },
    ...archiveExtras(sql, dataDir, { clock, cameraName, drives }),
    uploads: { contents: new ContentStore(sql), path: ({ id }) => join(dataDir, id) },
    openSegments: (...stream) => service.openSegments(...stream),
    ...{ ffmpegPath: 'ffmpeg', onExport: () => {}, keep: service.locks, log: silentLogger },
  });
  await archive.start();
  const ended = async (id: string) => {
    const job = () => archive.exports.list().find((one) => one.id === id);
    await until(
      'the export ends',
      () => ['done', 'failed', 'cancelled'].includes(job()?.state ?? ''),
      60_000,
    );
    return job() as ExportJob;
  };
  return {
    ...{ dataDir, sql, archive, service, drives, ended },
    async addCamera(id, name) {
      names.set(id, name);
      return service.addCamera({ id, name, recording: { mode: 'continuous', days: 30 } });
    },
    export: async (input) => ended((await archive.exports.create(ExportInputSchema.parse(input), ASKER)).id),
    async stop() {
      await archive.stop();
      await service.stop();
      sql.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
