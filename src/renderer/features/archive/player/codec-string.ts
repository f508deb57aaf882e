/** The codec of a sample entry as MediaSource wants it: RFC 6381, ISO/IEC 14496-15 (avcC, hvcC). */
import { type BoxHeader, children } from './box-tree.ts';

export function codecOf(view: DataView, stsd: BoxHeader): string {
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

function hex(view: DataView, at: number): string {
  return view.getUint8(at).toString(16).padStart(2, '0');
}
