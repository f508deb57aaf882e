/**
 * How often V8 looks for garbage. Frames lie outside its heap and are soon let go, but they count: with its own setting it walks the
 * whole small heap after every dozen megabytes, once a second with sixteen cameras, which costs more than recording them.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MINUTE_MS, SECOND_MS } from '../../shared/units.ts';

/** The heap, with what hangs on it, may grow to this much more than what was alive before it is walked: about 100 MB at most in practice. */
const GROWTH_PERCENT = 200;
/** What was needed for the start is let go. */
const FIRST_MS = 30 * SECOND_MS;
const COLLECT_EVERY_MS = 5 * MINUTE_MS;
/** The space of young objects may grow to about this; V8's own limit is 64 MB, which loading alone can bring it to. */
const YOUNG_BYTES = 16e6;
const LOOK_EVERY_MS = 5 * SECOND_MS;

/** For a process that passes media through; call it before anything is loaded. */
export function tuneHeapForMedia(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}

/**
 * Has the whole heap walked every five minutes, some 30 ms each, and the space of young objects kept small: left alone, memory rises
 * by a quarter over most of an hour before V8 does it. Returns how to stop. Does nothing where V8 takes no flags any more.
 */
export function keepMemoryLevel(collectEveryMs = COLLECT_EVERY_MS): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext("typeof gc === 'function' ? gc : null") as NodeJS.GCFunction | null;
  if (!collect) return () => {};
  // Only the last resort gives a space of young objects back that has become too large.
  const collectAll = () =>
    void collect({
      ...{ type: 'major', execution: 'async' },
      flavor: youngBytes() > 2 * YOUNG_BYTES ? 'last-resort' : 'regular',
    });
  const timers = [
    setTimeout(collectAll, Math.min(FIRST_MS, collectEveryMs)),
    setInterval(collectAll, collectEveryMs),
    setInterval(holdYoungSpace, LOOK_EVERY_MS),
  ];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
}

/** It doubles when much of it survives, and shrinks when V8 saves memory: then it may grow again. */
function holdYoungSpace(): void {
  setFlagsFromString(`--semi-space-growth-factor=${youngBytes() < YOUNG_BYTES ? 2 : 1}`);
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
