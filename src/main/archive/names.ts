/** Names of exported files and folders, in local time and fit for every file system. */
import type { Content } from '../store/uploads.ts';

/** `Front door 2026-11-20 14.03.05–14.04.00.mp4` */
export function buildClipName(cameraName: string, fromEpochMs: number, toEpochMs: number): string {
  return `${buildNameStem(cameraName)} ${buildRange(fromEpochMs, toEpochMs)}.mp4`;
}

/** `Evidence 2026-11-20 14.03.05–14.04.00 Front door`; `3 cameras 2026-11-20 …` for several clips. */
export function buildFolderName(
  form: 'clip' | 'evidence',
  cameraNames: readonly string[],
  fromEpochMs: number,
  toEpochMs: number,
): string {
  const [only = 'Camera', ...others] = cameraNames;
  const who = others.length > 0 ? `${cameraNames.length} cameras` : buildNameStem(only);
  const range = buildRange(fromEpochMs, toEpochMs);
  return form === 'evidence' ? `Evidence ${range} ${who}` : `${who} ${range}`;
}

/** The name of an uploaded video as of a clip; `Front door 2026-11-20 14.03.05.jpg` of a picture. */
export function buildUploadName(
  cameraName: string,
  { contentType, atEpochMs, durationMs }: Pick<Content, 'contentType' | 'atEpochMs' | 'durationMs'>,
): string {
  if (contentType === 'video/mp4') return buildClipName(cameraName, atEpochMs, atEpochMs + durationMs);
  const { day, time } = localTime(atEpochMs);
  return `${buildNameStem(cameraName)} ${day} ${time}.jpg`;
}

/** The name, or `NAME (2)` and so on before its ending: the first that is not taken, whatever its case. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  const [, stem = name, ending = ''] = /^(.*?)(\.mp4)?$/s.exec(name) ?? [];
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${stem} (${number})${ending}`;
    if (!isTaken(candidate)) return candidate;
  }
}

/** A time with the offset of this machine's zone: `2026-11-20T14:03:05.120+01:00`. */
export function buildLocalIso(epochMs: number): string {
  const at = new Date(Math.round(epochMs));
  const offset = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

function buildRange(fromEpochMs: number, toEpochMs: number): string {
  const [from, to] = [localTime(fromEpochMs), localTime(toEpochMs)];
  const end = from.day === to.day ? to.time : `${to.day} ${to.time}`;
  return `${from.day} ${from.time}–${end}`;
}

function buildNameStem(cameraName: string): string {
  // Windows forbids these signs, and dots and blanks at an end.
  const name = cameraName
    .replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '_')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
    .slice(0, 80);
  return name || 'Camera';
}

function localTime(epochMs: number): { day: string; time: string } {
  const at = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}`,
  };
}
