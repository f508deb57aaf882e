/**
 * Key frames → JPEG in ffmpeg processes that stay for a while: one for each description of pictures and each width. Starting ffmpeg takes
 * many times as long as decoding one picture, and a pointer on the timeline asks for many.
 */
import { AppError } from '../../shared/errors.ts';
import { startChild, stopChild } from '../platform/child.ts';

/** One key frame as a fragment of its own. */
export interface Keyframe {
  /** ftyp and moov of its track. */
  init: Buffer;
  /** moof and mdat; belongs to the decoder from now on. */
  fragment: Buffer;
  /** Where the base media decode time stands in the fragment: 64 bits. */
  tfdtOffset: number;
}

const MAX_PROCESSES = 3;
const IDLE_MS = 15_000;
const GIVE_UP_MS = 3000;
const END_MS = 500;
/** A decoder that keeps pictures back gives them once more have come; this many are more than any does. */
const MAX_COPIES = 24;
const COPY_AFTER_MS = 60;
/** Between two pictures, in ticks: later is all that matters. */
const STEP = 1_000_000n;
const CRA_NUT = 21;
const BLA_N_LP = 18;
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

export class KeyframePictures {
  private readonly ffmpegPath: () => string;
  /** The one used last at the end. */
  private readonly running = new Map<string, PictureProcess>();

  constructor(ffmpegPath: () => string) {
    this.ffmpegPath = ffmpegPath;
  }

  /** `width`: of the JPEG; its height follows. Throws AppError `unavailable` where ffmpeg gives none within 3 s. */
  async picture(keyframe: Keyframe, width: number): Promise<Buffer> {
    const key = `${width} ${keyframe.init.toString('latin1')}`;
    const one = this.running.get(key) ?? new PictureProcess(this.ffmpegPath(), keyframe.init, width);
    this.running.delete(key);
    this.running.set(key, one);
    one.endsAfter(IDLE_MS, () => this.end(key, one));
    const [oldest] = this.running;
    if (oldest && this.running.size > MAX_PROCESSES) void this.end(...oldest);
    try {
      return await one.picture(keyframe);
    } catch (error) {
      void this.end(key, one);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running].map(([key, one]) => this.end(key, one)));
  }

  private async end(key: string, one: PictureProcess): Promise<void> {
    if (this.running.get(key) === one) this.running.delete(key);
    await one.end();
  }
}

class PictureProcess {
  private readonly handle: ReturnType<typeof startChild>;
  private readonly isH265: boolean;
  private previous: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | null = null;
  private output: Buffer[] = [];
  /** Pictures that went in and came out; each comes out once, in order. */
  private fed = 0;
  private given = 0;
  /** How many must follow before one comes out. */
  private copies = 0;
  private onPicture: ((index: number, picture: Buffer) => void) | null = null;
  private hasEnded = false;

  constructor(ffmpegPath: string, init: Buffer, width: number) {
    this.handle = startChild(ffmpegPath, buildPictureArguments(width), { stdio: ['pipe', 'pipe', 'ignore'] });
    this.isH265 = init.includes('hvcC');
    const { stdin, stdout } = this.handle.child;
    stdin?.on('error', () => {}); // it has ended: noticed below
    stdin?.write(init);
    stdout?.on('data', (chunk: Buffer) => this.take(chunk));
    void this.handle.exit.then(() => {
      this.hasEnded = true;
    });
  }

  endsAfter(ms: number, end: () => void): void {
    if (this.idle) clearTimeout(this.idle);
    this.idle = setTimeout(end, ms);
    this.idle.unref();
  }

  /** One after the other. */
  picture(keyframe: Keyframe): Promise<Buffer> {
    const next = this.previous.then(() => this.decode(keyframe));
    this.previous = next.catch(() => {});
    return next;
  }

  async end(): Promise<void> {
    if (this.idle) clearTimeout(this.idle);
    await stopChild(this.handle, END_MS);
  }

  private decode(keyframe: Keyframe): Promise<Buffer> {
    const wanted = this.fed;
    for (let copy = 0; copy <= this.copies; copy++) this.feed(keyframe);
    return new Promise<Buffer>((resolve, reject) => {
      const fail = () => finish(() => reject(new AppError('unavailable', 'ffmpeg gave no picture.')));
      const giveUp = setTimeout(fail, GIVE_UP_MS);
      const push = setInterval(() => {
        if (this.hasEnded || this.copies >= MAX_COPIES) return fail();
        // Nothing yet, also because it has only just started: what comes later is passed over.
        if (this.given > 0) this.copies++;
        this.feed(keyframe);
      }, COPY_AFTER_MS);
      const finish = (settle: () => void) => {
        clearTimeout(giveUp);
        clearInterval(push);
        this.onPicture = null;
        settle();
      };
      this.onPicture = (index, picture) => {
        if (index === wanted) finish(() => resolve(picture));
      };
    });
  }

  private feed({ fragment, tfdtOffset }: Keyframe): void {
    const bytes = Buffer.from(fragment);
    bytes.writeBigUInt64BE(BigInt(this.fed++) * STEP, tfdtOffset);
    if (this.isH265) breakLinks(bytes);
    this.handle.child.stdin?.write(bytes);
  }

  private take(chunk: Buffer): void {
    this.output.push(chunk);
    let bytes = this.output.length > 1 ? Buffer.concat(this.output) : chunk;
    for (let end = bytes.indexOf(END_OF_IMAGE); end >= 0; end = bytes.indexOf(END_OF_IMAGE)) {
      const size = end + END_OF_IMAGE.length;
      this.onPicture?.(this.given, Buffer.from(bytes.subarray(0, size)));
      this.given++;
      bytes = bytes.subarray(size);
    }
    this.output = bytes.length > 0 ? [bytes] : [];
  }
}

/**
 * A clean random access picture is decoded as what follows on the pictures before it, which are others here, or itself: as a broken link
 * access picture it begins anew. Only the type of the unit tells them apart (ITU-T H.265, 7.4.2.2).
 */
function breakLinks(fragment: Buffer): void {
  for (
    let at = fragment.readUInt32BE(0) + 8;
    at + 5 <= fragment.length;
    at += 4 + fragment.readUInt32BE(at)
  ) {
    const head = fragment[at + 4]!;
    if (((head >> 1) & 0x3f) === CRA_NUT) fragment[at + 4] = (head & 0x81) | (BLA_N_LP << 1);
  }
}

function buildPictureArguments(width: number): string[] {
  // Nothing is waited for that one picture does not tell.
  const eager = [
    '-threads',
    '1',
    '-flags',
    'low_delay',
    '-probesize',
    '32',
    '-analyzeduration',
    '0',
    '-fpsprobesize',
    '0',
  ];
  return [
    ...['-hide_banner', '-nostats', '-v', 'quiet', ...eager, '-f', 'mp4', '-i', 'pipe:0', '-an'],
    ...['-fps_mode', 'passthrough', '-vf', `scale=${width}:-2`, '-q:v', '4'],
    ...['-flush_packets', '1', '-f', 'mjpeg', 'pipe:1'],
  ];
}
