/** Boxes of ISO/IEC 14496-12 in a DataView: how long they are, what is in them. */
export interface BoxHeader {
  type: string;
  bodyStart: number;
  end: number;
}

export function find(view: DataView, start: number, end: number, path: readonly string[]): BoxHeader | null {
  const [type, ...deeper] = path;
  for (const box of children(view, start, end)) {
    if (box.type !== type) continue;
    return deeper.length === 0 ? box : find(view, box.bodyStart, box.end, deeper);
  }
  return null;
}

export function children(view: DataView, start: number, end: number): BoxHeader[] {
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

export function boxSize(view: DataView): number {
  const size = view.getUint32(0);
  if (size === 1 && view.byteLength >= 16) return Number(view.getBigUint64(8));
  if (size < 8) throw new Error('the footage is damaged: a box has no length');
  return size;
}

export function boxType(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

export function viewOf(bytes: Uint8Array, offset: number, length = bytes.length - offset): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + offset, length);
}
