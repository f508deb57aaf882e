/** Whether an object comes towards the camera or goes away, from the growth of its box. Pure. */
import type { Sample } from './trail.ts';

const LOOK_BACK_MS = 4000;
const GREW = 1.1;
const EDGE = 0.012;

/** Compares the oldest and the newest third of the last seconds; boxes cut by the picture's edge say nothing about size. */
export function movementOf(samples: readonly Sample[]): 'approaching' | 'departing' | undefined {
  const since = (samples.at(-1)?.atMs ?? 0) - LOOK_BACK_MS;
  const whole = samples.filter((sample) => sample.atMs >= since && !isCut(sample));
  const third = Math.floor(whole.length / 3);
  if (third === 0) return undefined;
  const ratio = meanHeight(whole.slice(-third)) / meanHeight(whole.slice(0, third));
  if (ratio >= GREW) return 'approaching';
  if (ratio <= 1 / GREW) return 'departing';
  return undefined;
}

function isCut({ box }: Sample): boolean {
  return box.y <= EDGE || box.y + box.height >= 1 - EDGE;
}

function meanHeight(samples: readonly Sample[]): number {
  return samples.reduce((sum, sample) => sum + sample.box.height, 0) / samples.length;
}
