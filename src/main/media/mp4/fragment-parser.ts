/** Reads a moof: which samples lie where in the mdat behind it. */
import { type Box, damaged, readBox, readBoxes } from './boxes.ts';
import type { SampleDefaults } from './init-parser.ts';

/** One frame; `offset` counts from the start of the moof. Times on the track's timescale. */
export interface FragmentSample {
  offset: number;
  size: number;
  decodeTime: number;
  duration: number;
  /** Presentation minus decode time. */
  compositionOffset: number;
  keyframe: boolean;
}

export interface TrackRun {
  trackId: number;
  samples: FragmentSample[];
  /** Where the tfdt's time stands, from the start of the moof, and whether it has 64 bits; null without a tfdt. */
  tfdt: { offset: number; wide: boolean } | null;
}

/** sample_is_non_sync_sample */
const NON_SYNC = 0x00010000;

/**
 * The runs of one moof box, which starts at `moofStart` of `bytes` and lies at `moofPosition` of its file.
 * Throws AppError when it is damaged.
 */
export function parseMoof(
  bytes: Buffer,
  moofStart: number,
  defaultsOf: (trackId: number) => SampleDefaults,
  moofPosition = 0,
): TrackRun[] {
  try {
    const moof = readBox(bytes, moofStart);
    if (moof?.type !== 'moof' || moof.end > bytes.length) throw damaged('no whole moof box');
    const runs: TrackRun[] = [];
    let previousEnd = 0;
    for (const traf of readBoxes(bytes, moof.bodyStart, moof.end)) {
      if (traf.type !== 'traf') continue;
      const parsed = parseTraf(bytes, moof, traf, defaultsOf, previousEnd, moofPosition);
      previousEnd = parsed.end;
      runs.push(parsed.run);
    }
    return runs;
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged('moof box');
    throw cause;
  }
}

/** The samples of one of our own fragments (one moof, one track). */
export function parseOwnFragment(data: Buffer): TrackRun {
  const [run] = parseMoof(data, 0, () => ({ duration: 0, size: 0, flags: 0 }));
  if (!run) throw damaged('a fragment without a track');
  return run;
}

function parseTraf(
  bytes: Buffer,
  moof: Box,
  traf: Box,
  defaultsOf: (trackId: number) => SampleDefaults,
  previousEnd: number,
  moofPosition: number,
): { run: TrackRun; end: number } {
  const boxes = readBoxes(bytes, traf.bodyStart, traf.end);
  const tfhd = boxes.find((box) => box.type === 'tfhd');
  if (!tfhd) throw damaged('no tfhd box');
  const head = parseTfhd(bytes, tfhd, defaultsOf);
  const run: TrackRun = { trackId: head.trackId, samples: [], tfdt: null };
  let decodeTime = 0;
  const tfdt = boxes.find((box) => box.type === 'tfdt');
  if (tfdt) {
    const wide = bytes.readUInt8(tfdt.bodyStart) === 1;
    run.tfdt = { offset: tfdt.bodyStart + 4 - moof.start, wide };
    decodeTime = wide
      ? Number(bytes.readBigUInt64BE(tfdt.bodyStart + 4))
      : bytes.readUInt32BE(tfdt.bodyStart + 4);
  }
  const base = head.baseOffset !== null ? head.baseOffset - moofPosition : head.baseIsMoof ? 0 : previousEnd;
  let end = base;
  for (const trun of boxes) {
    if (trun.type !== 'trun') continue;
    ({ decodeTime, end } = readRun(bytes, trun, head.defaults, base, end, decodeTime, run.samples));
  }
  return { run, end };
}

function parseTfhd(bytes: Buffer, tfhd: Box, defaultsOf: (trackId: number) => SampleDefaults) {
  const flags = bytes.readUInt32BE(tfhd.bodyStart) & 0xffffff;
  const trackId = bytes.readUInt32BE(tfhd.bodyStart + 4);
  const defaults = { ...defaultsOf(trackId) };
  let at = tfhd.bodyStart + 8;
  let baseOffset: number | null = null;
  if (flags & 0x1) {
    baseOffset = Number(bytes.readBigUInt64BE(at));
    at += 8;
  }
  if (flags & 0x2) at += 4;
  for (const [bit, name] of [
    [0x8, 'duration'],
    [0x10, 'size'],
    [0x20, 'flags'],
  ] as const) {
    if (!(flags & bit)) continue;
    defaults[name] = bytes.readUInt32BE(at);
    at += 4;
  }
  return { trackId, defaults, baseOffset, baseIsMoof: (flags & 0x020000) !== 0 };
}

function readRun(
  bytes: Buffer,
  trun: Box,
  defaults: SampleDefaults,
  base: number,
  previousEnd: number,
  startTime: number,
  samples: FragmentSample[],
): { decodeTime: number; end: number } {
  const versionAndFlags = bytes.readUInt32BE(trun.bodyStart);
  const signed = versionAndFlags >>> 24 >= 1;
  const count = bytes.readUInt32BE(trun.bodyStart + 4);
  let at = trun.bodyStart + 8;
  let offset = previousEnd;
  const field = (bit: number): number | null => {
    if (!(versionAndFlags & bit)) return null;
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const dataOffset = field(0x1);
  if (dataOffset !== null) offset = base + (dataOffset | 0);
  const firstFlags = field(0x4);
  let decodeTime = startTime;
  for (let index = 0; index < count; index++) {
    const duration = field(0x100) ?? defaults.duration;
    const size = field(0x200) ?? defaults.size;
    const ownFlags = field(0x400);
    const flags = ownFlags ?? (index === 0 && firstFlags !== null ? firstFlags : defaults.flags);
    const rawOffset = field(0x800) ?? 0;
    const compositionOffset = signed ? rawOffset | 0 : rawOffset;
    samples.push({
      offset,
      size,
      decodeTime,
      duration,
      compositionOffset,
      keyframe: (flags & NON_SYNC) === 0,
    });
    offset += size;
    decodeTime += duration;
  }
  return { decodeTime, end: offset };
}
