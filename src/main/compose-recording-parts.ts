/**
 * Builds what recording needs, and nothing else: what this file imports is loaded before the first camera is connected, everything else
 * afterwards. Part of the composition root; holds no logic of its own.
 */
import { join } from 'node:path';
import { messageOf } from '../shared/errors.ts';
import { FfmpegKeyframes } from './alerts/decode-keyframe.ts';
import { RunningCameras } from './compose-cameras.ts';
import type { BuildContext, FoundFfmpeg, RecordingParts } from './compose-context.ts';
import { applyFolders } from './compose-folders.ts';
import { foldersOfModels } from './compose-models.ts';
import { composeMotion } from './compose-motion.ts';
import { planCamera } from './compose-recording.ts';
import { composeStorage } from './compose-storage.ts';
import { LiveCameras } from './live/cameras.ts';
import { DemoCameras } from './live/demo-cameras.ts';
import { findFfmpeg } from './media/ffmpeg.ts';
import { resourcesFolder } from './platform/entry.ts';
import type { Logger } from './platform/log.ts';
import { isRecordingEnabled } from './store/camio-settings.ts';
import { VisionService } from './vision/service.ts';

/** Looks for ffmpeg; never throws. */
export function lookForFfmpeg(log: Logger): Promise<FoundFfmpeg> {
  return findFfmpeg().catch((error: unknown) => {
    log.error({ problem: messageOf(error) }, 'no usable ffmpeg');
    return { path: null, version: null, problem: messageOf(error) };
  });
}

/** What a crash left of recordings is repaired when it resolves. Throws what keeps a part from starting, or when the engine is being stopped. */
export async function buildRecordingParts(
  context: BuildContext,
  lookingForFfmpeg: Promise<FoundFfmpeg>,
): Promise<RecordingParts> {
  const { options, stores, clock, undo, running } = context;
  const { dataDir, log } = options;
  const storage = await composeStorage({
    ...{ dataDir, stores, clock, log },
    onLocksChanged: () => running()?.api.broadcast({ kind: 'locks-changed' }),
  });
  undo.push(...storage.undo);
  const { volumes, folders, recordings } = storage;
  await applyFolders(options.provision?.storage?.folders ?? [], folders);
  context.refuseWhenStopping();
  const ffmpeg = await lookingForFfmpeg;
  const ffmpegPath = ffmpeg.path ?? 'ffmpeg';
  const live = new LiveCameras({ ffmpegPath, clock, log });
  undo.push(() => live.stop());
  const motion = composeMotion(stores);
  undo.push(() => motion.stop());
  const cameras = composeCameras(context);
  const vision = new VisionService({
    ffmpegPath,
    folders: foldersOfModels(dataDir),
    modelName: () => stores.settings.modelName(),
    clock,
    logger: log,
    onObservation: (cameraId, observation) => {
      cameras.observed(cameraId, observation);
      motion.grids.note(cameraId, observation.atMs, observation.motion.boxes);
      if (observation.tracks.length > 0 && observation.motion.boxes.length > 0)
        recordings.extendEvent(cameraId, observation.atMs);
    },
    onGone: (cameraId, lastMs) => cameras.gone(cameraId, lastMs),
    onProblem: (cameraId, problem) => cameras.setAnalysisProblem(cameraId, problem),
  });
  undo.push(() => vision.stop());
  const demo = new DemoCameras({ ffmpegPath, scenesFolder: join(resourcesFolder(), 'demo'), clock, log });
  undo.push(() => demo.stop());
  context.refuseWhenStopping();
  return {
    ...{ ffmpeg, cameras, volumes, folders, recordings, live, vision, motion, demo },
    keyframes: ffmpeg.path === null ? null : new FfmpegKeyframes(ffmpeg.path),
    resolveSource: async (url) => (/^demo:/i.test(url) ? (await demo.resolve(url)).main : url),
  };
}

/** Findings of the first moments wait for the parts that store them; there is nobody yet to be told of anything else. */
function composeCameras({ options, stores, clock, running, built }: BuildContext): RunningCameras {
  const isPaused = (cameraId: string) => stores.fleet.isPaused(cameraId);
  return new RunningCameras({
    wanted: (cameraId) => {
      const camera = stores.cameras.get(cameraId);
      return (
        camera &&
        planCamera(camera, {
          isPaused: isPaused(cameraId),
          isRecordingEnabled: isRecordingEnabled(stores.settings),
          epochMs: clock.epochMs(),
        })
      );
    },
    report: async (cameraId, findings) => {
      const { events } = await built;
      if (!isPaused(cameraId)) await events.report(cameraId, findings);
    },
    isPaused,
    broadcast: (message) => running()?.api.broadcast(message),
    clock,
    log: options.log,
  });
}
