/** Camera name and local time as they are written into pictures, also where summer time begins or ends within a clip. Pure. */
import { type EpochRange, HOUR_MS } from '../../shared/units.ts';

/** What stands in the pictures of a stretch of a clip in which the zone's offset from UTC is one. */
export interface Caption {
  /** As drawtext expands it. */
  text: string;
  /** Of the clip's time line, in seconds; null: from its first picture on, to its last one. */
  fromSeconds: number | null;
  toSeconds: number | null;
}

/** Ascending, one after the other. `range`: capture times of the first picture and where the last one ends. */
export function buildCaptions(range: EpochRange, cameraName: string): Caption[] {
  const { startEpochMs, endEpochMs } = range;
  const name = cameraName.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[\\%]/g, '\\$&');
  const changes = findZoneChanges(startEpochMs, endEpochMs);
  const secondsOf = (epochMs: number | undefined) =>
    epochMs === undefined ? null : (epochMs - startEpochMs) / 1000;
  return [startEpochMs, ...changes].map((fromEpochMs, index) => ({
    text: `${name}   ${timeFrom(startEpochMs, offsetMsAt(fromEpochMs))} ${zoneNameAt(fromEpochMs)}`,
    fromSeconds: index === 0 ? null : secondsOf(fromEpochMs),
    toSeconds: secondsOf(changes[index]),
  }));
}

/** Each picture's time. The offset is written out: ffmpeg need not know the zone as this process does. */
function timeFrom(startEpochMs: number, offsetMs: number): string {
  return `%{pts:gmtime:${((startEpochMs + offsetMs) / 1000).toFixed(3)}:%Y-%m-%d %H\\:%M\\:%S}`;
}

/** Moments in (from, to) from which on the offset is another one. */
function findZoneChanges(fromEpochMs: number, toEpochMs: number): number[] {
  const changes: number[] = [];
  const end = Math.ceil(toEpochMs);
  for (let at = Math.floor(fromEpochMs); at < end; at += HOUR_MS) {
    let [before, after] = [at, Math.min(at + HOUR_MS, end)];
    if (offsetMsAt(before) === offsetMsAt(after)) continue;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetMsAt(middle) === offsetMsAt(before)) before = middle;
      else after = middle;
    }
    changes.push(after);
  }
  return changes;
}

function offsetMsAt(epochMs: number): number {
  return -new Date(epochMs).getTimezoneOffset() * 60_000;
}

/** 'CEST', 'GMT-5'. */
function zoneNameAt(epochMs: number): string {
  const words = new Date(epochMs).toLocaleTimeString('en-GB', { timeZoneName: 'short' });
  return words.split(' ').at(-1) ?? '';
}
