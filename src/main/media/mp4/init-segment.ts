/** ftyp and moov of fragmented MP4: H.264 or H.265 video, AAC or Opus sound. */
import { buildBox, buildFullBox, damaged, uint8, uint16, uint32, uint64, wrapBox } from './boxes.ts';
import { buildAvcC, type VideoParameters } from './h264.ts';
import { buildHvcC } from './h265.ts';

/** ISO 14496-3 table 1.18. */
export const AAC_RATES: readonly number[] = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];

/** What a decoder of the sound needs to know. */
export type SoundConfig = { codec: 'aac'; audioSpecificConfig: Buffer } | { codec: 'opus'; channels: number };

export const OPUS_RATE = 48_000;
/** RFC 7845 4.2: what a decoder needs until it is level, 80 ms. Nothing is skipped: a camera's stream is joined anywhere. */
const OPUS_PRE_SKIP = 0;

export interface AudioParameters {
  codecString: string;
  sampleRate: number;
  channels: number;
}

/** Throws AppError when an AAC configuration is damaged. */
export function parseSoundConfig(config: SoundConfig): AudioParameters {
  if (config.codec === 'aac') return parseAudioSpecificConfig(config.audioSpecificConfig);
  return { codecString: 'opus', sampleRate: OPUS_RATE, channels: config.channels };
}

/** The sample entry of sound. */
export function buildSoundSampleEntry(config: SoundConfig, parameters: AudioParameters): Buffer {
  return config.codec === 'aac'
    ? buildAudioSampleEntry(config.audioSpecificConfig, parameters)
    : buildOpusSampleEntry(config.channels);
}

/** What an AudioSpecificConfig says (ISO 14496-3 1.6.2.1). Throws AppError when it is damaged. */
function parseAudioSpecificConfig(config: Buffer): AudioParameters {
  if (config.length < 2) throw damaged('AAC configuration');
  const objectType = config.readUInt8(0) >> 3;
  const rateIndex = (config.readUInt16BE(0) >> 7) & 0xf;
  const explicit = rateIndex === 15;
  if (explicit && config.length < 5) throw damaged('AAC configuration');
  const sampleRate = explicit ? (config.readUIntBE(1, 4) >>> 7) & 0xffffff : AAC_RATES[rateIndex];
  const channelBits = explicit ? (config.readUInt8(4) >> 3) & 0xf : (config.readUInt8(1) >> 3) & 0xf;
  if (!sampleRate) throw damaged('AAC configuration');
  return {
    codecString: `mp4a.40.${objectType}`,
    sampleRate,
    channels: channelBits === 7 ? 8 : channelBits || 2,
  };
}

/** The `avc1` or `hvc1` sample entry. */
export function buildVideoSampleEntry(
  codec: 'h264' | 'h265',
  parameterSets: readonly Buffer[],
  { width, height, pixelAspect }: VideoParameters,
): Buffer {
  const config =
    codec === 'h264'
      ? buildBox('avcC', buildAvcC(parameterSets))
      : buildBox('hvcC', buildHvcC(parameterSets));
  const aspect = pixelAspect ? [buildBox('pasp', uint32(pixelAspect.width, pixelAspect.height))] : [];
  return buildBox(
    codec === 'h264' ? 'avc1' : 'hvc1',
    uint8(0, 0, 0, 0, 0, 0, 0, 1),
    Buffer.alloc(16),
    uint16(width, height),
    uint32(0x00480000, 0x00480000, 0),
    uint16(1),
    Buffer.alloc(32),
    uint16(0x18, 0xffff),
    config,
    ...aspect,
  );
}

/** The `Opus` sample entry with its `dOps` ("Encapsulation of Opus in ISO Base Media File Format", 4.3). */
function buildOpusSampleEntry(channels: number): Buffer {
  const specific = buildBox(
    'dOps',
    uint8(0, channels),
    uint16(OPUS_PRE_SKIP),
    uint32(OPUS_RATE),
    uint16(0),
    uint8(0),
  );
  return buildBox(
    'Opus',
    uint8(0, 0, 0, 0, 0, 0, 0, 1),
    uint32(0, 0),
    uint16(channels, 16, 0, 0),
    uint32(OPUS_RATE * 65536),
    specific,
  );
}

/** The `mp4a` sample entry with its `esds`. */
function buildAudioSampleEntry(config: Buffer, { sampleRate, channels }: AudioParameters): Buffer {
  const decoderConfig = descriptor(4, uint8(0x40, 0x15, 0, 0, 0), uint32(0, 0), descriptor(5, config));
  const esds = buildFullBox(
    'esds',
    0,
    0,
    descriptor(3, uint8(0, 0, 0), decoderConfig, descriptor(6, uint8(2))),
  );
  return buildBox(
    'mp4a',
    uint8(0, 0, 0, 0, 0, 0, 0, 1),
    uint32(0, 0),
    uint16(channels, 16, 0, 0),
    uint32(sampleRate > 0xffff ? 0 : sampleRate * 65536),
    esds,
  );
}

