/**
 * Cuts fragmented MP4 into its init and fragments as it arrives, and reads what the player needs of them: the codec string,
 * decode times, and when each picture is shown. Not a demuxer: samples are not touched. ISO/IEC 14496-12 (boxes), 14496-15 (avcC, hvcC).
 */

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

interface BoxHeader {
  type: string;
  bodyStart: number;
  end: number;
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

function codecOf(view: DataView, stsd: BoxHeader): string {
  const [entry] = children(view, stsd.bodyStart + 8, stsd.end);
  if (!entry) throw new Error('the footage names no codec');
  if (entry.type === 'mp4a') return audioCodec(view, entry);
  if (entry.type === 'Opus') return 'opus';
  // A visual sample entry has 78 bytes before its boxes.
  for (const box of children(view, entry.bodyStart + 78, entry.end)) {
    if (box.type === 'avcC') {
      return `${entry.type}.${hex(view, box.bodyStart + 1)}${hex(view, box.bodyStart + 2)}${hex(view, box.bodyStart + 3)}`;
    }
    if (box.type === 'hvcC') return hevcCodec(view, entry.type, box);
  }
  return entry.type;
}

/** ISO/IEC 14496-15, annex E. */
function hevcCodec(view: DataView, entryType: string, hvcC: BoxHeader): string {
  const profileByte = view.getUint8(hvcC.bodyStart + 1);
  const space = ['', 'A', 'B', 'C'][profileByte >> 6];
  const tier = profileByte & 0x20 ? 'H' : 'L';
  let compatibility = view.getUint32(hvcC.bodyStart + 2);
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) {
    reversed = ((reversed << 1) | (compatibility & 1)) >>> 0;
    compatibility >>>= 1;
  }
  const constraints: string[] = [];
  for (let index = 0; index < 6; index++) {
    constraints.push(
      view
        .getUint8(hvcC.bodyStart + 6 + index)
        .toString(16)
        .toUpperCase(),
    );
  }
  while (constraints.at(-1) === '0') constraints.pop();
  const level = view.getUint8(hvcC.bodyStart + 12);
  const tail = constraints.map((value) => `.${value}`).join('');
  return `${entryType}.${space}${profileByte & 0x1f}.${reversed.toString(16).toUpperCase()}.${tier}${level}${tail}`;
}

/** The audio object type of the esds, five bits after the decoder-specific tag (ISO/IEC 14496-1 and -3). */
function audioCodec(view: DataView, entry: BoxHeader): string {
  for (const box of children(view, entry.bodyStart + 28, entry.end)) {
    if (box.type !== 'esds') continue;
    for (let at = box.bodyStart + 4; at < box.end - 2; at++) {
      if (view.getUint8(at) !== 0x05) continue;
      let next = at + 1;
      while (view.getUint8(next) & 0x80) next++;
      const length = view.getUint8(next);
      if (length >= 2 && next + length < box.end) return `mp4a.40.${view.getUint8(next + 1) >> 3}`;
    }
  }
  return 'mp4a.40.2';
}

function find(view: DataView, start: number, end: number, path: readonly string[]): BoxHeader | null {
  const [type, ...deeper] = path;
  for (const box of children(view, start, end)) {
    if (box.type !== type) continue;
    return deeper.length === 0 ? box : find(view, box.bodyStart, box.end, deeper);
  }
  return null;
}

function children(view: DataView, start: number, end: number): BoxHeader[] {
  const found: BoxHeader[] = [];
  let at = start;
  while (at + 8 <= end) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > end) break;
    found.push({ type: boxType(view, at + 4), bodyStart: at + 8, end: at + size });
    at += size;
  }
  return found;
}

function boxSize(view: DataView): number {
  const size = view.getUint32(0);
  if (size === 1 && view.byteLength >= 16) return Number(view.getBigUint64(8));
  if (size < 8) throw new Error('the footage is damaged: a box has no length');
  return size;
}

function boxType(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

function viewOf(bytes: Uint8Array, offset: number, length = bytes.length - offset): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + offset, length);
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

function hex(view: DataView, at: number): string {
  return view.getUint8(at).toString(16).padStart(2, '0');
}
