/**
 * How often V8 looks for garbage. Frames lie outside its heap and are soon let go, but they count: with its own setting it walks the
 * whole small heap after every dozen megabytes, once a second with sixteen cameras, which costs more than recording them.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MINUTE_MS } from '../../shared/units.ts';

/** The heap, with what hangs on it, may grow to this much more than what was alive before it is walked: about 100 MB at most in practice. */
const GROWTH_PERCENT = 200;
const COLLECT_EVERY_MS = 5 * MINUTE_MS;

/** For a process that passes media through; call it before anything is loaded. */
export function tuneHeapForMedia(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}

/**
 * Has the whole heap walked every five minutes, some 20 ms each: left alone, memory rises by a quarter over most of an hour before V8
 * does it. Returns how to stop. Does nothing where V8 takes no flags any more.
 */
export function keepMemoryLevel(everyMs = COLLECT_EVERY_MS): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext("typeof gc === 'function' ? gc : null") as NodeJS.GCFunction | null;
  if (!collect) return () => {};
  const timer = setInterval(() => void collect({ type: 'major', execution: 'async' }), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