export interface InitTrack {
  id: number;
  timescale: number;
  sampleEntry: Buffer;
  /** Null for sound. Displayed size: pixels with their aspect applied. */
  size: { width: number; height: number } | null;
}

/** ftyp + moov of a fragmented file with these tracks. */
export function buildInitSegment(tracks: readonly InitTrack[]): Buffer {
  const ftyp = buildBox('ftyp', Buffer.from('iso5\0\0\x02\0iso5iso6mp41', 'latin1'));
  const extends_ = buildBox(
    'mvex',
    ...tracks.map(({ id }) => buildFullBox('trex', 0, 0, uint32(id, 1, 0, 0, 0))),
  );
  const emptyTables = [
    buildFullBox('stts', 0, 0, uint32(0)),
    buildFullBox('stsc', 0, 0, uint32(0)),
    buildFullBox('stsz', 0, 0, uint32(0, 0)),
    buildFullBox('stco', 0, 0, uint32(0)),
  ];
  const traks = tracks.flatMap((track) =>
    buildTrack({ ...track, sampleEntries: [track.sampleEntry], tables: emptyTables }),
  );
  return Buffer.concat([ftyp, buildBox('moov', buildMovieHeader(1000, 0, 3), ...traks, extends_)]);
}

export function buildMovieHeader(timescale: number, duration: number, nextTrackId: number): Buffer {
  return buildFullBox(
    'mvhd',
    versionFor(duration),
    0,
    Buffer.concat([buildTimes(duration, uint32(timescale)), uint32(0x00010000)]),
    uint16(0x0100, 0),
    uint32(0, 0),
    MATRIX,
    Buffer.alloc(24),
    uint32(nextTrackId),
  );
}

/** A trak box in parts, the tables among them. Durations are 0 in fragmented files; `movieDuration` is on the movie's timescale. */
export function buildTrack(track: {
  id: number;
  timescale: number;
  sampleEntries: readonly Buffer[];
  size: { width: number; height: number } | null;
  tables: readonly Buffer[];
  movieDuration?: number;
  mediaDuration?: number;
  edits?: Buffer;
}): Buffer[] {
  const { size } = track;
  const tkhd = buildFullBox(
    'tkhd',
    versionFor(track.movieDuration ?? 0),
    3,
    buildTimes(track.movieDuration ?? 0, uint32(track.id, 0)),
    uint32(0, 0),
    uint16(0, 0, size ? 0 : 0x0100, 0),
    MATRIX,
    uint32((size?.width ?? 0) * 65536, (size?.height ?? 0) * 65536),
  );
  const mdhd = buildFullBox(
    'mdhd',
    versionFor(track.mediaDuration ?? 0),
    0,
    buildTimes(track.mediaDuration ?? 0, uint32(track.timescale)),
    uint16(0x55c4, 0),
  );
  const handler = size ? 'vide' : 'soun';
  const hdlr = buildFullBox(
    'hdlr',
    0,
    0,
    uint32(0),
    Buffer.from(handler, 'latin1'),
    Buffer.alloc(12),
    Buffer.from('Threshold\0'),
  );
  const mediaHeader = size
    ? buildFullBox('vmhd', 0, 1, Buffer.alloc(8))
    : buildFullBox('smhd', 0, 0, Buffer.alloc(4));
  const dinf = buildBox('dinf', buildFullBox('dref', 0, 0, uint32(1), buildFullBox('url ', 0, 1)));
  const stsd = buildFullBox('stsd', 0, 0, uint32(track.sampleEntries.length), ...track.sampleEntries);
  const minf = wrapBox('minf', mediaHeader, dinf, ...wrapBox('stbl', stsd, ...track.tables));
  return wrapBox(
    'trak',
    tkhd,
    ...(track.edits ? [track.edits] : []),
    ...wrapBox('mdia', mdhd, hdlr, ...minf),
  );
}

/** Durations beyond 32 bits (13 hours at 90 kHz) take the longer form of a header. */
function versionFor(duration: number): 0 | 1 {
  return duration > 0xffff_ffff ? 1 : 0;
}

/** Times of creation and change (none), what stands between, the duration. */
function buildTimes(duration: number, between: Buffer): Buffer {
  return versionFor(duration) === 1
    ? Buffer.concat([uint64(0), uint64(0), between, uint64(duration)])
    : Buffer.concat([uint32(0, 0), between, uint32(duration)]);
}

const MATRIX = uint32(0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000);

/** An MPEG-4 descriptor (ISO 14496-1 8.3.3) with a four-byte length, as every player expects. */
function descriptor(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  return Buffer.concat([
    uint8(
      tag,
      0x80 | (length >> 21),
      0x80 | ((length >> 14) & 0x7f),
      0x80 | ((length >> 7) & 0x7f),
      length & 0x7f,
    ),
    body,
  ]);
}
