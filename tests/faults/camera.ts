/** A camera under fault: a real RTSP server of its own, or a file, whose every frame carries its number. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { EpochRange } from '../../src/shared/units.ts';
import { freePort } from '../fixtures/clock-cameras.ts';
import { makeClip, type RtspCameras, startRtspCameras } from '../fixtures/rtsp-cameras.ts';
import { FRAME_MS } from './recorded.ts';

/** Seconds between key frames of every camera here. */
export const GOP_SECONDS = 2;
const FRAMES_PER_GOP = (GOP_SECONDS * 1000) / FRAME_MS;

export interface CameraKind {
  /** `rtsp` unless told otherwise; `file`: a `file:` source, which ffmpeg plays. */
  source?: 'rtsp' | 'file';
  /** Sound as G.711, which ffmpeg encodes for the recording. */
  g711?: boolean;
  analysed?: boolean;
  password?: string;
}

export interface Clips {
  camera: string;
  counted: string;
}

/** The two clips that all cameras play in a loop; a few seconds of work. */
export async function makeClips(folder: string): Promise<Clips> {
  const camera = await makeClip(folder, 'camera', { seconds: 8, gop: FRAMES_PER_GOP, size: '640x360' });
  return { camera, counted: await countFrames(folder, camera) };
}

export class FaultyCamera {
  readonly id: string;
  readonly name: string;
  readonly kind: CameraKind;
  /** When its frames could not be had, true time. */
  readonly outages: EpochRange[] = [];
  /** When a process that it depends on was killed, true time. */
  readonly kills: number[] = [];
  private readonly clips: Clips;
  private readonly sentLog: string;
  private readonly port: number;
  private server: RtspCameras | null = null;

  private constructor(
    folder: string,
    index: number,
    name: string,
    kind: CameraKind,
    clips: Clips,
    port: number,
  ) {
    this.id = `3fa85f64-5717-4562-b3fc-${String(index).padStart(12, '0')}`;
    this.name = name;
    this.kind = kind;
    this.clips = clips;
    this.port = port;
    this.sentLog = join(folder, `sent-${index}`);
  }

  static async start(
    folder: string,
    index: number,
    camera: { name: string; kind: CameraKind },
    clips: Clips,
  ): Promise<FaultyCamera> {
    const made = new FaultyCamera(folder, index, camera.name, camera.kind, clips, await freePort());
    if (camera.kind.source !== 'file') await made.serve();
    return made;
  }

  /** Its part of the provision file. */
  get provision(): Record<string, unknown> {
    const { id, name, kind } = this;
    const account = kind.password ? `admin:${kind.password}@` : '';
    const main =
      kind.source === 'file'
        ? pathToFileURL(this.clips.counted).href
        : `rtsp://${account}127.0.0.1:${this.port}/camera`;
    return { id, name, source: { main }, analysis: { enabled: kind.analysed === true, fps: 5 } };
  }

  /** Starts its server, on the same port as ever. */
  async serve(password = this.kind.password): Promise<void> {
    const sound = this.kind.g711 ? ',audio=pcmu' : '';
    this.server = await startRtspCameras(
      [`camera=${this.clips.camera}${sound}`],
      [
        ...['--port', `${this.port}`, '--transport', 'tcp', '--sent-log', this.sentLog],
        ...(password ? ['--user', 'admin', '--password', password] : []),
      ],
    );
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.server?.stop();
    this.server = null;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.server?.signal(name);
  }

  async control(path: string): Promise<void> {
    await this.server?.control(path);
  }

  /** Notes that its frames cannot be had while `fault` runs. */
  async outage(fault: () => Promise<void>): Promise<void> {
    const startEpochMs = Date.now();
    await fault();
    this.outages.push({ startEpochMs, endEpochMs: Date.now() });
  }

  /** Numbers of all frames that it has sent; null for a file. */
  sent(): Set<number> | null {
    if (this.kind.source === 'file') return null;
    if (!existsSync(this.sentLog)) return new Set();
    const lines = readFileSync(this.sentLog, 'utf8').split('\n');
    return new Set(
      lines.filter(Boolean).map((line) => Math.round(Number(line.split(' ')[1]) / 1000 / FRAME_MS)),
    );
  }
}

/** The clip's picture with its frame number in every access unit, as the RTSP server puts capture times in. */
async function countFrames(folder: string, clip: string): Promise<string> {
  const raw = join(folder, 'raw.h264');
  const counted = join(folder, 'counted.h264');
  const run = (...args: string[]) =>
    promisify(execFile)(process.env.FFMPEG_BIN ?? 'ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
  await run(
    '-i',
    clip,
    '-map',
    '0:v',
    '-c',
    'copy',
    '-bsf:v',
    'h264_mp4toannexb,h264_metadata=aud=insert',
    raw,
  );
  const units = splitAccessUnits(await readFile(raw)).map((unit, index) => {
    const at = firstSlice(unit);
    return Buffer.concat([unit.subarray(0, at), buildMark(index), unit.subarray(at)]);
  });
  await writeFile(counted, Buffer.concat(units));
  const path = join(folder, 'counted.mp4');
  await run('-f', 'h264', '-framerate', `${1000 / FRAME_MS}`, '-i', counted, '-c', 'copy', path);
  return path;
}

const DELIMITER = Buffer.from('0000000109', 'hex');

function splitAccessUnits(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = stream.indexOf(DELIMITER); at >= 0; ) {
    const next = stream.indexOf(DELIMITER, at + DELIMITER.length);
    units.push(stream.subarray(at, next < 0 ? stream.length : next));
    at = next;
  }
  return units;
}

/** Where the start code of the first coded slice (NAL unit types 1 to 5) begins. */
function firstSlice(unit: Buffer): number {
  const startCode = Buffer.from([0, 0, 1]);
  for (let at = unit.indexOf(startCode); at >= 0; at = unit.indexOf(startCode, at + 3)) {
    const type = unit[at + 3]! & 0x1f;
    if (type >= 1 && type <= 5) return at;
  }
  throw new Error('an access unit without a picture');
}

/** A SEI message with user data: the UUID of the test cameras and 16 digits of microseconds. */
function buildMark(index: number): Buffer {
  const digits = String(index * FRAME_MS * 1000).padStart(16, '0');
  return Buffer.concat([
    Buffer.from('00000001060520', 'hex'),
    Buffer.from(`NVRTESTCLOCK0001${digits}`, 'latin1'),
    Buffer.from([0x80]),
  ]);
}
