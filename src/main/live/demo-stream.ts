/** One stream of a demo camera: an ffmpeg that runs while somebody watches, as a source of our RTSP server. */
import { AppError, messageOf } from '../../shared/errors.ts';
import { FragmentedMp4Splitter } from '../media/mp4/splitter.ts';
import { startChild, stopChild } from '../platform/child.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { FanoutReader } from './fanout.ts';
import { LiveHub } from './hub.ts';
import { attachRtspOutput, parseRtspDescription } from './rtsp-hub-source.ts';
import type { RtspDescription, RtspOutput, RtspSource } from './rtsp-source.ts';

export interface DemoStreamDeps {
  ffmpegPath: string;
  /** ffmpeg's working folder: that of the font. */
  folder: string;
  /** Made at each start, since a loop is entered where the wall clock says. */
  buildArguments(): string[];
  clock: Clock;
  log: Logger;
}

/** A camera that is asked for and not played, or loses its only client, goes on for so long. */
const LINGER_MS = 10_000;
const RESTART_MS = 1000;
const DESCRIBE_PATIENCE_MS = 8000;

export class DemoStream implements RtspSource {
  private readonly deps: DemoStreamDeps;
  private readonly hub: LiveHub;
  private running: ReturnType<typeof startChild> | null = null;
  private stopping: Promise<unknown> = Promise.resolve();
  private cancelLinger: (() => void) | null = null;
  private described: Array<() => void> = [];
  private stopped = false;

  constructor(deps: DemoStreamDeps) {
    this.deps = deps;
    this.hub = new LiveHub(deps.clock);
  }

  get isRunning(): boolean {
    return this.running !== null;
  }

  async describe(): Promise<RtspDescription> {
    this.wake();
    if (!this.hub.description) {
      await new Promise<void>((done) => {
        const cancel = this.deps.clock.after(DESCRIBE_PATIENCE_MS, done);
        this.described.push(() => {
          cancel();
          done();
        });
      });
    }
    if (!this.hub.description) throw new AppError('unavailable', 'The demo camera does not start');
    return parseRtspDescription(this.hub.description);
  }

  attach(output: RtspOutput): FanoutReader {
    this.wake();
    const reader = attachRtspOutput(this.hub, output);
    return {
      get droppedGops() {
        return reader.droppedGops;
      },
      get droppedBytes() {
        return reader.droppedBytes;
      },
      detach: () => {
        reader.detach();
        this.sleepSoon();
      },
    };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.hub.end();
    this.sleep();
    for (const done of this.described.splice(0)) done();
    await this.stopping;
  }

  private wake(): void {
    if (!this.running && !this.stopped) this.run();
    this.sleepSoon();
  }

  private sleepSoon(): void {
    this.cancelLinger?.();
    this.cancelLinger = this.deps.clock.after(LINGER_MS, () => {
      if (this.hub.viewerCount === 0) this.sleep();
    });
  }

  private sleep(): void {
    this.cancelLinger?.();
    const { running } = this;
    this.running = null;
    this.hub.lost('stream-ended', 'nobody watches');
    if (running) this.stopping = stopChild(running, 500);
  }

  private run(): void {
    const handle = startChild(this.deps.ffmpegPath, this.deps.buildArguments(), {
      cwd: this.deps.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.running = handle;
    const splitter = this.createSplitter(() => this.running === handle);
    handle.child.stdout?.on('data', (bytes: Buffer) => {
      if (this.running !== handle) return;
      try {
        splitter.push(bytes);
      } catch (error) {
        this.deps.log.warn({ problem: messageOf(error) }, 'A demo camera sent what is no video');
        handle.child.kill('SIGKILL');
      }
    });
    let words = '';
    handle.child.stderr?.on('data', (bytes: Buffer) => {
      words = (words + bytes.toString()).slice(-1000);
    });
    void handle.exit.then(({ code }) => {
      if (this.running !== handle) return;
      this.running = null;
      this.hub.lost('stream-ended', 'the demo camera is started again');
      this.deps.log.warn({ code, ffmpeg: words.trim() }, 'A demo camera ended');
      this.deps.clock.after(RESTART_MS, () => {
        if (this.hub.viewerCount > 0 && !this.running && !this.stopped) this.run();
      });
    });
  }

  private createSplitter(isCurrent: () => boolean): FragmentedMp4Splitter {
    // ffmpeg paces the loop; the promptest frame tells when the loop began.
    let startEpochMs = Number.POSITIVE_INFINITY;
    return new FragmentedMp4Splitter({
      captureEpochMs: (seconds) => {
        startEpochMs = Math.min(startEpochMs, this.deps.clock.epochMs() - seconds * 1000);
        return startEpochMs + seconds * 1000;
      },
      stream: (description) => {
        if (!isCurrent()) return;
        this.hub.stream(description);
        for (const done of this.described.splice(0)) done();
      },
      fragment: (fragment) => {
        if (isCurrent()) this.hub.fragment(fragment);
      },
    });
  }
}
