/**
 * The fallback for video that the engine does not read itself: its RTP packets are handed to an ffmpeg process over UDP on this machine,
 * described by a session description of ours, and come back as H.264, each picture with the timestamp that its packets had.
 * The session with the camera, and so its password, stays here.
 */
import { createSocket, type Socket } from 'node:dgram';
import { messageOf } from '../../shared/errors.ts';
import { FlvReader } from '../media/flv.ts';
import type { RtpPacket } from '../media/rtsp/rtp.ts';
import { buildSdp, type SdpMedia } from '../media/rtsp/sdp.ts';
import type { AccessUnit } from '../media/rtsp/video-depacketizer.ts';
import { startChild, stopChild } from '../platform/child.ts';
import type { Logger } from '../platform/log.ts';
import { H264_ARGS } from './ffmpeg-fragments.ts';
import { PictureTimes } from './picture-times.ts';
import { UdpPorts } from './udp-ports.ts';

export interface RtpTranscoderOptions {
  ffmpegPath: string;
  media: SdpMedia;
  log: Logger;
  /** `arrivalEpochMs`: when the picture's last packet came from the camera. */
  onUnit(unit: AccessUnit, arrivalEpochMs: number): void;
  /** The pictures have another size from here on, which the running encoder would only scale to the first one. */
  onResized(): void;
  /** It has ended by itself, or gives what makes no sense. */
  onFailed(): void;
}

const HOST = '127.0.0.1';
/** What comes while ffmpeg starts. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;
const ASK_EVERY_MS = 25;
const START_MS = 3000;
/** More at once than the system's buffer takes would be lost. */
const AT_ONCE = 32;
const STDERR_KEPT = 2000;
/** ffmpeg says at this level which size the pictures have, and says it again when that changes. */
const LOG_LEVEL = 'level+verbose';
const SIZE_WORDS = /\bw:(\d+) h:(\d+) pixfmt:/g;
const DECODER = [
  ...[
    '-hide_banner',
    '-nostats',
    '-v',
    LOG_LEVEL,
    '-protocol_whitelist',
    'pipe,udp,rtp',
    '-fflags',
    '+nobuffer',
  ],
  ...['-analyzeduration', '3000000', '-buffer_size', '4194304', '-f', 'sdp', '-i', 'pipe:0', '-map', '0:v:0'],
] as const;
const ENCODER = [
  ...[...H264_ARGS, '-fps_mode', 'passthrough', '-force_key_frames', 'expr:gte(t,n_forced*2)'],
  ...['-copyts', '-enc_time_base', '1:90000', '-flush_packets', '1', '-flvflags', 'no_duration_filesize'],
  ...['-f', 'flv', 'pipe:1'],
] as const;

export class RtpTranscoder {
  private readonly options: RtpTranscoderOptions;
  private handle: ReturnType<typeof startChild> | null = null;
  private socket: Socket | null = null;
  /** Null once ffmpeg listens. */
  private held: Buffer[] | null = [];
  private heldBytes = 0;
  private readonly times: PictureTimes;
  private size: string | null = null;
  private readonly starting: Promise<void>;
  private stopped = false;

  constructor(options: RtpTranscoderOptions) {
    this.options = options;
    this.times = new PictureTimes(options.media.clockRate);
    this.starting = this.start().catch((error: unknown) => {
      options.log.warn({ error }, 'the fallback decoder could not be started');
      if (!this.stopped) options.onFailed();
    });
  }

  /** `lost`: packets missing just before this one. */
  push(packet: RtpPacket, lost: number, arrivalEpochMs: number): void {
    if (this.stopped) return;
    for (const bytes of this.times.note(packet, lost, arrivalEpochMs)) this.hand(bytes);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const ended = this.handle && stopChild(this.handle, 500);
    await this.starting;
    await ended;
    this.socket?.close();
    this.socket = null;
  }

  private hand(bytes: Buffer): void {
    if (!this.held) this.socket?.send(bytes);
    else if (this.heldBytes + bytes.length <= MAX_HELD_BYTES) {
      this.held.push(bytes);
      this.heldBytes += bytes.length;
    }
  }

  private async start(): Promise<void> {
    const port = await freePort();
    if (this.stopped) return;
    this.run(port);
    const socket = createSocket('udp4');
    let isRefused = false;
    socket.on('error', () => {
      isRefused = true; // nobody listens there yet
    });
    await new Promise<void>((done) => socket.connect(port, HOST, done));
    this.socket = socket;
    const began = performance.now();
    do {
      isRefused = false;
      socket.send(Buffer.of(0));
      await pause(ASK_EVERY_MS);
    } while (isRefused && !this.stopped && performance.now() - began < START_MS);
    while (this.held && this.held.length > 0 && !this.stopped) {
      for (const bytes of this.held.splice(0, AT_ONCE)) socket.send(bytes);
      await pause(1);
    }
    this.held = null;
  }

  private run(port: number): void {
    const { ffmpegPath, log, onFailed } = this.options;
    const handle = startChild(ffmpegPath, [...DECODER, ...ENCODER], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.handle = handle;
    let words = '';
    handle.child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-STDERR_KEPT);
      this.readSizes(words);
    });
    const reader = this.makeReader();
    handle.child.stdout?.on('data', (chunk: Buffer) => {
      if (this.stopped) return;
      try {
        reader.push(chunk);
      } catch (error) {
        log.warn({ problem: messageOf(error) }, 'the fallback decoder gives no H.264');
        onFailed();
      }
    });
    handle.child.stdin?.on('error', () => {}); // its end says why
    handle.child.stdin?.end(this.describe(port));
    void handle.exit.then(() => {
      if (this.stopped) return;
      log.warn({ words: words.split('\n').filter(isComplaint) }, 'the fallback decoder ended');
      onFailed();
    });
  }

  private makeReader(): FlvReader {
    return new FlvReader(({ timeMs, keyframe, nalus }) => {
      const time = this.times.find(timeMs);
      if (time) this.options.onUnit({ nalus, keyframe, timestamp: time.timestamp }, time.arrivalEpochMs);
    });
  }

  private readSizes(words: string): void {
    const size = [...words.matchAll(SIZE_WORDS)].at(-1)?.[0];
    if (size === undefined || size === this.size) return;
    const isFirst = this.size === null;
    this.size = size;
    if (!isFirst && !this.stopped) this.options.onResized();
  }

  private describe(port: number): string {
    const { payloadType, encoding, clockRate, format } = this.options.media;
    const offer = { payloadType, encoding, clockRate, format: Object.fromEntries(format), control: '*' };
    const media = [{ kind: 'video' as const, ...offer, port }];
    return buildSdp({ name: 'camera', address: HOST, sessionId: 0, media });
  }
}

function isComplaint(line: string): boolean {
  return /\[(?:warning|error|fatal|panic)\]/.test(line);
}

async function freePort(): Promise<number> {
  const ports = await UdpPorts.open({ remoteHost: HOST, onMedia: () => {}, onReport: () => {} });
  await ports.close();
  return ports.mediaPort;
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
