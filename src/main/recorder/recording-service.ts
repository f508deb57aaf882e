/** All recording of an engine: a recorder per camera stream, the repair at the start, retention, and what storage looks like. */
import type { StorageView } from '../../shared/contract-health.ts';
import { STREAM_KINDS, type StreamKind } from '../../shared/domain-storage.ts';
import { messageOf } from '../../shared/errors.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { ClockStep } from '../platform/steady-clock.ts';
import { listAwayCameras } from './archive-check.ts';
import { removeCameraFootage } from './camera-removal.ts';
import { EventGate } from './event-gate.ts';
import { FolderRepair } from './folder-repair.ts';
import { FootageLocks, type LockIndex } from './footage-locks.ts';
import { GapKeeper, PAUSED_DETAIL, STOPPED_DETAIL } from './gap-keeper.ts';
import { LaterCheck } from './later-check.ts';
import { type Leftovers, Mover } from './mover.ts';
import { PatientWriter } from './patient-writer.ts';
import {
  countsOf,
  gateSettings,
  heldOf,
  keptOf,
  noteCamera,
  type RecordedCamera,
  type RecordingEntry,
  type RecordingHandle,
  type StreamCounts,
} from './recorded-camera.ts';
import { measureCompleteness } from './recorded-share.ts';
import type { RecoveryReport } from './recovery.ts';
import type { StorageLimits } from './retention.ts';
import { RetentionLoop } from './retention-loop.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';
import { measureStorage } from './storage.ts';
import { StreamRecorder } from './stream-recorder.ts';
import type { Volumes } from './volumes.ts';
import { WritePace } from './write-pace.ts';

export interface RecordingDeps {
  volumes: Volumes;
  index: SegmentIndex;
  ledger: Ledger;
  limits(): StorageLimits;
  /** Events of a camera that overlap [from, to]: those whose post-roll a restart must go on with. Later ones come by `noteEvent`. */
  listEvents?(cameraId: string, fromEpochMs: number, toEpochMs: number): EpochRange[];
  /** Absent: locks stand beside the footage alone. */
  locks?: LockIndex;
  onLocksChanged?(): void;
  /** Before anything is deleted: who reads footage on from the last run says so again. */
  keepFootage?(locks: FootageLocks): void;
  /** Files that no segment names. Absent: there are none, and nothing is moved. */
  leftovers?: Leftovers;
  /** After every look at what is to be moved between folders. */
  afterMoves?(): Promise<void>;
  clock: Clock;
  log: Logger;
  segmentMs?: number;
  maxQueueBytes?: number;
}

const RETENTION_EVERY_MS = 60_000;
/** More than this waits for the disk of a stream: moves between folders wait too. */
const BUSY_BYTES = 2 * 1024 * 1024;

export class RecordingService {
  private readonly deps: RecordingDeps;
  readonly locks: FootageLocks;
  private readonly check: LaterCheck;
  private readonly repair: FolderRepair;
  private readonly retention: RetentionLoop;
  private readonly mover: Mover | null;
  private readonly writer: PatientWriter;
  private readonly pace = new WritePace();
  private readonly entries = new Map<string, RecordingEntry>();
  private cancelTick: (() => void) | null = null;
  private stopped = false;

  constructor(deps: RecordingDeps) {
    this.deps = deps;
    this.writer = new PatientWriter(deps);
    this.check = new LaterCheck(deps);
    const { volumes, index, locks: store, clock, log } = deps;
    const roots = () => volumes.writable().map(({ path }) => path);
    const readFrom = () => (volumes.isPresent(0) ? (volumes.find(0)?.path ?? null) : null);
    const capBytes = () => this.storage().lockCapBytes;
    const onChange = () => deps.onLocksChanged?.();
    const openSegments = (cameraId: string) =>
      STREAM_KINDS.flatMap((stream) => this.openSegments(cameraId, stream));
    this.locks = new FootageLocks({
      ...{ roots, readFrom, store, index, openSegments, capBytes, onChange, clock, log },
    });
    const cameras = () => [...this.entries.values()].map(({ camera }) => keptOf(camera));
    this.retention = new RetentionLoop({
      ...{ index, ledger: deps.ledger, locks: this.locks, limits: deps.limits, cameras, clock, log },
      volumes: () => volumes.writable(),
    });
    this.repair = new FolderRepair(deps);
    const { leftovers, afterMoves } = deps;
    const isBusy = () => this.recorders().some(({ waitingBytes }) => waitingBytes > BUSY_BYTES);
    this.mover = leftovers
      ? new Mover({ ...{ volumes, index, leftovers, isBusy, clock, log }, ...(afterMoves && { afterMoves }) })
      : null;
  }

