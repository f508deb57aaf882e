/**
 * How often V8 looks for garbage. Frames lie outside its heap and are soon let go, but they count: with its own setting it walks the
 * whole small heap after every dozen megabytes, once a second with sixteen cameras, which costs more than recording them.
 */
import { setFlagsFromString } from 'node:v8';

/** The heap, with what hangs on it, may grow to this much more than what was alive before it is walked: about 100 MB at most in practice. */
const GROWTH_PERCENT = 200;

/** For a process that passes media through; call it before anything is loaded. */
export function tuneHeapForMedia(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
