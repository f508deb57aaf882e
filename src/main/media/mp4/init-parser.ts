/** Reads what a moov says about its tracks: ours, ffmpeg's or a stranger's. */
import { type Box, damaged, findBox, readBox, readBoxes } from './boxes.ts';
import { parseAvcC } from './h264.ts';
import { parseHvcC } from './h265.ts';
import type { SoundConfig } from './init-segment.ts';

/** Defaults of `trex`, which a fragment falls back to. */
export interface SampleDefaults {
  duration: number;
  size: number;
  flags: number;
}

interface ParsedTrack {
  trackId: number;
  timescale: number;
  defaults: SampleDefaults;
  /** By how much the edit list moves presentation against media time, in seconds (usually negative or 0). */
  editShiftSeconds: number;
}

export interface ParsedVideoTrack extends ParsedTrack {
  kind: 'video';
  codec: 'h264' | 'h265';
  parameterSets: Buffer[];
  /** Bytes of the length field before each NAL unit. */
  lengthSize: number;
  width: number;
  height: number;
  /** The whole sample entry box, to be copied. */
  sampleEntry: Buffer;
}

export interface ParsedAudioTrack extends ParsedTrack {
  kind: 'audio';
  config: SoundConfig;
  sampleEntry: Buffer;
}

/** A track of a kind that we do not store. */
export interface ParsedOtherTrack extends ParsedTrack {
  kind: 'other';
  /** Its four letters, e.g. `mp4v`. */
  sampleEntryType: string;
  handler: string;
}

export type ParsedInitTrack = ParsedVideoTrack | ParsedAudioTrack | ParsedOtherTrack;

/** The tracks of a moov: `bytes` holds the moov box somewhere at its top level. Throws AppError when it is damaged or absent. */
export function parseInitTracks(bytes: Buffer): ParsedInitTrack[] {
  const moov = findBox(bytes, ['moov']);
  if (!moov) throw damaged('no moov box');
  try {
    const movieTimescale = readTimescale(bytes, childOf(bytes, moov, ['mvhd']));
    return readBoxes(bytes, moov.bodyStart, moov.end)
      .filter((box) => box.type === 'trak')
      .map((trak) => parseTrack(bytes, moov, trak, movieTimescale));
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged('moov box');
    throw cause;
  }
}

/** Track 1's and 2's contents of an init segment of ours. Throws AppError when there is no H.264 or H.265 video. */
export function parseStreamTracks(bytes: Buffer): {
  video: ParsedVideoTrack;
  audio: ParsedAudioTrack | null;
} {
  const tracks = parseInitTracks(bytes);
  const video = tracks.find((track) => track.kind === 'video');
  const audio = tracks.find((track) => track.kind === 'audio');
  if (!video) throw damaged('no H.264 or H.265 video');
  return { video, audio: audio ?? null };
}

function parseTrack(bytes: Buffer, moov: Box, trak: Box, movieTimescale: number): ParsedInitTrack {
  const trackId = readTrackId(bytes, childOf(bytes, trak, ['tkhd']));
  const mdia = childOf(bytes, trak, ['mdia']);
  const timescale = readTimescale(bytes, childOf(bytes, mdia, ['mdhd']));
  const hdlr = childOf(bytes, mdia, ['hdlr']);
  const handler = bytes.toString('latin1', hdlr.bodyStart + 8, hdlr.bodyStart + 12);
  const stsd = childOf(bytes, mdia, ['minf', 'stbl', 'stsd']);
  const entry = readBox(bytes, stsd.bodyStart + 8, stsd.end);
  const common = {
    trackId,
    timescale,
    defaults: readDefaults(bytes, moov, trackId),
    editShiftSeconds: readEditShift(bytes, trak, movieTimescale, timescale),
  };
  if (!entry) return { ...common, kind: 'other', sampleEntryType: '', handler };
  const sampleEntry = Buffer.from(bytes.subarray(entry.start, entry.end));
  if (entry.type === 'avc1' || entry.type === 'avc3' || entry.type === 'hvc1' || entry.type === 'hev1') {
    return { ...common, ...parseVideoEntry(bytes, entry), sampleEntry };
  }
  const config = readSoundConfig(bytes, entry);
  if (config) return { ...common, kind: 'audio', config, sampleEntry };
  return { ...common, kind: 'other', sampleEntryType: entry.type, handler };
}

