/** Connects the Camio API, uploads and hooks with the engine. Part of the composition root. */
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { CameraStatus } from '../shared/contract-cameras.ts';
import { registerCamioClientRoutes } from './api/app/camio-client-routes.ts';
import { ShareDownloads } from './api/camio/downloads.ts';
import type { CamioDeps } from './api/camio/ports.ts';
import { registerCamioApi } from './api/camio/routes.ts';
import { uploadToken } from './api/camio/settings-routes.ts';
import { camioViewer } from './api/camio/viewer.ts';
import type { PublicApi } from './api/server.ts';
import type { Archive } from './archive/archive.ts';
import type { Audit } from './archive/audit.ts';
import type { Stores } from './compose-stores.ts';
import type { EventLog } from './events/event-log.ts';
import { type Inspection, Uploads } from './events/uploads.ts';
import type { LiveCameras } from './live/cameras.ts';
import { runFfmpeg } from './media/ffmpeg.ts';
import { CamioHooks } from './outputs/camio-hooks.ts';
import type { Outbox } from './outputs/outbox.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { RecordingService } from './recorder/recording-service.ts';
import type { SecretBox } from './settings/secrets.ts';
import { probeVideo } from './vision/pictures/file.ts';
import type { VisionService } from './vision/service.ts';

interface CamioPartsDeps {
  dataDir: string;
  stores: Stores;
  box: SecretBox;
  events: EventLog;
  archive: Archive;
  audit: Audit;
  recordings: RecordingService;
  live: LiveCameras;
  vision: VisionService;
  outbox: Outbox;
  ffmpegPath: string;
  cameraStatus(cameraId: string): CameraStatus;
  removeCamera(cameraId: string): Promise<void>;
  clock: Clock;
  log: Logger;
}

export interface CamioParts {
  api: PublicApi;
  viewer: ReturnType<typeof camioViewer>;
  /** What the UI asks of hooks, deliveries, clients, tokens and keys. */
  appPlugin(app: FastifyInstance): void;
  hooks: CamioHooks;
  uploads: Uploads;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Clips made for Camio's clients stay in a cache of this many files. */
const KEPT_CLIPS = 50;
const FOOTAGE_SETTLES_MS = 30_000;

export function composeCamio(deps: CamioPartsDeps): CamioParts {
  const { stores, clock, log, dataDir } = deps;
  const hooks = new CamioHooks({ hooks: stores.hooks, cameras: stores.cameras, outbox: deps.outbox });
  const uploads = new Uploads({
    ...stores,
    folder: join(dataDir, 'uploads'),
    events: deps.events,
    probe: (file) => probe(deps.ffmpegPath, file),
    inspect: (file, what, analysis): Promise<Inspection | null> =>
      deps.vision.inspect({
        file,
        kind: what.contentType === 'image/jpeg' ? 'picture' : 'video',
        rotation: what.rotation,
        durationMs: what.durationMs,
        detect: analysis.enabled,
        minConfidence: analysis.minConfidence,
        overheadView: analysis.overheadView,
      }),
    clock,
    log,
  });
  const clips = new ClipCache(join(dataDir, 'cache', 'clips'), deps);
  const camio: CamioDeps = {
    ...stores,
    eventStore: stores.events,
    events: deps.events,
    uploads,
    dataDir,
    audit: deps.audit,
    engine: {
      cameraStatus: deps.cameraStatus,
      removeCamera: deps.removeCamera,
      lastRecorded: (cameraId) => lastRecorded(stores, cameraId),
      streamPicture: (cameraId, width) => streamPicture(deps, cameraId, width),
      hasFootage: (cameraId, fromEpochMs, toEpochMs) => hasFootage(deps, cameraId, fromEpochMs, toEpochMs),
      clip: (cameraId, fromEpochMs, toEpochMs) => clips.clip(cameraId, fromEpochMs, toEpochMs),
      videoPicture: (file) => videoPicture(deps.ffmpegPath, file),
      forgetHook: (hookId) => deps.outbox.forget('camio-hook', String(hookId)),
      sign: (text) => deps.box.digest(text),
    },
    clock,
    log,
  };
  const downloads = new ShareDownloads(camio);
  let unsubscribe = () => {};
  return {
    hooks,
    uploads,
    viewer: camioViewer(camio),
    appPlugin: (app) =>
      registerCamioClientRoutes(app, {
        ...stores,
        deliveries: (filter) => deps.outbox.list(filter),
        sendTest: (hookId) => hooks.sendTest(hookId, clock.epochMs()),
        forgetHook: camio.engine.forgetHook,
        uploadToken: () => uploadToken(stores.tokens, clock.epochMs()),
        clock,
      }),
    api: {
      prefix: '/api',
      register: (app, authenticator) => registerCamioApi(app, { ...camio, authenticator, downloads }),
    },
    async start() {
      await uploads.start();
      unsubscribe = stores.cameras.subscribe((cameraId) => {
        if (stores.cameras.get(cameraId)) return;
        stores.eventIndex.removeCamera(cameraId);
        uploads
          .forgetCamera(cameraId)
          .catch((error: unknown) =>
            log.error({ err: error, cameraId }, 'uploads of a camera could not be removed'),
          );
      });
      downloads.wake();
      stores.eventIndex
        .ready()
        .catch((error: unknown) => log.error({ err: error }, 'the index of events could not be read'));
    },
    async stop() {
      unsubscribe();
      await downloads.stop();
      await uploads.stop();
    },
  };
}

class ClipCache {
  private readonly folder: string;
  private readonly deps: Pick<CamioPartsDeps, 'archive' | 'clock'>;
  private readonly making = new Map<string, Promise<string>>();

