/**
 * Cuts fragmented MP4 into its init and fragments as it arrives, and reads what the player needs of them: the codec string,
 * decode times, and when each picture is shown. Not a demuxer: samples are not touched. ISO/IEC 14496-12 (boxes), 14496-15 (avcC, hvcC).
 */
import { type BoxHeader, boxSize, boxType, children, find, viewOf } from './box-tree.ts';
import { codecOf } from './codec-string.ts';

export interface TrackInit {
  /** RFC 6381, as MediaSource wants it: `avc1.640028`. */
  codecString: string;
  /** Ticks per second. */
  timescale: number;
  /** ftyp and moov. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface ScannedFragment {
  /** Presentation times of the samples on the media clock, in decode order. */
  timesSeconds: number[];
  decodeSeconds: number;
  decodeEndSeconds: number;
  keyframe: boolean;
  /** moof and mdat, one after the other: views of what came, not copies, which cost more than all else here. */
  parts: Uint8Array[];
}

/** Enough to tell how long a box is. */
const HEAD_BYTES = 16;

/** Takes bytes in any pieces; gives inits and fragments as soon as they are whole. */
export class BoxScanner {
  readonly #onInit: (init: TrackInit) => void;
  readonly #onFragment: (fragment: ScannedFragment) => void;
  #pending: Uint8Array = new Uint8Array(0);
  /** Boxes since the last init or fragment was given. */
  #parts: Uint8Array[] = [];
  #moof: Omit<ScannedFragment, 'parts'> | null = null;
  #timescale = 1;
  #defaultDuration = 0;

  constructor(onInit: (init: TrackInit) => void, onFragment: (fragment: ScannedFragment) => void) {
    this.#onInit = onInit;
    this.#onFragment = onFragment;
  }

  /** The bytes are the scanner's from now on. */
  push(bytes: Uint8Array): void {
    const before = this.#pending;
    if (before.length < HEAD_BYTES) this.#cut(before.length > 0 ? concat([before, bytes]) : bytes, 0);
    else this.#cut(bytes, this.#complete(bytes));
  }

