/** The parameter sets in force: from the session description, replaced by what comes in the stream itself. */
import { AppError } from '../../shared/errors.ts';
import { parseH264Sps, type VideoParameters } from '../media/mp4/h264.ts';
import { parseH265Sps } from '../media/mp4/h265.ts';
import { type ParameterSetIds, readParameterSetIds, readSlicePps } from '../media/mp4/parameter-ids.ts';
import { naluRole, type VideoCodec } from '../media/rtsp/nal-payload.ts';
import { readReorderDepth } from '../media/rtsp/reorder-depth.ts';
import type { SdpMedia } from '../media/rtsp/sdp.ts';

const MAX_SETS = 32;
const ORDER = { vps: 0, sps: 1, pps: 2 } as const;

interface KnownSet extends ParameterSetIds {
  nalu: Buffer;
}

export class ParameterSets {
  private readonly codec: VideoCodec;
  /** By kind and number: sets with another number stay beside each other. */
  private readonly sets = new Map<string, KnownSet>();
  /** Key of the SPS that the last key picture uses; null where that is not known. */
  private described: string | null = null;

  constructor(codec: VideoCodec, media: SdpMedia) {
    this.codec = codec;
    const names = codec === 'h264' ? ['sprop-parameter-sets'] : ['sprop-vps', 'sprop-sps', 'sprop-pps'];
    for (const name of names)
      for (const text of (media.format.get(name) ?? '').split(',')) {
        const nalu = Buffer.from(text, 'base64');
        const ids = nalu.length > 2 ? readParameterSetIds(codec, nalu) : null;
        if (ids) this.note(nalu, ids);
      }
  }

  /** Takes what a picture brings along; true when it needs another description than the last. Copies what it keeps. */
  take(nalus: readonly Buffer[], keyframe: boolean): boolean {
    let changed = false;
    const brought = new Set<string>();
    for (const nalu of nalus) {
      const ids = readParameterSetIds(this.codec, nalu);
      if (!ids) continue;
      brought.add(keyOf(ids.kind, ids.id));
      if (this.note(nalu, ids)) changed = true;
    }
    return (keyframe && this.describe(nalus, brought)) || changed;
  }

  /** All that a decoder needs are there. */
  get complete(): boolean {
    const kinds = new Set([...this.sets.values()].map(({ kind }) => kind));
    return kinds.size === (this.codec === 'h264' ? 2 : 3);
  }

  /** Of the last key picture. */
  get sps(): Buffer | null {
    const known = this.described === null ? undefined : this.sets.get(this.described);
    return (known ?? [...this.sets.values()].find(({ kind }) => kind === 'sps'))?.nalu ?? null;
  }

  /** In the order of their kinds, the last key picture's SPS before the others: it is what describes the stream. */
  list(): Buffer[] {
    const { sps } = this;
    const rank = ({ kind, nalu }: KnownSet) => ORDER[kind] - (nalu === sps ? 0.5 : 0);
    return [...this.sets.values()].sort((a, b) => rank(a) - rank(b)).map(({ nalu }) => nalu);
  }

  /** Finds the key picture's SPS by its slice and its PPS; true when that describes other pictures than the one before. */
  private describe(nalus: readonly Buffer[], brought: ReadonlySet<string>): boolean {
    const next = this.findSps(nalus);
    if (next === null || next === this.described) return false;
    const before = this.sps;
    this.described = next;
    const { sps } = this;
    if (!before || !sps || before === sps || this.describeAlike(before, sps)) return false;
    if (brought.has(next)) this.forgetOthers(brought);
    return true;
  }

  private findSps(nalus: readonly Buffer[]): string | null {
    const slice = nalus.find((nalu) => /slice/.test(naluRole(this.codec, nalu)));
    const id = slice ? readSlicePps(this.codec, slice) : null;
    const pps = id === null ? undefined : this.sets.get(keyOf('pps', id));
    const key = pps && keyOf('sps', pps.parent ?? 0);
    return key !== undefined && this.sets.has(key) ? key : null;
  }

  private describeAlike(a: Buffer, b: Buffer): boolean {
    try {
      const [one, other] = [this.readSps(a), this.readSps(b)];
      return (
        one.codecString === other.codecString &&
        one.width === other.width &&
        one.height === other.height &&
        one.pixelAspect?.width === other.pixelAspect?.width &&
        one.pixelAspect?.height === other.pixelAspect?.height &&
        readReorderDepth(this.codec, a) === readReorderDepth(this.codec, b)
      );
    } catch (cause) {
      if (cause instanceof AppError) return false;
      throw cause;
    }
  }

  private readSps(sps: Buffer): VideoParameters {
    return this.codec === 'h264' ? parseH264Sps(sps) : parseH265Sps(sps);
  }

  /**
   * Sets of a stream that is over: a key picture that brings its own SPS along, and one for other pictures than before, is not
   * followed by any that use another SPS without bringing that.
   */
  private forgetOthers(brought: ReadonlySet<string>): void {
    const described = this.described === null ? undefined : this.sets.get(this.described);
    for (const [key, { kind, id, parent }] of this.sets) {
      const isUsed =
        kind === 'vps'
          ? id === described?.parent
          : kind === 'sps'
            ? key === this.described
            : parent === described?.id;
      if (!isUsed && !brought.has(key)) this.sets.delete(key);
    }
  }

  private note(nalu: Buffer, ids: ParameterSetIds): boolean {
    const key = keyOf(ids.kind, ids.id);
    if (this.sets.get(key)?.nalu.equals(nalu)) return false;
    if (!this.sets.has(key) && this.sets.size >= MAX_SETS) return false;
    this.sets.set(key, { ...ids, nalu: Buffer.from(nalu) });
    return true;
  }
}

function keyOf(kind: ParameterSetIds['kind'], id: number): string {
  return `${kind}:${id}`;
}
