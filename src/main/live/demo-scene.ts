/** What a demo camera shows: the loops in `resources/demo`, with their lines, zones, reader and the times at which it unlocks. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LineSchema, ReaderSchema, ZoneSchema } from '../../shared/domain-camera.ts';

export const DemoUnlockSchema = z.strictObject({
  /** Position in the loop. */
  atSeconds: z.number().min(0),
  actorId: z.string(),
  actorName: z.string(),
  actorEmail: z.email(),
});

export const DemoSceneSchema = z.strictObject({
  title: z.string(),
  durationSeconds: z.number().positive(),
  framesPerSecond: z.number().positive(),
  lines: z.array(LineSchema),
  zones: z.array(ZoneSchema),
  reader: ReaderSchema.nullable(),
  unlocks: z.array(DemoUnlockSchema),
});
export type DemoScene = z.infer<typeof DemoSceneSchema>;
export type DemoUnlock = z.infer<typeof DemoUnlockSchema>;

export interface DemoSceneFiles {
  scene: DemoScene;
  videoFile: string;
}

/** The scene `NAME/scene.json` with its `scene.mp4`; null when there is none. Throws when scene.json does not fit its schema. */
export function readDemoScene(scenesFolder: string, name: string): DemoSceneFiles | null {
  const description = join(scenesFolder, name, 'scene.json');
  const videoFile = join(scenesFolder, name, 'scene.mp4');
  if (!existsSync(description) || !existsSync(videoFile)) return null;
  return { scene: DemoSceneSchema.parse(JSON.parse(readFileSync(description, 'utf8'))), videoFile };
}

/** Every demo camera shows the part of its loop that belongs to the wall clock, whenever it is started. */
export function loopPositionSeconds(scene: Pick<DemoScene, 'durationSeconds'>, epochMs: number): number {
  return (epochMs / 1000) % scene.durationSeconds;
}

/** The reader's unlocks in [fromEpochMs, toEpochMs), in order of time. */
export function demoUnlocks(
  scene: Pick<DemoScene, 'durationSeconds' | 'unlocks'>,
  fromEpochMs: number,
  toEpochMs: number,
): Array<DemoUnlock & { atEpochMs: number }> {
  const loopMs = scene.durationSeconds * 1000;
  const found: Array<DemoUnlock & { atEpochMs: number }> = [];
  for (const unlock of scene.unlocks) {
    const offsetMs = unlock.atSeconds * 1000;
    const first = Math.ceil((fromEpochMs - offsetMs) / loopMs) * loopMs + offsetMs;
    for (let atEpochMs = first; atEpochMs < toEpochMs; atEpochMs += loopMs)
      found.push({ ...unlock, atEpochMs });
  }
  return found.sort((a, b) => a.atEpochMs - b.atEpochMs);
}
