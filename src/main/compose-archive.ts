/** Connects the archive with recordings, ledger, uploads, drives, the audit log and the key that signs evidence. Part of the composition root. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ServerMessage } from '../shared/contract-live.ts';
import { registerAlikeRoutes } from './api/app/alike-routes.ts';
import { registerArchiveRoutes } from './api/app/archive-routes.ts';
import { registerAuditRoutes } from './api/app/audit-routes.ts';
import { registerBookmarkRoutes } from './api/app/bookmark-routes.ts';
import { registerCaseRoutes } from './api/app/case-routes.ts';
import { registerExportRoutes } from './api/app/export-routes.ts';
import { registerMotionSearchRoutes } from './api/app/motion-search-routes.ts';
import { registerShareLinkRoutes } from './api/app/share-link-routes.ts';
import { registerUploadRoutes } from './api/app/upload-routes.ts';
import { Archive } from './archive/archive.ts';
import { Audit } from './archive/audit.ts';
import { driveSystem } from './archive/drive-system.ts';
import type { MotionGrids } from './archive/motion-grids.ts';
import { listPictureAlerts } from './compose-alerts.ts';
import type { Stores } from './compose-stores.ts';
import { uploadPath } from './events/uploads.ts';
import type { Clock } from './platform/clock.ts';
import { evidencePage, fontsFolder } from './platform/entry.ts';
import type { Logger } from './platform/log.ts';
import type { RecordingService } from './recorder/recording-service.ts';
import type { Volumes } from './recorder/volumes.ts';
import { loadSigningKey } from './settings/signing-key.ts';

/** On the timeline at once, the newest; zooming in shows the others. */
const MAX_SHOWN_BOOKMARKS = 2000;

export interface ArchiveParts {
  archive: Archive;
  audit: Audit;
  appPlugin(app: FastifyInstance): void;
}

export function composeArchive(deps: {
  version: string;
  dataDir: string;
  stores: Stores;
  volumes: Volumes;
  recordings: RecordingService;
  motionGrids: MotionGrids;
  ffmpegPath: string;
  broadcast(message: ServerMessage): void;
  clock: Clock;
  log: Logger;
}): ArchiveParts {
  const { dataDir, stores, volumes, recordings, motionGrids, ffmpegPath, broadcast, clock, log } = deps;
  const cameraName = (cameraId: string) => stores.cameras.get(cameraId)?.name ?? null;
  const audit = new Audit({ store: stores.audit, cameraName, clock });
  const signer = loadSigningKey(dataDir);
  const archive = new Archive({
    ...{ dataDir, volumes, segments: stores.segments, gaps: stores.gaps, exports: stores.exports },
    listLocks: (cameraId) => recordings.locks.list(cameraId),
    listBookmarks: (fromEpochMs, toEpochMs) =>
      stores.bookmarks.list({ fromEpochMs, toEpochMs, limit: MAX_SHOWN_BOOKMARKS }),
    listPictureAlerts: (...lane) => listPictureAlerts(stores.alerts, ...lane),
    motionGrids,
    uploads: {
      contents: stores.contents,
      path: (content) => uploadPath(join(dataDir, 'uploads'), content),
    },
    openSegments: (cameraId, stream) => recordings.openSegments(cameraId, stream),
    ...{ cameraName, audit, driveSystem, ffmpegPath, keep: recordings.locks },
    fontPath: join(fontsFolder(), 'DejaVuSans.ttf'),
    evidence: {
      signer,
      program: `Threshold NVR ${deps.version}`,
      pagePath: evidencePage(),
      cameraFacts: (cameraId) => {
        const { serialNumber = null, macAddress = null } = stores.cameras.get(cameraId) ?? {};
        return { serialNumber, macAddress };
      },
    },
    onExport: (job) => broadcast({ kind: 'export', job }),
    ...{ clock, log },
  });
  return {
    archive,
    audit,
    appPlugin: (app) => {
      registerArchiveRoutes(app, { archive, audit, marks: stores.eventMarks, clock, log });
      registerAlikeRoutes(app, { eventStore: stores.events, eventIndex: stores.eventIndex });
      registerExportRoutes(app, { archive, audit });
      registerUploadRoutes(app, { archive, audit });
      registerMotionSearchRoutes(app, { searches: archive.motionSearches, cameraName });
      registerBookmarkRoutes(app, {
        ...{ bookmarks: stores.bookmarks, cameraName, clock },
        onChange: () => broadcast({ kind: 'bookmarks-changed' }),
      });
      registerShareLinkRoutes(app, {
        ...{ shares: stores.shares, tokens: stores.tokens, cameraName, audit, clock },
      });
      registerCaseRoutes(app, {
        ...{ cases: stores.cases, exports: archive.exports, cameraName, audit, clock },
        onChange: () => broadcast({ kind: 'cases-changed' }),
      });
      registerAuditRoutes(app, { audit: stores.audit, flush: () => audit.flush(), signer });
    },
  };
}
