/** All recording of an engine: a recorder per camera stream, the repair at the start, retention, and what storage looks like. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageView } from '../../shared/contract.ts';
import {
  type Gap,
  type Recording,
  RecordingSchema,
  STREAM_KINDS,
  type StreamKind,
} from '../../shared/domain.ts';
import { messageOf } from '../../shared/errors.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { CaptureSink } from '../media/fragment.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { ClockStep } from '../platform/steady-clock.ts';
import { listAwayCameras } from './archive-check.ts';
import { writeCameraFile } from './camera-file.ts';
import { EventGate, type GateSettings } from './event-gate.ts';
import { FootageLocks, type LockIndex } from './footage-locks.ts';
import { GapKeeper, STOPPED_DETAIL } from './gap-keeper.ts';
import { LaterCheck } from './later-check.ts';
import { PatientWriter } from './patient-writer.ts';
import { measureCompleteness } from './recorded-share.ts';
import { type RecoveryReport, recoverSegments } from './recovery.ts';
import { runRetention, type StorageLimits } from './retention.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';
import { measureStorage } from './storage.ts';
import { StreamRecorder } from './stream-recorder.ts';
import { WritePace } from './write-pace.ts';

export interface RecordingDeps {
  /** The recordings folder, DATA/recordings. */
  root: string;
  index: SegmentIndex;
  ledger: Ledger;
  limits(): StorageLimits;
  /** Events of a camera that overlap [from, to]: those whose post-roll a restart must go on with. Later ones come by `noteEvent`. */
  listEvents?(cameraId: string, fromEpochMs: number, toEpochMs: number): EpochRange[];
  /** Absent: locks stand beside the footage alone. */
  locks?: LockIndex;
  onLocksChanged?(): void;
  clock: Clock;
  log: Logger;
  segmentMs?: number;
  maxQueueBytes?: number;
}

/** What recording needs to know of a camera. */
export interface RecordedCamera {
  id: string;
  name: string;
  recording: Pick<Recording, 'mode' | 'days' | 'maxBytes'> & Partial<GateSettings>;
  createdEpochMs?: number;
  /** Why the mode is `off` for now, for the ledger; absent where the user has chosen it. */
  recordingOffBecause?: string;
}

export interface RecordingHandle {
  main: CaptureSink;
  sub: CaptureSink;
  /** Name, days or mode have changed. */
  update(camera: RecordedCamera): Promise<void>;
  /** Ends recording; with `deleteRecordings` its footage and ledger are removed too. */
  remove(options: { deleteRecordings: boolean }): Promise<void>;
  /** Whether frames of the main stream are reaching the disk. */
  readonly isRecording: boolean;
  /** Since when and why nothing is stored; null while recording. */
  readonly gap: Gap | null;
}

interface Entry {
  camera: RecordedCamera;
  main: StreamRecorder;
  sub: StreamRecorder;
  gates: Record<StreamKind, EventGate>;
  gaps: GapKeeper;
}

const RETENTION_EVERY_MS = 60_000;
/** Folders of removed cameras, until they are really gone. */
const DELETING = '.deleting-';
const PAUSED_DETAIL = 'Recording is switched off for this camera.';

export class RecordingService {
  private readonly deps: RecordingDeps;
  readonly locks: FootageLocks;
  private readonly check: LaterCheck;
  private readonly writer: PatientWriter;
  private readonly pace = new WritePace();
  private readonly entries = new Map<string, Entry>();
  private cancelTick: (() => void) | null = null;
  private retention: Promise<void> | null = null;
  private retentionWanted = false;
  private stopped = false;

  constructor(deps: RecordingDeps) {
    this.deps = deps;
    this.writer = new PatientWriter(deps);
    this.check = new LaterCheck(deps);
    const { root, index, locks: store, clock, log } = deps;
    const capBytes = async () => (await this.storage()).lockCapBytes;
    const onChange = () => deps.onLocksChanged?.();
    const openSegments = (cameraId: string) =>
      STREAM_KINDS.flatMap((stream) => this.openSegments(cameraId, stream));
    this.locks = new FootageLocks({ root, store, index, openSegments, capBytes, onChange, clock, log });
  }

