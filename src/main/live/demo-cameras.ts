/**
 * The built-in demo cameras: real RTSP on this machine alone, with a password made at each start. `demo:NAME` shows the scene
 * of that name, or a generated picture where there is none. Nothing runs while nobody watches.
 */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import type { Clock } from '../platform/clock.ts';
import { fontsFolder } from '../platform/entry.ts';
import type { Logger } from '../platform/log.ts';
import {
  buildGeneratedArguments,
  buildSceneArguments,
  type DemoStreamKind,
  type FfmpegFeatures,
  parseFfmpegFeatures,
} from './demo-arguments.ts';
import { type DemoScene, loopPositionSeconds, readDemoScene } from './demo-scene.ts';
import { DemoStream } from './demo-stream.ts';
import { RtspServer } from './rtsp-server.ts';
import type { RtspSource } from './rtsp-source.ts';

export interface DemoCamerasDeps {
  ffmpegPath: string;
  /** `resources/demo` */
  scenesFolder: string;
  clock: Clock;
  log: Logger;
}

const USER = 'demo';
/** Every name that somebody asks for costs a stream; more than these are refused. */
const MAX_STREAMS = 64;
/** What ffmpeg takes from its start to the first picture, about. */
const START_DELAY_MS = 500;

export class DemoCameras {
  private readonly deps: DemoCamerasDeps;
  private readonly password = randomBytes(18).toString('base64url');
  private readonly server: RtspServer;
  private readonly streams = new Map<string, DemoStream>();
  private features: FfmpegFeatures = { drawtext: false, encoder: null };
  private starting: Promise<void> | null = null;

  constructor(deps: DemoCamerasDeps) {
    this.deps = deps;
    this.server = new RtspServer({
      host: '127.0.0.1',
      port: 0,
      passwordOf: (user) => (user === USER ? this.password : null),
      sourceAt: (mount) => this.sourceAt(mount),
      clock: deps.clock,
      log: deps.log,
    });
  }

  async stop(): Promise<void> {
    await this.starting?.catch(() => {});
    await Promise.all([...this.streams.values()].map((stream) => stream.stop()));
    this.streams.clear();
    await this.server.stop();
  }

  /**
   * RTSP URLs of `demo:NAME`, with credentials that hold until the next start; the first one asked for starts the server. Throws
   * 'invalid-input' for other URLs, and where ffmpeg or the port cannot be had.
   */
  async resolve(url: string): Promise<{ main: string; sub: string }> {
    const name = parseDemoName(url);
    await this.start();
    const base = `rtsp://${USER}:${this.password}@127.0.0.1:${this.server.port}/${name}`;
    return { main: base, sub: `${base}/sub` };
  }

  /** The scene of `demo:NAME`; null where the picture is generated. */
  scene(url: string): DemoScene | null {
    return readDemoScene(this.deps.scenesFolder, parseDemoName(url))?.scene ?? null;
  }

  private start(): Promise<void> {
    this.starting ??= this.begin().catch((error: unknown) => {
      this.starting = null;
      throw error;
    });
    return this.starting;
  }

  private async begin(): Promise<void> {
    const { ffmpegPath, log } = this.deps;
    const [filters, encoders] = await Promise.all([
      runFfmpeg(ffmpegPath, ['-hide_banner', '-filters']),
      runFfmpeg(ffmpegPath, ['-hide_banner', '-encoders']),
    ]);
    this.features = parseFfmpegFeatures(filters.stdout.toString(), encoders.stdout.toString());
    if (!this.features.drawtext) log.info('This ffmpeg cannot draw text: demo cameras show no clock');
    if (!this.features.encoder)
      log.info('This ffmpeg cannot encode H.264: demo cameras show rendered scenes only');
    await this.server.start();
  }

  private sourceAt(mount: string): RtspSource | null {
    const match = /^([a-z0-9-]{1,60})(\/sub)?$/.exec(mount);
    if (!match) return null;
    const known = this.streams.get(mount);
    if (known) return known;
    const name = match[1] ?? '';
    const kind = match[2] ? 'sub' : 'main';
    const buildArguments = this.planPicture(name, kind);
    if (!buildArguments || this.streams.size >= MAX_STREAMS) return null;
    const { ffmpegPath, clock, log } = this.deps;
    const stream = new DemoStream({ ffmpegPath, folder: fontsFolder(), buildArguments, clock, log });
    this.streams.set(mount, stream);
    return stream;
  }

  /** null: this ffmpeg can show neither a scene nor a generated picture. */
  private planPicture(name: string, kind: DemoStreamKind): (() => string[]) | null {
    const { features } = this;
    const files = readDemoScene(this.deps.scenesFolder, name);
    if (files) {
      return () => {
        const position = loopPositionSeconds(files.scene, this.deps.clock.epochMs() + START_DELAY_MS);
        return buildSceneArguments(files.videoFile, position, kind, features);
      };
    }
    const { encoder } = features;
    return encoder ? () => buildGeneratedArguments(name, kind, { ...features, encoder }) : null;
  }
}

function parseDemoName(url: string): string {
  const name = /^demo:([a-z0-9-]{1,60})$/i.exec(url)?.[1];
  if (!name) throw new AppError('invalid-input', 'expected demo:NAME, a name of letters, digits and hyphens');
  return name.toLowerCase();
}
