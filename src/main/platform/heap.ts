/**
 * How often V8 looks for garbage. Frames lie outside its heap and are soon let go, but they count: with its own settings it walks the
 * whole small heap after every dozen megabytes, once a second with sixteen cameras, which costs more than recording them.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MINUTE_MS, SECOND_MS } from '../../shared/units.ts';

/** The heap, with what hangs on it, may grow to this much more than what was alive before it is walked: about 100 MB at most in practice. */
const GROWTH_PERCENT = 200;
/** What was needed for the start is let go soon after it. */
const FIRST_MS = 5 * SECOND_MS;
const COLLECT_EVERY_MS = MINUTE_MS;
/**
 * The space of young objects grows to about this, by doubling; V8's own limit is 64 MB, which loading alone can bring it to. Full, with
 * sixteen cameras, once a second: viewers and the disk have done with frames long before they would count as old.
 */
const YOUNG_BYTES = 16e6;
const LOOK_EVERY_MS = 0.5 * SECOND_MS;

/** For a process that passes media through; call it before anything is loaded. */
export function tuneHeapForMedia(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  // Where frames live for a group of pictures (before an event, on a slow disk), V8 would make all of them old from the first on.
  setFlagsFromString('--no-allocation-site-pretenuring');
  setInterval(boundYoungSpace(), LOOK_EVERY_MS).unref();
}

/**
 * Has the whole heap walked soon after the start and then every minute, some 30 ms each: left alone, memory rises by a quarter over most
 * of an hour before V8 does it. Returns how to stop. Does nothing where V8 takes no flags any more.
 */
export function keepMemoryLevel(collectEveryMs = COLLECT_EVERY_MS): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext("typeof gc === 'function' ? gc : null") as NodeJS.GCFunction | null;
  if (!collect) return () => {};
  const collectAll = () => void collect({ type: 'major', execution: 'async' });
  const timers = [
    setTimeout(collectAll, Math.min(FIRST_MS, collectEveryMs)),
    setInterval(collectAll, collectEveryMs),
  ];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
}

/** V8 doubles that space when much of it survives, and shrinks it when it saves memory: then it may grow again. */
function boundYoungSpace(): () => void {
  let mayGrow = true;
  return () => {
    const isSmall = youngBytes() < YOUNG_BYTES;
    if (isSmall === mayGrow) return;
    mayGrow = isSmall;
    setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
  };
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
