/** Connects rehearsals and backfills with archive, events, analysis and API. Part of the composition root. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ReaderClocks } from './access/reader-clocks.ts';
import { registerRehearsalRoutes } from './api/app/rehearsal-routes.ts';
import type { Archive } from './archive/archive.ts';
import type { Stores } from './compose-stores.ts';
import type { EventLog } from './events/event-log.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import { Backfills } from './rehearsal/backfills.ts';
import type { FootagePorts } from './rehearsal/ports.ts';
import { Rehearsals } from './rehearsal/rehearsals.ts';
import { probeVideo } from './vision/pictures/file.ts';
import type { VisionService } from './vision/service.ts';

interface RehearsalParts {
  appPlugin(app: FastifyInstance): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function composeRehearsal(deps: {
  dataDir: string;
  stores: Stores;
  archive: Archive;
  events: EventLog;
  vision: VisionService;
  readerClocks: ReaderClocks;
  ffmpegPath: string;
  clock: Clock;
  log: Logger;
}): RehearsalParts {
  const { stores, archive, events, vision, readerClocks, ffmpegPath, clock, log } = deps;
  const videoFolder = join(deps.dataDir, 'rehearsals');
  const ports: FootagePorts = {
    files: (cameraId, fromEpochMs, toEpochMs) =>
      archive.files({ cameraId, stream: 'main', fromEpochMs, toEpochMs }),
    reports: (...range) => readerClocks.reports(...range),
    startAnalysis: (request) => vision.analyzeFootage(request),
  };
  const rehearsals = new Rehearsals({ ...ports, clock, log });
  const backfills = new Backfills({
    ...ports,
    index: stores.backfills,
    camera: (cameraId) => stores.cameras.get(cameraId),
    eventsBetween: (cameraId, fromEpochMs, toEpochMs) => events.overlapping(cameraId, fromEpochMs, toEpochMs),
    storeFinding: (cameraId, finding, snapshot) => events.storePast(cameraId, finding, snapshot),
    clock,
    log,
  });

  return {
    appPlugin: (app) =>
      registerRehearsalRoutes(app, {
        videoFolder,
        hasCamera: (cameraId) => stores.cameras.get(cameraId) !== null,
        rehearsals: {
          createRecorded: (cameraId, range, rules) =>
            rehearsals.create(cameraId, { kind: 'recorded', ...range }, rules),
          createVideo: async (cameraId, path, rules) => {
            const { width, height, durationSeconds } = await probeVideo(ffmpegPath, path);
            const file = {
              path,
              startMs: 0,
              endMs: durationSeconds * 1000 || Number.POSITIVE_INFINITY,
              width,
              height,
            };
            return rehearsals.create(cameraId, { kind: 'video', file }, rules);
          },
          get: (id) => rehearsals.get(id),
          change: (id, rules) => rehearsals.change(id, rules),
          remove: (id) => rehearsals.remove(id),
        },
        probeVideo: async (path) => (await probeVideo(ffmpegPath, path)).durationSeconds,
        backfills,
      }),
    async start() {
      await rm(videoFolder, { recursive: true, force: true });
      backfills.start();
    },
    async stop() {
      await Promise.all([rehearsals.stop(), backfills.stop()]);
    },
  };
}