  /** Repairs what a crash left, then begins to look after the space. Throws when the folder cannot be used. */
  async start(): Promise<RecoveryReport> {
    const { root, index, log } = this.deps;
    await mkdir(root, { recursive: true });
    for (const name of await readdir(root)) {
      if (name.startsWith(DELETING)) await rm(join(root, name), { recursive: true, force: true });
    }
    await this.locks.start();
    const away = await listAwayCameras(root, index);
    const report = await recoverSegments(root, index);
    if (report.repaired + report.found + report.removed > 0)
      log.info(report, 'recordings repaired after a crash');
    this.check.start(away);
    this.tick();
    return report;
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
    const entry: Entry = { camera, gaps, main, sub, gates };
    this.entries.set(camera.id, entry);
    const now = clock.epochMs();
    for (const event of this.deps.listEvents?.(camera.id, now - settings.postRollSeconds * 1000, now) ?? [])
      this.noteEvent(camera.id, event);
    if (camera.recording.mode === 'off') await this.pause(entry);
    await this.noteCamera(camera);
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
    return [...this.entries].map(([cameraId, { gates }]) => {
      const [main, sub] = [gates.main.held, gates.sub.held];
      return {
        cameraId,
        bytes: main.bytes + sub.bytes,
        droppedGroups: main.droppedGroups + sub.droppedGroups,
      };
    });
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
  counts(cameraId: string): Array<{
    stream: StreamKind;
    framesReceived: number;
    framesDropped: number;
    writtenBytes: number;
    waitingBytes: number;
  }> {
    const entry = this.entries.get(cameraId);
    if (!entry) return [];
    return STREAM_KINDS.map((stream) => {
      const { received, dropped, writtenBytes, waitingBytes } = entry[stream];
      return { stream, framesReceived: received, framesDropped: dropped, writtenBytes, waitingBytes };
    }).filter(({ stream, framesReceived }) => stream === 'main' || framesReceived > 0);
  }

  /** Space used, free and forecast. Throws when the disk does not answer. */
  storage(): Promise<StorageView> {
    const open = [...this.entries.values()].flatMap(({ main, sub }) => [
      ...main.openSegments(),
      ...sub.openSegments(),
    ]);
    return measureStorage({ ...this.deps, locks: this.locks }, open);
  }

  /** Runs retention now (limits were lowered), or right after the run under way. */
  applyLimits(): Promise<void> {
    this.retentionWanted = true;
    this.retention ??= this.retain().finally(() => {
      this.retention = null;
    });
    return this.retention;
  }

  /** Ends all recording; everything that has arrived is on disk when it resolves. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTick?.();
    await Promise.all(
      [...this.entries.values()].flatMap(({ main, sub }) => [
        main.stop('engine-stopped', STOPPED_DETAIL),
        sub.stop('engine-stopped', STOPPED_DETAIL),
      ]),
    );
    for (const entry of this.entries.values()) entry.gaps.missing('engine-stopped', STOPPED_DETAIL);
    await Promise.all([this.retention, this.check.stop()]);
    this.writer.stop();
  }

  private buildRecorder(cameraId: string, stream: StreamKind, gaps: GapKeeper | null): StreamRecorder {
    const { root, index, clock, log, segmentMs, maxQueueBytes } = this.deps;
    const onSegmentClosed = () => void this.applyLimits();
    return new StreamRecorder({
      ...{ cameraId, stream, root, index, writer: this.writer, pace: this.pace },
      ...{ gaps, clock, log, onSegmentClosed },
      ...(segmentMs === undefined ? {} : { segmentMs }),
      ...(maxQueueBytes === undefined ? {} : { maxQueueBytes }),
    });
  }

  private async update(entry: Entry, camera: RecordedCamera): Promise<void> {
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
    await this.noteCamera(camera);
    if (camera.recording.days < was.days || camera.recording.maxBytes !== was.maxBytes)
      void this.applyLimits();
  }

  private async pause(entry: Entry): Promise<void> {
    const { recordingOffBecause } = entry.camera;
    const detail = recordingOffBecause ? `${recordingOffBecause}.` : PAUSED_DETAIL;
    await Promise.all([entry.main.stop('paused', detail), entry.sub.stop('paused', detail)]);
  }

  private async remove(entry: Entry, deleteRecordings: boolean): Promise<void> {
    const { index, ledger, root } = this.deps;
    const { id } = entry.camera;
    await Promise.all([entry.main.stop('paused', PAUSED_DETAIL), entry.sub.stop('paused', PAUSED_DETAIL)]);
    this.entries.delete(id);
    if (!deleteRecordings) return;
    await this.retention;
    // The folder is renamed first: a crash must not leave files that the next start takes for recordings.
    const doomed = join(root, `${DELETING}${id}`);
    await rename(join(root, id), doomed).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    this.writer.write(() => {
      index.removeCameraSegments(id);
      ledger.removeCameraGaps(id);
    });
    await rm(doomed, { recursive: true, force: true });
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

  private async retain(): Promise<void> {
    const { root, index, ledger, limits, clock, log } = this.deps;
    while (this.retentionWanted && !this.stopped) {
      this.retentionWanted = false;
      const cameras = () =>
        [...this.entries.values()].map(({ camera }) => ({
          cameraId: camera.id,
          days: camera.recording.days,
          maxBytes: camera.recording.maxBytes ?? null,
        }));
      try {
        const done = await runRetention(
          { root, index, ledger, locks: this.locks, limits, cameras },
          clock.epochMs(),
        );
        if (done.files > 0) log.info(done, 'old recordings deleted');
      } catch (error) {
        log.error({ problem: messageOf(error) }, 'old recordings could not be deleted');
      }
    }
  }

  private async noteCamera({ id, name, recording }: RecordedCamera): Promise<void> {
    try {
      const { days, maxBytes, audio } = RecordingSchema.parse(recording);
      await writeCameraFile(this.deps.root, { id, name, recording: { days, maxBytes, audio } });
    } catch (error) {
      this.deps.log.warn({ cameraId: id, problem: messageOf(error) }, 'camera.json could not be written');
    }
  }
}

function gateSettings({ recording }: RecordedCamera): GateSettings {
  const { mode, preRollSeconds, postRollSeconds, preRollMaxBytes } = RecordingSchema.parse(recording);
  return { mode, preRollSeconds, postRollSeconds, preRollMaxBytes };
}