  constructor(folder: string, deps: Pick<CamioPartsDeps, 'archive' | 'clock'>) {
    this.folder = folder;
    this.deps = deps;
  }

  async clip(cameraId: string, fromEpochMs: number, toEpochMs: number): Promise<string> {
    const now = this.deps.clock.epochMs();
    // Footage that is still being written is cut anew each time.
    const stamp = toEpochMs > now - FOOTAGE_SETTLES_MS ? `-${now}` : '';
    const path = join(
      this.folder,
      `${cameraId}-${Math.round(fromEpochMs)}-${Math.round(toEpochMs)}${stamp}.mp4`,
    );
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (isThere) {
      await utimes(path, new Date(), new Date());
      return path;
    }
    const running = this.making.get(path) ?? this.make(cameraId, fromEpochMs, toEpochMs, path);
    this.making.set(path, running);
    return running.finally(() => this.making.delete(path));
  }

  private async make(
    cameraId: string,
    fromEpochMs: number,
    toEpochMs: number,
    path: string,
  ): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    await this.deps.archive.clip({ cameraId, fromEpochMs, toEpochMs, audio: true }, path);
    const names = await readdir(this.folder);
    if (names.length > KEPT_CLIPS) {
      const files = await Promise.all(
        names.map(async (name) => ({ name, at: (await stat(join(this.folder, name))).mtimeMs })),
      );
      files.sort((a, b) => a.at - b.at);
      for (const { name } of files.slice(0, names.length - KEPT_CLIPS))
        await rm(join(this.folder, name), { force: true });
    }
    return path;
  }
}

function lastRecorded(stores: Stores, cameraId: string) {
  const end = stores.segments.newestEndEpochMs(cameraId, 'main');
  if (end === null) return null;
  const range = { fromEpochMs: end - 1, toEpochMs: end + 1 };
  const segment = stores.segments.listSegments({ cameraId, stream: 'main', ...range }).at(-1);
  if (!segment) return null;
  const { width, height, audioCodecString } = segment;
  return { width, height, hasAudio: audioCodecString !== null, endEpochMs: end };
}

async function streamPicture(
  { live, archive, stores }: CamioPartsDeps,
  cameraId: string,
  width: number,
): Promise<{ jpeg: Buffer; atEpochMs: number } | null> {
  const keyframe = live.find(cameraId, 'main')?.hub.newestKeyframe;
  const jpeg = keyframe ? await live.latestPicture(cameraId, width) : null;
  if (keyframe && jpeg) return { jpeg, atEpochMs: keyframe.captureEpochMs };
  const end = stores.segments.newestEndEpochMs(cameraId, 'main');
  if (end === null) return null;
  const recorded = await archive.frame({ cameraId, atEpochMs: end - 1, width }).catch(() => null);
  return recorded && { jpeg: recorded, atEpochMs: end - 1 };
}

function hasFootage(
  { stores, recordings }: CamioPartsDeps,
  cameraId: string,
  fromEpochMs: number,
  toEpochMs: number,
): boolean {
  const range = { cameraId, stream: 'main' as const, fromEpochMs, toEpochMs };
  if (stores.segments.listSpans(range).some((span) => span.durationMs > 0)) return true;
  return recordings
    .openSegments(cameraId, 'main')
    .some(
      (segment) =>
        segment.startEpochMs < toEpochMs && segment.startEpochMs + segment.durationMs > fromEpochMs,
    );
}

async function videoPicture(ffmpegPath: string, file: string): Promise<Buffer | null> {
  const args = ['-v', 'error', '-threads', '1', '-i', `file:${file}`, '-frames:v', '1', '-an'];
  const { stdout } = await runFfmpeg(ffmpegPath, [...args, '-q:v', '3', '-f', 'mjpeg', 'pipe:1'], {
    timeoutMs: 15_000,
  });
  return stdout.length > 0 ? stdout : null;
}

async function probe(ffmpegPath: string, file: string) {
  try {
    const { durationSeconds, width, height } = await probeVideo(ffmpegPath, file);
    return { durationMs: Math.round(durationSeconds * 1000), width, height, hasAudio: await hasSound(file) };
  } catch {
    // It says it is an MP4 and is kept as such; nothing more is known of it.
    return null;
  }
}

/** Whether the track headers, at the beginning or the end of a file, name a sound track. */
async function hasSound(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, 512 * 1024);
    for (const position of [0, Math.max(0, size - length)]) {
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
      if (buffer.includes('soun')) return true;
    }
    return false;
  } finally {
    await handle.close();
  }
}
