/**
 * H.264 in FLV, as ffmpeg writes it to a pipe, → pictures with the time that the encoder gave each (Adobe FLV specification, annex E).
 * Unlike fragmented MP4 it holds nothing back and keeps the absolute time. Other codecs and sound in it are passed over.
 */
import { AppError } from '../../shared/errors.ts';
import { parseAvcC } from './mp4/h264.ts';
import { splitNalus } from './mp4/splitter.ts';

export interface FlvPicture {
  /** Decode time; with an encoder that does not reorder also the time of showing. */
  timeMs: number;
  keyframe: boolean;
  /** Without start codes or lengths; before those of a key frame the parameter sets. Views of what was read. */
  nalus: Buffer[];
}

/** The file's header and the zero size of the tag before the first. */
const START_BYTES = 9 + 4;
const TAG_HEAD_BYTES = 11;
const TAG_TAIL_BYTES = 4;
const VIDEO_TAG = 9;
const AVC = 7;
const KEY_PICTURE = 1;
/** Codec and kind of picture, kind of packet, composition time. */
const VIDEO_HEAD_BYTES = 5;
const PACKET = { configuration: 0, picture: 1 } as const;

export class FlvReader {
  private readonly onPicture: (picture: FlvPicture) => void;
  private rest: Buffer = Buffer.alloc(0);
  private begun = false;
  private configuration: ReturnType<typeof parseAvcC> | null = null;

  constructor(onPicture: (picture: FlvPicture) => void) {
    this.onPicture = onPicture;
  }

  /** The next bytes, however they are cut. Throws AppError when they are no FLV. */
  push(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = this.begun ? 0 : this.begin(bytes);
    while (this.begun && at + TAG_HEAD_BYTES <= bytes.length) {
      const bodyStart = at + TAG_HEAD_BYTES;
      const bodyEnd = bodyStart + bytes.readUIntBE(at + 1, 3);
      if (bodyEnd + TAG_TAIL_BYTES > bytes.length) break;
      // The lower 24 bits of the time come first, its upper eight behind them.
      const timeMs = (bytes[at + 7]! << 24) | bytes.readUIntBE(at + 4, 3);
      if (bytes[at] === VIDEO_TAG) this.takeVideo(bytes.subarray(bodyStart, bodyEnd), timeMs);
      at = bodyEnd + TAG_TAIL_BYTES;
    }
    this.rest = Buffer.from(bytes.subarray(at));
  }

  private begin(bytes: Buffer): number {
    if (bytes.length < START_BYTES) return 0;
    if (bytes.toString('latin1', 0, 3) !== 'FLV') throw new AppError('invalid-input', 'This is no FLV');
    this.begun = true;
    return START_BYTES;
  }

  private takeVideo(body: Buffer, timeMs: number): void {
    if (body.length < VIDEO_HEAD_BYTES || (body[0]! & 0x0f) !== AVC) return;
    const content = body.subarray(VIDEO_HEAD_BYTES);
    if (body[1] === PACKET.configuration) this.configuration = readConfiguration(content);
    if (body[1] !== PACKET.picture || !this.configuration) return;
    const { parameterSets, lengthSize } = this.configuration;
    const keyframe = body[0]! >> 4 === KEY_PICTURE;
    const nalus = splitNalus(content, lengthSize);
    this.onPicture({ timeMs, keyframe, nalus: keyframe ? [...parameterSets, ...nalus] : nalus });
  }
}

function readConfiguration(avcC: Buffer): ReturnType<typeof parseAvcC> {
  try {
    return parseAvcC(Buffer.from(avcC));
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new AppError('invalid-input', 'The FLV is damaged: its decoder configuration ends early');
    throw cause;
  }
}
