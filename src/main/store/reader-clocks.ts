/** How far the clocks of door readers are ahead of the cameras'. */
import { z } from 'zod';
import type { SettingsStore } from './settings.ts';

const KEY = 'reader-clocks';
/** Milliseconds by deviceId. */
const OffsetsSchema = z.object({ offsets: z.record(z.string(), z.number()).default({}) });

export function readerClockOffsets(settings: SettingsStore) {
  return {
    get: (): Record<string, number> => settings.get(KEY, OffsetsSchema).offsets,
    put: (offsets: Record<string, number>): void => settings.set(KEY, { offsets }),
  };
}