function parseVideoEntry(bytes: Buffer, entry: Box) {
  const boxes = readBoxes(bytes, entry.bodyStart + 78, entry.end);
  const codec = entry.type.startsWith('avc') ? ('h264' as const) : ('h265' as const);
  const config = boxes.find((box) => box.type === (codec === 'h264' ? 'avcC' : 'hvcC'));
  if (!config) throw damaged('sample entry without decoder configuration');
  const record = Buffer.from(bytes.subarray(config.bodyStart, config.end));
  const width = bytes.readUInt16BE(entry.bodyStart + 24);
  const height = bytes.readUInt16BE(entry.bodyStart + 26);
  return {
    kind: 'video' as const,
    codec,
    width,
    height,
    ...(codec === 'h264' ? parseAvcC(record) : parseHvcC(record)),
  };
}

/** null for sound that we do not store. */
function readSoundConfig(bytes: Buffer, entry: Box): SoundConfig | null {
  if (entry.type === 'Opus') return { codec: 'opus', channels: bytes.readUInt16BE(entry.bodyStart + 16) };
  const audioSpecificConfig = entry.type === 'mp4a' ? readAudioSpecificConfig(bytes, entry) : null;
  return audioSpecificConfig && { codec: 'aac', audioSpecificConfig };
}

/** The DecoderSpecificInfo inside `esds`, or null where the sound is not AAC. */
function readAudioSpecificConfig(bytes: Buffer, entry: Box): Buffer | null {
  const esds = readBoxes(bytes, entry.bodyStart + 28, entry.end).find((box) => box.type === 'esds');
  if (!esds) return null;
  let at = esds.bodyStart + 4;
  while (at < esds.end) {
    const tag = bytes.readUInt8(at++);
    let length = 0;
    for (let byte = 0x80; byte & 0x80; ) {
      byte = bytes.readUInt8(at++);
      length = length * 128 + (byte & 0x7f);
    }
    if (tag === 3) {
      const flags = bytes.readUInt8(at + 2);
      at +=
        3 +
        (flags & 0x80 ? 2 : 0) +
        (flags & 0x40 ? 1 + bytes.readUInt8(at + 3) : 0) +
        (flags & 0x20 ? 2 : 0);
    } else if (tag === 4) {
      if (bytes.readUInt8(at) !== 0x40) return null;
      at += 13;
    } else if (tag === 5) return Buffer.from(bytes.subarray(at, at + length));
    else at += length;
  }
  return null;
}

function readTrackId(bytes: Buffer, tkhd: Box): number {
  return bytes.readUInt32BE(tkhd.bodyStart + (bytes.readUInt8(tkhd.bodyStart) === 1 ? 20 : 12));
}

/** mvhd and mdhd begin alike. */
function readTimescale(bytes: Buffer, header: Box): number {
  const timescale = bytes.readUInt32BE(
    header.bodyStart + (bytes.readUInt8(header.bodyStart) === 1 ? 20 : 12),
  );
  if (timescale === 0) throw damaged('a timescale of 0');
  return timescale;
}

function readDefaults(bytes: Buffer, moov: Box, trackId: number): SampleDefaults {
  const mvex = readBoxes(bytes, moov.bodyStart, moov.end).find((box) => box.type === 'mvex');
  for (const trex of mvex ? readBoxes(bytes, mvex.bodyStart, mvex.end) : []) {
    if (trex.type !== 'trex' || bytes.readUInt32BE(trex.bodyStart + 4) !== trackId) continue;
    const at = trex.bodyStart + 12;
    return {
      duration: bytes.readUInt32BE(at),
      size: bytes.readUInt32BE(at + 4),
      flags: bytes.readUInt32BE(at + 8),
    };
  }
  return { duration: 0, size: 0, flags: 0 };
}

/** Empty edits move the start to later, the media time of the first real edit to earlier. */
function readEditShift(bytes: Buffer, trak: Box, movieTimescale: number, timescale: number): number {
  const elst = findBox(bytes, ['edts', 'elst'], trak.bodyStart, trak.end);
  if (!elst) return 0;
  const wide = bytes.readUInt8(elst.bodyStart) === 1;
  const count = bytes.readUInt32BE(elst.bodyStart + 4);
  let shift = 0;
  for (let index = 0; index < count; index++) {
    const at = elst.bodyStart + 8 + index * (wide ? 20 : 12);
    const duration = wide ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
    const mediaTime = wide ? Number(bytes.readBigInt64BE(at + 8)) : bytes.readInt32BE(at + 4);
    if (mediaTime >= 0) return shift - mediaTime / timescale;
    shift += duration / movieTimescale;
  }
  return shift;
}

function childOf(bytes: Buffer, parent: Box, path: string[]): Box {
  const box = findBox(bytes, path, parent.bodyStart, parent.end);
  if (!box) throw damaged(`no ${path.at(-1)} box`);
  return box;
}
