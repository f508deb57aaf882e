/** Cuts ffmpeg's MPEG-TS output into runs of whole packets, so that a reader can begin or go on at a key frame. Video only. */

const PACKET_BYTES = 188;
const SYNC = 0x47;
/** ffmpeg's mpegts muxer gives the first stream this packet identifier. */
const VIDEO_PID = 0x100;

export interface TsRun {
  packets: Buffer;
  startsGop: boolean;
}

export class TsGopSplitter {
  private rest: Buffer = Buffer.alloc(0);

  /** Whole packets of what has come so far; a run that starts a GOP begins with the tables that stand before its key frame. */
  push(data: Buffer): TsRun[] {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, data]) : data;
    const whole = bytes.length - (bytes.length % PACKET_BYTES);
    this.rest = bytes.subarray(whole);
    const runs: TsRun[] = [];
    let start = 0;
    let startsGop = false;
    let tables = -1;
    for (let at = 0; at < whole; at += PACKET_BYTES) {
      if (packetId(bytes, at) !== VIDEO_PID) {
        if (tables < 0) tables = at;
        continue;
      }
      if (isKeyframeStart(bytes, at)) {
        const cut = tables >= 0 ? tables : at;
        if (cut > start) runs.push({ packets: bytes.subarray(start, cut), startsGop });
        start = cut;
        startsGop = true;
      }
      tables = -1;
    }
    if (whole > start) runs.push({ packets: bytes.subarray(start, whole), startsGop });
    return runs;
  }
}

function packetId(bytes: Buffer, at: number): number {
  return bytes[at] === SYNC ? bytes.readUInt16BE(at + 1) & 0x1fff : -1;
}

/** Payload unit start with the random access indicator in the adaptation field. */
function isKeyframeStart(bytes: Buffer, at: number): boolean {
  const startsUnit = (bytes[at + 1]! & 0x40) !== 0;
  const hasAdaptation = (bytes[at + 3]! & 0x20) !== 0 && bytes[at + 4]! > 0;
  return startsUnit && hasAdaptation && (bytes[at + 5]! & 0x40) !== 0;
}
