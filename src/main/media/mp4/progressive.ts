/** A plain MP4 (moov first, no fragments) from a list of samples: the tables, not the bytes. */
import { buildBox, buildFullBox, uint32, uint64 } from './boxes.ts';
import { buildMovieHeader, buildTrack } from './init-segment.ts';

/** One frame, in the order in which the frames lie in the file. Times on its track's timescale. */
export interface ClipSample {
  track: 'video' | 'audio';
  size: number;
  decodeTime: number;
  duration: number;
  compositionOffset: number;
  keyframe: boolean;
}

export interface ClipTrack {
  timescale: number;
  sampleEntry: Buffer;
  /** Null for sound. */
  size: { width: number; height: number } | null;
  /** What is shown of the track, in seconds of its own time line; `delaySeconds` of nothing come before it. */
  edit: { startSeconds: number; durationSeconds: number; delaySeconds: number };
}

export interface ClipLayout {
  /** Samples of both tracks in file order; decode times of each track ascend. */
  samples: readonly ClipSample[];
  video: ClipTrack;
  audio: ClipTrack | null;
}

/** Everything before the first byte of the first sample: ftyp, moov, and the head of mdat. */
export function buildProgressiveHead({ samples, video, audio }: ClipLayout): Buffer {
  const dataBytes = samples.reduce((sum, sample) => sum + sample.size, 0);
  const ftyp = buildBox('ftyp', Buffer.from('isom\0\0\x02\0isomiso2avc1mp41', 'latin1'));
  const wide = dataBytes > 0xf000_0000;
  const mdatHead = wide
    ? Buffer.concat([uint32(1), Buffer.from('mdat'), uint64(dataBytes + 16)])
    : Buffer.concat([uint32(dataBytes + 8), Buffer.from('mdat')]);
  const build = (dataStart: number) => {
    const traks = [buildClipTrack(1, video, video.timescale, 'video', samples, dataStart, wide)];
    if (audio) traks.push(buildClipTrack(2, audio, video.timescale, 'audio', samples, dataStart, wide));
    const duration = Math.round((video.edit.delaySeconds + video.edit.durationSeconds) * video.timescale);
    return buildBox('moov', buildMovieHeader(video.timescale, duration, 3), ...traks);
  };
  const moov = build(ftyp.length + build(0).length + mdatHead.length);
  return Buffer.concat([ftyp, moov, mdatHead]);
}

function buildClipTrack(
  id: number,
  track: ClipTrack,
  movieTimescale: number,
  kind: ClipSample['track'],
  all: readonly ClipSample[],
  dataStart: number,
  wide: boolean,
): Buffer {
  const samples = all.filter((sample) => sample.track === kind);
  const last = samples.at(-1);
  const { startSeconds, durationSeconds, delaySeconds } = track.edit;
  const first = samples[0]?.decodeTime ?? 0;
  const delay = Math.round(delaySeconds * movieTimescale);
  const duration = Math.round(durationSeconds * movieTimescale);
  const edits = [
    ...(delay > 0 ? [edit(delay, -1)] : []),
    edit(duration, Math.round(startSeconds * track.timescale)),
  ];
  return buildTrack({
    id,
    timescale: track.timescale,
    sampleEntries: [track.sampleEntry],
    size: track.size,
    movieDuration: delay + duration,
    mediaDuration: last ? last.decodeTime + last.duration - first : 0,
    edits: buildBox('edts', buildFullBox('elst', 1, 0, uint32(edits.length), ...edits)),
    tables: buildTables(samples, listChunks(all, kind, dataStart), wide),
  });
}

function edit(duration: number, mediaTime: number): Buffer {
  return Buffer.concat([uint64(duration), uint64(mediaTime), uint32(0x00010000)]);
}

interface Chunk {
  offset: number;
  samples: number;
}

/** Samples of one track that lie side by side. */
function listChunks(all: readonly ClipSample[], kind: ClipSample['track'], dataStart: number): Chunk[] {
  const chunks: Chunk[] = [];
  let offset = dataStart;
  let before: ClipSample['track'] | null = null;
  for (const sample of all) {
    if (sample.track === kind) {
      const last = chunks.at(-1);
      if (last && before === kind) last.samples++;
      else chunks.push({ offset, samples: 1 });
    }
    before = sample.track;
    offset += sample.size;
  }
  return chunks;
}

function buildTables(samples: readonly ClipSample[], chunks: readonly Chunk[], wide: boolean): Buffer {
  const durations = samples.map((sample, index) => {
    const next = samples[index + 1];
    return next ? next.decodeTime - sample.decodeTime : sample.duration;
  });
  const keyframes = samples.flatMap((sample, index) => (sample.keyframe ? [index + 1] : []));
  const chunkRuns = chunks.flatMap((chunk, index) =>
    chunk.samples === chunks[index - 1]?.samples ? [] : [index + 1, chunk.samples, 1],
  );
  const tables = [
    runLengthBox('stts', 0, durations),
    ...(samples.some((sample) => sample.compositionOffset !== 0)
      ? [
          runLengthBox(
            'ctts',
            1,
            samples.map((sample) => sample.compositionOffset),
          ),
        ]
      : []),
    ...(keyframes.length < samples.length
      ? [buildFullBox('stss', 0, 0, uint32(keyframes.length), uint32List(keyframes))]
      : []),
    buildFullBox('stsc', 0, 0, uint32(chunkRuns.length / 3), uint32List(chunkRuns)),
    buildFullBox('stsz', 0, 0, uint32(0, samples.length), uint32List(samples.map((sample) => sample.size))),
    wide
      ? buildFullBox(
          'co64',
          0,
          0,
          uint32(chunks.length),
          Buffer.concat(chunks.map((chunk) => uint64(chunk.offset))),
        )
      : buildFullBox('stco', 0, 0, uint32(chunks.length), uint32List(chunks.map((chunk) => chunk.offset))),
  ];
  return Buffer.concat(tables);
}

function runLengthBox(type: 'stts' | 'ctts', version: number, values: readonly number[]): Buffer {
  const runs: number[] = [];
  for (const value of values) {
    if (runs.length > 0 && runs.at(-1) === value) runs[runs.length - 2] = (runs.at(-2) as number) + 1;
    else runs.push(1, value);
  }
  return buildFullBox(type, version, 0, uint32(runs.length / 2), uint32List(runs));
}

function uint32List(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (let index = 0; index < values.length; index++)
    bytes.writeUInt32BE((values[index] as number) >>> 0, index * 4);
  return bytes;
}
