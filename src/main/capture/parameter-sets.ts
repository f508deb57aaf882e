/** The parameter sets in force: from the session description, replaced by what comes in the stream itself. */

import { BitReader, unescapeNalu } from '../media/mp4/bit-reader.ts';
import { type NaluRole, naluRole, type VideoCodec } from '../media/rtsp/nal-payload.ts';
import type { SdpMedia } from '../media/rtsp/sdp.ts';

const MAX_SETS = 32;

export class ParameterSets {
  private readonly codec: VideoCodec;
  private readonly sets = new Map<string, Buffer>();

  constructor(codec: VideoCodec, media: SdpMedia) {
    this.codec = codec;
    const names = codec === 'h264' ? ['sprop-parameter-sets'] : ['sprop-vps', 'sprop-sps', 'sprop-pps'];
    for (const name of names)
      for (const text of (media.format.get(name) ?? '').split(',')) {
        const nalu = Buffer.from(text, 'base64');
        if (nalu.length > 2 && naluRole(codec, nalu) === 'parameter-set') this.note(nalu);
      }
  }

  /** Takes what a unit brings along; true when that changes anything. Copies what it keeps. */
  take(nalus: readonly Buffer[]): boolean {
    let changed = false;
    for (const nalu of nalus) {
      const role: NaluRole = naluRole(this.codec, nalu);
      if (role === 'parameter-set' && this.note(nalu)) changed = true;
    }
    return changed;
  }

  /** All that a decoder needs are there. */
  get complete(): boolean {
    const types = new Set([...this.sets.values()].map((nalu) => this.typeOf(nalu)));
    return (this.codec === 'h264' ? [7, 8] : [32, 33, 34]).every((type) => types.has(type));
  }

  get sps(): Buffer | null {
    const type = this.codec === 'h264' ? 7 : 33;
    return [...this.sets.values()].find((nalu) => this.typeOf(nalu) === type) ?? null;
  }

  /** In the order of their types. */
  list(): Buffer[] {
    return [...this.sets.values()].sort((a, b) => this.typeOf(a) - this.typeOf(b));
  }

  private note(nalu: Buffer): boolean {
    const key = `${this.typeOf(nalu)}:${this.idOf(nalu)}`;
    if (this.sets.get(key)?.equals(nalu)) return false;
    if (!this.sets.has(key) && this.sets.size >= MAX_SETS) return false;
    this.sets.set(key, Buffer.from(nalu));
    return true;
  }

  private typeOf(nalu: Buffer): number {
    return this.codec === 'h264' ? nalu[0]! & 0x1f : (nalu[0]! >> 1) & 0x3f;
  }

  /** The set's own number, where it stands at the front; sets with another number stay beside each other. */
  private idOf(nalu: Buffer): number {
    const type = this.typeOf(nalu);
    const start = this.codec === 'h264' ? (type === 7 ? 4 : 1) : 2;
    // The id of an H.265 SPS stands behind its profile; cameras have one.
    if (this.codec === 'h265' && type !== 34) return 0;
    try {
      return new BitReader(unescapeNalu(nalu.subarray(start, start + 8))).unsignedGolomb();
    } catch (cause) {
      if (cause instanceof RangeError) return 0;
      throw cause;
    }
  }
}