  /** Repairs what a crash left, then begins to look after the space. A folder that cannot be used is repaired when it can. */
  async start(): Promise<RecoveryReport> {
    const { volumes, index } = this.deps;
    await volumes.start();
    await this.locks.start();
    const away = await listAwayCameras(volumes.present(), index);
    const report = await this.repair.start();
    const isWriting = (path: string) =>
      this.recorders().some((one) => one.writing().includes(path)) || this.mover?.isMoving(path) === true;
    this.repair.watch(isWriting, async (volume, isUnknown) => {
      if (isUnknown) await this.check.compare(volume, new Set());
      this.locks.recount();
      for (const { camera } of this.entries.values()) await noteCamera(this.deps, camera);
    });
    this.check.start(away);
    this.mover?.start();
    this.deps.keepFootage?.(this.locks);
    this.tick();
    return report;
  }

  /** Moves between folders what is due, now. Resolves when it is done. */
  async moveNow(): Promise<void> {
    await this.mover?.run();
  }

  private recorders(): StreamRecorder[] {
    return [...this.entries.values()].flatMap(({ main, sub }) => [main, sub]);
  }

  /** Begins to record a camera; frames come through the sinks. Call after `start`. */
  async addCamera(camera: RecordedCamera): Promise<RecordingHandle> {
    const { ledger, clock, index } = this.deps;
    const gaps = new GapKeeper({ cameraId: camera.id, ledger, writer: this.writer, clock });
    gaps.begin(index.newestEndEpochMs(camera.id, 'main'), camera.createdEpochMs);
    const main = this.buildRecorder(camera.id, 'main', gaps);
    const sub = this.buildRecorder(camera.id, 'sub', null);
    const settings = gateSettings(camera);
    const gates = {
      main: new EventGate({ sink: main, clock }, settings),
      sub: new EventGate({ sink: sub, clock }, settings),
    };
    const entry: RecordingEntry = { camera, gaps, main, sub, gates };
    this.entries.set(camera.id, entry);
    const now = clock.epochMs();
    for (const event of this.deps.listEvents?.(camera.id, now - settings.postRollSeconds * 1000, now) ?? [])
      this.noteEvent(camera.id, event);
    if (camera.recording.mode === 'off') await this.pause(entry);
    await noteCamera(this.deps, camera);
    return {
      main: gates.main,
      sub: gates.sub,
      update: (changed) => this.update(entry, changed),
      remove: (options) => this.remove(entry, options.deleteRecordings),
      get isRecording() {
        return entry.main.isRecording;
      },
      get gap() {
        return gaps.current;
      },
    };
  }

  /** Tells of an event as it is stored or changed: cameras that are recorded only around events keep what is around it. */
  noteEvent(cameraId: string, event: EpochRange): void {
    const gates = this.entries.get(cameraId)?.gates;
    gates?.main.note(event);
    gates?.sub.note(event);
  }

  /** Tells that something moves on, with what an event was about: it is kept on. */
  extendEvent(cameraId: string, epochMs: number): void {
    const gates = this.entries.get(cameraId)?.gates;
    gates?.main.extend(epochMs);
    gates?.sub.extend(epochMs);
  }

  /** The computer's clock was set. A step forwards is a hole between two segments, which their recorder notes. */
  noteClockStep({ byMs, atEpochMs, isFollowed }: ClockStep): void {
    if (byMs > 0) return;
    const what = isFollowed
      ? 'recordings follow it.'
      : 'recordings went on in order, and their times run ahead of it for now.';
    const detail = `The clock of this computer was set back by ${(-byMs / 1000).toFixed(1)} s; ${what}`;
    for (const { gaps } of this.entries.values()) gaps.remark(atEpochMs, 'clock-step', detail);
  }

  /** What waits in memory for an event, and what was given up because it did not fit, per camera. */
  held(): Array<{ cameraId: string } & EventGate['held']> {
    return [...this.entries].map(([cameraId, entry]) => ({ cameraId, ...heldOf(entry) }));
  }

  /** Deletes all footage of a camera that is not being recorded. Throws what the disks say. */
  async removeFootage(cameraId: string): Promise<void> {
    await this.retention.settled();
    await removeCameraFootage({ ...this.deps, writer: this.writer }, cameraId);
  }

