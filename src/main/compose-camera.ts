/**
 * One camera at work: its captures, and where their frames go (recorder, live viewers, analysis). Part of the composition root.
 * Recording never depends on the others: each sink is called apart, and a fault in one is logged and kept from the rest.
 */
import type { CameraStatus } from '../shared/contract-cameras.ts';
import type { Camera } from '../shared/domain-camera.ts';
import type { Finding } from '../shared/domain-events.ts';
import type { Gap, StreamKind } from '../shared/domain-storage.ts';
import { MINUTE_MS } from '../shared/units.ts';
import { type KeyframeDecoder, type PictureTrouble, PictureWatch } from './alerts/picture-watch.ts';
import { CameraSession, type CameraSessionStatus } from './capture/camera-session.ts';
import { LiveRules } from './compose-analysis.ts';
import { FanSink } from './compose-fan-sink.ts';
import type { WantedCamera } from './compose-recording.ts';
import type { LiveCameras } from './live/cameras.ts';
import type { CaptureSink } from './media/fragment.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { RecordingHandle } from './recorder/recorded-camera.ts';
import type { RecordingService } from './recorder/recording-service.ts';
import type { CameraRules } from './rules/step-camera.ts';
import type { CameraAnalysis, VisionService } from './vision/service.ts';

export interface CameraRuntimeDeps {
  recordings: RecordingService;
  live: LiveCameras;
  vision: VisionService;
  /** For the watch over frozen and black pictures; null: there is no ffmpeg. */
  keyframes: KeyframeDecoder | null;
  /** How long a picture must have stood still to be frozen; for tests. */
  stillMs?: number | undefined;
  ffmpegPath: string | null;
  resolveSource(url: string): string | Promise<string>;
  onFindings(cameraId: string, findings: Finding[]): void;
  /** Something of the status has changed. */
  onChange(cameraId: string): void;
  clock: Clock;
  log: Logger;
}

interface RunningCapture {
  session: CameraSession;
  fan: FanSink;
  status: CameraSessionStatus | null;
}

/** A sub stream may be away for this long before the main stream is analysed instead. */
const SUB_PATIENCE_MS = 10_000;
const COMPLETENESS_MAX_AGE_MS = 10_000;
const LOST_KEY = {
  problem:
    'Its address and password cannot be read: they were encrypted with another key than the one at hand.',
  advice:
    'Put the key back (secrets in the data folder) and start again, or enter the address anew under Source.',
};

export class CameraRuntime {
  readonly rules: LiveRules;
  private readonly deps: CameraRuntimeDeps;
  private readonly createdEpochMs: number;
  private camera: WantedCamera;
  private recording: RecordingHandle | null = null;
  private readonly pictures: PictureWatch | null;
  private analysis: CameraAnalysis | null = null;
  /** Where the analysis gets its frames. */
  private analysedFan: FanSink | null = null;
  private subAwayTooLong = false;
  private cancelSubWatch: (() => void) | null = null;
  private readonly captures = new Map<StreamKind, RunningCapture>();
  private analysisProblem: string | null = null;
  private completeness: { value: number | null; atMs: number } = {
    value: null,
    atMs: Number.NEGATIVE_INFINITY,
  };

  constructor(camera: WantedCamera, deps: CameraRuntimeDeps) {
    this.camera = camera;
    this.deps = deps;
    this.createdEpochMs = deps.clock.epochMs();
    const { keyframes, clock, stillMs } = deps;
    const log = deps.log.child({ cameraId: camera.id });
    this.pictures =
      keyframes &&
      new PictureWatch({ decoder: keyframes, clock, log, ...(stillMs === undefined ? {} : { stillMs }) });
    this.rules = new LiveRules(rulesOf(camera), (findings) => deps.onFindings(camera.id, findings), log);
  }

  async start(): Promise<void> {
    this.recording = await this.deps.recordings.addCamera(this.camera);
    this.startCaptures();
  }