  #cut(bytes: Uint8Array, from: number): void {
    let offset = from;
    while (bytes.length - offset >= HEAD_BYTES) {
      const size = boxSize(viewOf(bytes, offset));
      if (bytes.length - offset < size) break;
      this.#takeBox(bytes.subarray(offset, offset + size));
      offset += size;
    }
    if (offset < bytes.length || from === 0) this.#pending = bytes.subarray(offset);
  }

  /** The box that is under way takes what it needs of `bytes`; returns how much. */
  #complete(bytes: Uint8Array): number {
    const size = boxSize(viewOf(this.#pending, 0));
    const used = Math.min(bytes.length, size - this.#pending.length);
    const box = concat([this.#pending, bytes.subarray(0, used)]);
    this.#pending = box.length < size ? box : new Uint8Array(0);
    if (box.length === size) this.#takeBox(box);
    return used;
  }

  #takeBox(bytes: Uint8Array): void {
    const view = viewOf(bytes, 0);
    const type = boxType(view, 4);
    this.#parts.push(bytes);
    if (type === 'moov') {
      const description = this.#readMoov(view);
      this.#onInit({ ...description, bytes: concat(this.#takeParts()) });
    } else if (type === 'moof') this.#moof = this.#readMoof(view);
    else if (type === 'mdat') {
      const moof = this.#moof;
      this.#moof = null;
      const parts = this.#takeParts();
      if (moof) this.#onFragment({ ...moof, parts });
    }
  }

  #takeParts(): Uint8Array[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  #readMoov(moov: DataView): Omit<TrackInit, 'bytes'> {
    const mdia = find(moov, 8, moov.byteLength, ['trak', 'mdia']);
    const mdhd = mdia && find(moov, mdia.bodyStart, mdia.end, ['mdhd']);
    const stsd = mdia && find(moov, mdia.bodyStart, mdia.end, ['minf', 'stbl', 'stsd']);
    if (!mdhd || !stsd) throw new Error('the footage has no track description');
    const version = moov.getUint8(mdhd.bodyStart);
    this.#timescale = moov.getUint32(mdhd.bodyStart + (version === 1 ? 20 : 12));
    const trex = find(moov, 8, moov.byteLength, ['mvex', 'trex']);
    this.#defaultDuration = trex ? moov.getUint32(trex.bodyStart + 12) : 0;
    return { codecString: codecOf(moov, stsd), timescale: this.#timescale };
  }

  #readMoof(moof: DataView): Omit<ScannedFragment, 'parts'> | null {
    const traf = find(moof, 8, moof.byteLength, ['traf']);
    if (!traf) return null;
    const tfhd = find(moof, traf.bodyStart, traf.end, ['tfhd']);
    const tfdt = find(moof, traf.bodyStart, traf.end, ['tfdt']);
    if (!tfhd || !tfdt) return null;
    const defaults = readTfhd(moof, tfhd, this.#defaultDuration);
    let decodeTime =
      moof.getUint8(tfdt.bodyStart) === 1
        ? Number(moof.getBigUint64(tfdt.bodyStart + 4))
        : moof.getUint32(tfdt.bodyStart + 4);
    const decodeSeconds = decodeTime / this.#timescale;
    const timesSeconds: number[] = [];
    let keyframe = false;
    for (const trun of children(moof, traf.bodyStart, traf.end)) {
      if (trun.type !== 'trun') continue;
      const run = readTrun(moof, trun, defaults);
      if (timesSeconds.length === 0) keyframe = run.firstIsSync;
      for (const sample of run.samples) {
        timesSeconds.push((decodeTime + sample.compositionOffset) / this.#timescale);
        decodeTime += sample.duration;
      }
    }
    return { timesSeconds, keyframe, decodeSeconds, decodeEndSeconds: decodeTime / this.#timescale };
  }
}

interface SampleDefaults {
  duration: number;
  flags: number;
}

const NON_SYNC_FLAG = 0x10000;

function readTfhd(view: DataView, tfhd: BoxHeader, trexDuration: number): SampleDefaults {
  const flags = view.getUint32(tfhd.bodyStart) & 0xffffff;
  let at = tfhd.bodyStart + 8;
  if (flags & 0x1) at += 8;
  if (flags & 0x2) at += 4;
  let duration = trexDuration;
  if (flags & 0x8) {
    duration = view.getUint32(at);
    at += 4;
  }
  if (flags & 0x10) at += 4;
  return { duration, flags: flags & 0x20 ? view.getUint32(at) : 0 };
}

function readTrun(view: DataView, trun: BoxHeader, defaults: SampleDefaults) {
  const version = view.getUint8(trun.bodyStart);
  const flags = view.getUint32(trun.bodyStart) & 0xffffff;
  const count = view.getUint32(trun.bodyStart + 4);
  let at = trun.bodyStart + 8;
  if (flags & 0x1) at += 4;
  let firstFlags = defaults.flags;
  if (flags & 0x4) {
    firstFlags = view.getUint32(at);
    at += 4;
  }
  const samples: Array<{ duration: number; compositionOffset: number }> = [];
  for (let index = 0; index < count; index++) {
    let { duration } = defaults;
    let compositionOffset = 0;
    if (flags & 0x100) {
      duration = view.getUint32(at);
      at += 4;
    }
    if (flags & 0x200) at += 4;
    if (flags & 0x400) {
      if (index === 0 && !(flags & 0x4)) firstFlags = view.getUint32(at);
      at += 4;
    }
    if (flags & 0x800) {
      compositionOffset = version === 0 ? view.getUint32(at) : view.getInt32(at);
      at += 4;
    }
    samples.push({ duration, compositionOffset });
  }
  return { samples, firstIsSync: (firstFlags & NON_SYNC_FLAG) === 0 };
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
