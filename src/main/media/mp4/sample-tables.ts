/**
 * The tables of one track of a plain MP4, kept while its samples come in as they will stand in the file (ISO 14496-12, 8.6 and 8.7).
 */
import { uint32, wrapBox } from './boxes.ts';

/** One frame. Times on its track's timescale. */
export interface Sample {
  size: number;
  decodeTime: number;
  duration: number;
  compositionOffset: number;
  keyframe: boolean;
}

/** Of one sample in all tables together. */
export const MAX_SAMPLE_BYTES = 4 + 8 + 8 + 4 + 12 + 8;

export class SampleTables {
  count = 0;
  /** Decode time of the first sample, and where the last one ends. */
  startTime = 0;
  endTime = 0;
  private readonly sizes = new Column();
  private readonly durations = new Runs();
  private readonly compositionOffsets = new Runs();
  private readonly keyframes = new Column();
  /** Of samples side by side in the file, from the start of its data: high and low half. */
  private readonly chunkOffsets = new Column();
  private readonly chunkRuns = new Column();
  private hasCompositionOffsets = false;
  private lastDecodeTime = 0;
  private dataEnd = Number.NaN;
  private chunks = 0;
  private samplesInChunk = 0;
  private samplesInRun = 0;

  /** `offset`: of its bytes, from the start of the file's data. Decode times and offsets ascend. */
  add({ size, decodeTime, duration, compositionOffset, keyframe }: Sample, offset: number): void {
    if (this.count === 0) this.startTime = decodeTime;
    else this.durations.add(decodeTime - this.lastDecodeTime);
    if (offset === this.dataEnd) this.samplesInChunk++;
    else this.beginChunk(offset);
    this.count++;
    this.sizes.push(size);
    this.compositionOffsets.add(compositionOffset);
    this.hasCompositionOffsets ||= compositionOffset !== 0;
    if (keyframe) this.keyframes.push(this.count);
    this.lastDecodeTime = decodeTime;
    this.endTime = decodeTime + duration;
    this.dataEnd = offset + size;
  }

  /** What goes into the box `stbl` after `stsd`. `dataStart`: where the data begins in the file; `wide`: it may be beyond 4 GiB. */
  build(dataStart: number, wide: boolean): Buffer[] {
    const durations = this.count > 0 ? this.durations.with(this.endTime - this.lastDecodeTime) : [];
    return [
      ...listBox('stts', durations, 8),
      ...(this.hasCompositionOffsets ? listBox('ctts', this.compositionOffsets.with(null), 8, 1) : []),
      ...(this.keyframes.length < this.count ? listBox('stss', this.keyframes.bytes(), 4) : []),
      ...listBox('stsc', this.buildChunkRuns(), 12),
      ...wrapBox('stsz', uint32(0, 0, this.count), ...this.sizes.bytes()),
      ...listBox(wide ? 'co64' : 'stco', this.buildChunkOffsets(dataStart, wide), wide ? 8 : 4),
    ];
  }

  private beginChunk(offset: number): void {
    this.endChunk();
    this.chunks++;
    this.samplesInChunk = 1;
    this.chunkOffsets.push(Math.floor(offset / 2 ** 32));
    this.chunkOffsets.push(offset);
  }

  private endChunk(): void {
    if (this.chunks === 0 || this.samplesInChunk === this.samplesInRun) return;
    this.chunkRuns.push(this.chunks);
    this.chunkRuns.push(this.samplesInChunk);
    this.chunkRuns.push(1);
    this.samplesInRun = this.samplesInChunk;
  }

  private buildChunkRuns(): Buffer[] {
    const isOpen = this.chunks > 0 && this.samplesInChunk !== this.samplesInRun;
    return [...this.chunkRuns.bytes(), ...(isOpen ? [uint32(this.chunks, this.samplesInChunk, 1)] : [])];
  }

  private buildChunkOffsets(dataStart: number, wide: boolean): Buffer[] {
    return this.chunkOffsets.bytes().map((halves) => {
      const moved = Buffer.allocUnsafe(wide ? halves.length : halves.length / 2);
      for (let at = 0; at < halves.length; at += 8) {
        const offset = halves.readUInt32BE(at) * 2 ** 32 + halves.readUInt32BE(at + 4) + dataStart;
        if (wide) moved.writeBigUInt64BE(BigInt(offset), at);
        else moved.writeUInt32BE(offset, at / 2);
      }
      return moved;
    });
  }
}

/** Values of 32 bits as they stand in a file; nothing is moved when it grows. */
class Column {
  length = 0;
  private readonly blocks: Buffer[] = [];
  private used = BLOCK_BYTES;

  push(value: number): void {
    if (this.used === BLOCK_BYTES) {
      this.blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
      this.used = 0;
    }
    (this.blocks.at(-1) as Buffer).writeUInt32BE(value >>> 0, this.used);
    this.used += 4;
    this.length++;
  }

  bytes(): Buffer[] {
    return this.blocks.map((block, index) =>
      index === this.blocks.length - 1 ? block.subarray(0, this.used) : block,
    );
  }
}

/** Values, each with how often it follows itself. */
class Runs {
  private readonly ended = new Column();
  private value = 0;
  private count = 0;

  add(value: number): void {
    if (this.count > 0 && value !== this.value) {
      this.ended.push(this.count);
      this.ended.push(this.value);
      this.count = 0;
    }
    this.value = value;
    this.count++;
  }

  /** All of them, and one more. */
  with(last: number | null): Buffer[] {
    const open = this.count > 0 ? [this.count, this.value] : [];
    if (last !== null && this.count > 0 && last === this.value) open[0] = this.count + 1;
    else if (last !== null) open.push(1, last);
    return [...this.ended.bytes(), ...(open.length > 0 ? [uint32(...open)] : [])];
  }
}

/** Divisible by the bytes of an offset and of a run. */
const BLOCK_BYTES = 48 * 1024;

/** A full box with the number of its entries before them. */
function listBox(type: string, entries: readonly Buffer[], entryBytes: number, version = 0): Buffer[] {
  const bytes = entries.reduce((sum, part) => sum + part.length, 0);
  return wrapBox(type, uint32(version << 24, bytes / entryBytes), ...entries);
}