  /** Takes a changed configuration; a stream is interrupted only when its source, transport, sound or what of it is recorded changed. */
  async update(camera: WantedCamera): Promise<void> {
    const before = this.camera;
    this.camera = camera;
    this.rules.update(rulesOf(camera));
    await this.recording?.update(camera);
    if (captureKey(before) !== captureKey(camera)) {
      await this.stopCaptures('stream-ended', 'The camera’s source was changed.');
      for (const stream of ['main', 'sub'] as const) this.deps.live.removeStream(camera.id, stream);
      this.startCaptures();
    } else {
      this.followAnalysis();
    }
  }

  async stop(options: { deleteRecordings: boolean } | null = null): Promise<void> {
    await this.stopCaptures('engine-stopped', 'The program was closed.');
    this.deps.live.removeCamera(this.camera.id);
    if (options) await this.recording?.remove(options);
  }

  setAnalysisProblem(problem: string | null): void {
    this.analysisProblem = problem;
    this.deps.onChange(this.camera.id);
  }

  status(): CameraStatus {
    const { camera, recording } = this;
    const main = this.captures.get('main')?.status ?? null;
    const sub = this.captures.get('sub')?.status ?? null;
    const gap = recording?.gap ?? null;
    const lost = camera.sourceUnreadable ? LOST_KEY : null;
    const state = lost ? 'retrying' : !camera.source ? 'no-source' : (main?.state ?? 'connecting');
    const disk = state === 'online' && gap?.cause.startsWith('disk-') ? gap.detail : null;
    const subProblem = sub?.problem ? `Sub stream: ${sub.problem}` : null;
    return {
      cameraId: camera.id,
      state,
      sinceEpochMs: main?.sinceEpochMs ?? this.createdEpochMs,
      problem: lost?.problem ?? main?.problem ?? disk ?? subProblem,
      advice:
        lost?.advice ??
        main?.advice ??
        (disk ? 'Free space on the disk, or see Health → Storage.' : (sub?.advice ?? null)),
      lastFrameEpochMs: this.deps.live.find(camera.id, 'main')?.hub.newestKeyframe?.captureEpochMs ?? null,
      recording: recording?.isRecording ?? false,
      ...(camera.recordingOffBecause && { recordingOffBecause: camera.recordingOffBecause }),
      streams: [main, sub].flatMap((status) => (status?.facts ? [status.facts] : [])),
      analysedFps: camera.analysis.enabled ? this.deps.vision.analysedFps(camera.id) : null,
      analysisProblem: camera.analysis.enabled && camera.source ? this.analysisProblem : null,
      completenessToday: this.completenessToday(),
    };
  }

  /** Whether each source has agreed to send, or has failed. */
  get hasAnswered(): boolean {
    return [...this.captures.values()].every(({ session }) => session.hasAnswered);
  }

  /** What only alerts ask for. */
  alertFacts(): { gap: Gap | null; picture: PictureTrouble | null } {
    return { gap: this.recording?.gap ?? null, picture: this.pictures?.trouble ?? null };
  }

  private completenessToday(): number | null {
    // In the first minute a share says nothing but how fast the camera answered.
    if (this.deps.clock.epochMs() - this.camera.createdEpochMs < MINUTE_MS) return null;
    const now = this.deps.clock.monotonicMs();
    if (now - this.completeness.atMs > COMPLETENESS_MAX_AGE_MS)
      this.completeness = {
        value: this.deps.recordings.completeness(this.camera.id, 0).completeness,
        atMs: now,
      };
    return this.completeness.value;
  }

  private startCaptures(): void {
    const { source, id } = this.camera;
    for (const stream of ['main', 'sub'] as const) {
      const url = source?.[stream];
      if (!url) continue;
      const sinks: CaptureSink[] = [this.deps.live.hub(id, stream)];
      const isRecorded = stream === 'main' || this.camera.recording.subStream === true;
      if (isRecorded && this.recording) sinks.unshift(this.recording[stream]);
      if (stream === 'main' && this.pictures) sinks.push(this.pictures);
      this.startCapture(stream, url, new FanSink(sinks, this.deps.log));
    }
    this.followAnalysis();
  }