  /** What is being written of a stream, up to the last frame on disk; ascending. */
  openSegments(cameraId: string, stream: StreamKind): SegmentRecord[] {
    return this.entries.get(cameraId)?.[stream].openSegments() ?? [];
  }

  /** Recorded share of a local day, 0..1; null when nothing was wanted. `daysBack` 0 is today. */
  completeness(cameraId: string, daysBack: number): { day: string; completeness: number | null } {
    const entry = this.entries.get(cameraId);
    return measureCompleteness(this.deps, cameraId, daysBack, {
      open: this.openSegments(cameraId, 'main'),
      isRecording: entry?.main.isRecording ?? false,
      createdEpochMs: entry?.camera.createdEpochMs,
    });
  }

  /** What came to the recorder of a camera, what it wrote and gave up, and what waits for the disk, by stream. */
  counts(cameraId: string): StreamCounts[] {
    const entry = this.entries.get(cameraId);
    return entry ? countsOf(entry) : [];
  }

  /** Space used, free and forecast, as it was when the disks were last looked at. */
  storage(): StorageView {
    const open = this.recorders().flatMap((recorder) => recorder.openSegments());
    return measureStorage({ ...this.deps, locks: this.locks }, open);
  }

  /** Runs retention now (limits were lowered), or right after the run under way. */
  applyLimits(): Promise<void> {
    return this.retention.run();
  }

  /** Ends all recording; everything that has arrived is on disk when it resolves. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTick?.();
    const others = [this.mover?.stop(), this.retention.stop(), this.check.stop(), this.repair.stop()];
    await Promise.all(this.recorders().map((recorder) => recorder.stop('engine-stopped', STOPPED_DETAIL)));
    for (const entry of this.entries.values()) entry.gaps.missing('engine-stopped', STOPPED_DETAIL);
    await Promise.all(others);
    this.deps.volumes.stop();
    this.writer.stop();
  }

  private buildRecorder(cameraId: string, stream: StreamKind, gaps: GapKeeper | null): StreamRecorder {
    const { volumes, index, clock, log, segmentMs, maxQueueBytes } = this.deps;
    const onSegmentClosed = () => void this.applyLimits();
    return new StreamRecorder({
      ...{ cameraId, stream, volumes, index, writer: this.writer, pace: this.pace },
      ...{ gaps, clock, log, onSegmentClosed },
      ...(segmentMs === undefined ? {} : { segmentMs }),
      ...(maxQueueBytes === undefined ? {} : { maxQueueBytes }),
    });
  }

  private async update(entry: RecordingEntry, camera: RecordedCamera): Promise<void> {
    const was = entry.camera.recording;
    const wasOffBecause = entry.camera.recordingOffBecause;
    entry.camera = camera;
    for (const gate of [entry.gates.main, entry.gates.sub]) gate.configure(gateSettings(camera));
    const isNewReason = was.mode !== 'off' || wasOffBecause !== camera.recordingOffBecause;
    if (camera.recording.mode === 'off' && isNewReason) await this.pause(entry);
    if (camera.recording.mode !== 'off' && was.mode === 'off') {
      entry.main.resume();
      entry.sub.resume();
    }
    await noteCamera(this.deps, camera);
    if (camera.recording.days < was.days || camera.recording.maxBytes !== was.maxBytes)
      void this.applyLimits();
  }

  private async pause(entry: RecordingEntry): Promise<void> {
    const { recordingOffBecause } = entry.camera;
    const detail = recordingOffBecause ? `${recordingOffBecause}.` : PAUSED_DETAIL;
    await Promise.all([entry.main.stop('paused', detail), entry.sub.stop('paused', detail)]);
  }

  private async remove(entry: RecordingEntry, deleteRecordings: boolean): Promise<void> {
    const { id } = entry.camera;
    await Promise.all([entry.main.stop('paused', PAUSED_DETAIL), entry.sub.stop('paused', PAUSED_DETAIL)]);
    this.entries.delete(id);
    if (deleteRecordings) await this.removeFootage(id);
  }

  private tick(): void {
    if (this.stopped) return;
    const { ledger, clock, log } = this.deps;
    this.writer.write(() => ledger.noteRunning(clock.epochMs()));
    void this.locks
      .expire()
      .catch((error: unknown) =>
        log.error({ problem: messageOf(error) }, 'locks that have run out could not be removed'),
      );
    void this.applyLimits();
    this.cancelTick = clock.after(RETENTION_EVERY_MS, () => this.tick());
  }
}
