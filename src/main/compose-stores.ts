/** Opens the database of a data folder with all its repositories. Part of the composition root. */
import { join } from 'node:path';
import type { SecretBox } from './settings/secrets.ts';
import { AccessEventStore } from './store/access-events.ts';
import { AccountStore } from './store/accounts.ts';
import { AlertStore } from './store/alerts.ts';
import { AuditStore } from './store/audit.ts';
import { BackfillStore } from './store/backfills.ts';
import { BookmarkStore } from './store/bookmarks.ts';
import { CameraStore } from './store/cameras.ts';
import { CamioClientStore } from './store/camio-clients.ts';
import { HookStore } from './store/camio-hooks.ts';
import { ShareStore } from './store/camio-shares.ts';
import { CamlyticsIndex } from './store/camlytics-index.ts';
import { CaseStore } from './store/cases.ts';
import { closeDatabase, inTransaction, openDatabase } from './store/database.ts';
import { EventIndex } from './store/event-index.ts';
import { EventMarkStore } from './store/event-marks.ts';
import { EventStore } from './store/events.ts';
import { ExportStore } from './store/exports.ts';
import { FaceterEventStore } from './store/faceter-events.ts';
import { FaceterExportStore } from './store/faceter-exports.ts';
import { FleetStore } from './store/fleet.ts';
import { GapStore } from './store/gaps.ts';
import { IntegrationStore } from './store/integrations.ts';
import { LineCountStore } from './store/line-counts.ts';
import { LockStore } from './store/locks.ts';
import { MotionGridStore } from './store/motion-grids.ts';
import { OutboxStore } from './store/outbox.ts';
import { ReaderStore } from './store/readers.ts';
import { SegmentStore } from './store/recordings.ts';
import { RoomStore } from './store/rooms.ts';
import { SettingsStore } from './store/settings.ts';
import { SiteStore } from './store/sites.ts';
import { TokenStore } from './store/tokens.ts';
import { ContentStore } from './store/uploads.ts';
import { VolumeStore } from './store/volumes.ts';

export type Stores = ReturnType<typeof openStores>;

export function openStores(dataDir: string, box: SecretBox) {
  const sql = openDatabase(join(dataDir, 'threshold.db'));
  const settings = new SettingsStore(sql);
  const eventIndex = new EventIndex(sql);
  const camlyticsIndex = new CamlyticsIndex(sql);
  return {
    accounts: new AccountStore(sql),
    sites: new SiteStore(sql),
    cameras: new CameraStore(sql, box),
    readers: new ReaderStore(sql),
    tokens: new TokenStore(sql, box),
    integrations: new IntegrationStore(sql, box),
    settings,
    volumes: new VolumeStore(sql, settings),
    events: new EventStore(sql, eventIndex, [camlyticsIndex]),
    eventIndex,
    eventMarks: new EventMarkStore(sql),
    camlyticsIndex,
    fleet: new FleetStore(sql),
    rooms: new RoomStore(sql),
    lineCounts: new LineCountStore(sql),
    faceterEvents: new FaceterEventStore(sql),
    faceterExports: new FaceterExportStore(sql),
    hooks: new HookStore(sql),
    shares: new ShareStore(sql, box),
    camioClients: new CamioClientStore(sql, box),
    contents: new ContentStore(sql),
    alerts: new AlertStore(sql),
    accessEvents: new AccessEventStore(sql),
    outbox: new OutboxStore(sql),
    segments: new SegmentStore(sql),
    gaps: new GapStore(sql),
    locks: new LockStore(sql),
    exports: new ExportStore(sql),
    audit: new AuditStore(sql),
    backfills: new BackfillStore(sql),
    bookmarks: new BookmarkStore(sql),
    cases: new CaseStore(sql),
    motionGrids: new MotionGridStore(sql),
    /** For what reaches over all tables. */
    sql,
    transaction: <T>(action: () => T): T => inTransaction(sql, action),
    close: () => closeDatabase(sql),
  };
}