  /** Starts, changes or ends the analysis, or moves it to the other stream, without touching the captures. */
  private followAnalysis(): void {
    const { analysis, id } = this.camera;
    const fan = this.pickAnalysedStream();
    if (this.analysis && analysis.enabled) {
      this.analysis.update(analysis);
      if (fan !== this.analysedFan) {
        this.analysedFan?.remove(this.analysis.sink);
        this.analysis.sink.lost('stream-ended', 'The analysis goes on with the other stream.');
        fan?.add(this.analysis.sink);
        this.analysedFan = fan;
      }
    } else if (this.analysis) {
      this.analysedFan?.remove(this.analysis.sink);
      this.endAnalysis();
    } else if (fan && analysis.enabled) {
      this.analysis = this.deps.vision.addCamera({ cameraId: id, analysis });
      fan.add(this.analysis.sink);
      this.analysedFan = fan;
    }
  }

  /** The sub stream, which is cheaper to decode, unless it has been away for a while. */
  private pickAnalysedStream(): FanSink | null {
    const [main, sub] = [this.captures.get('main'), this.captures.get('sub')];
    if (!sub) return main?.fan ?? null;
    const { status } = sub;
    const away = status !== null && status.state !== 'online' && this.subAwayTooLong;
    return away ? (main?.fan ?? null) : sub.fan;
  }

  /** Gives a sub stream that is not there `SUB_PATIENCE_MS`, then analyses the main stream until it comes back. */
  private watchSub(online: boolean): void {
    if (online) {
      this.cancelSubWatch?.();
      this.cancelSubWatch = null;
      this.subAwayTooLong = false;
      this.followAnalysis();
    } else {
      this.cancelSubWatch ??= this.deps.clock.after(SUB_PATIENCE_MS, () => {
        this.subAwayTooLong = true;
        this.followAnalysis();
      });
    }
  }

  private startCapture(stream: StreamKind, url: string, fan: FanSink): void {
    const { camera, deps } = this;
    const session = new CameraSession({
      cameraId: camera.id,
      stream,
      url,
      transport: camera.source?.transport ?? 'tcp',
      audio: stream === 'main' && camera.recording.audio,
      sink: fan,
      clock: deps.clock,
      log: deps.log,
      ffmpegPath: deps.ffmpegPath,
      resolveSource: deps.resolveSource,
      onStatus: (status) => {
        capture.status = status;
        if (stream === 'sub') this.watchSub(status.state === 'online');
        deps.onChange(camera.id);
      },
    });
    const capture: RunningCapture = { session, fan, status: null };
    this.captures.set(stream, capture);
    session.start();
  }

  private async stopCaptures(...why: Parameters<CameraSession['stop']>): Promise<void> {
    const captures = [...this.captures.values()];
    await Promise.all(captures.map(({ session }) => session.stop(...why)));
    this.captures.clear();
    this.cancelSubWatch?.();
    this.cancelSubWatch = null;
    this.subAwayTooLong = false;
    this.endAnalysis();
    this.analysisProblem = null;
  }

  private endAnalysis(): void {
    if (!this.analysis) return;
    this.analysis.remove();
    this.analysis = null;
    this.analysedFan = null;
    this.rules.end(this.deps.clock.epochMs());
  }
}

/** What the captures depend on: a change of it interrupts the stream. */
function captureKey({ source, recording }: Camera): string {
  return JSON.stringify([source ?? null, recording.audio, recording.subStream ?? false]);
}

function rulesOf(camera: Camera): CameraRules {
  const { zones, lines, analysis, readers } = camera;
  return { zones, lines, analysis, readers: readers.length > 0 ? readers : null };
}
