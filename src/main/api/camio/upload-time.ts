/** Times in the names of uploaded files. Pure. */
import { parseWireTime } from '../wire-time.ts';

const ISO_STAMP =
  /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+ -]\d{2}(?::?\d{2})?(?![\d:]))?/i;
/** `20240311_142530`, `2024-03-11 14.25.30`, `20240311T142530.250` and the like. */
const LOOSE_STAMP =
  /(?<!\d)((?:19|20)\d{2})[-_.]?(\d{2})[-_.]?(\d{2})[ T_.-]?(\d{2})[-_.:h]?(\d{2})[-_.:m]?(\d{2})(?:[.,_](\d{3})(?!\d))?(?!\d)/i;

/**
 * The time in a name: an ISO 8601 stamp, UTC where it names no zone; with `isLoose` also digits as cameras write them. Null when there is none.
 */
export function parseNameTime(name: string, isLoose: boolean): number | null {
  const stamp = ISO_STAMP.exec(name)?.[0];
  if (stamp !== undefined) {
    // An unescaped + in the path stays one, but some clients send a blank.
    const time = parseWireTime(stamp.replace(/ (?=\d{2}:?\d{2}$)/, '+')) ?? parseWireTime(stamp.slice(0, 19));
    if (time !== null) return time;
  }
  const match = isLoose ? LOOSE_STAMP.exec(name) : null;
  if (!match) return null;
  const [, year, month, day, hour, minute, second, milliseconds = '0'] = match;
  return parseWireTime(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
}
