/** A camera as recording knows it: its settings, the parts that record it, what they say, and what stands beside its footage. */

import { type Recording, RecordingSchema } from '../../shared/domain-camera.ts';
import { type Gap, STREAM_KINDS, type StreamKind } from '../../shared/domain-storage.ts';
import { messageOf } from '../../shared/errors.ts';
import type { CaptureSink } from '../media/fragment.ts';
import type { Logger } from '../platform/log.ts';
import { writeCameraFile } from './camera-file.ts';
import type { EventGate, GateSettings } from './event-gate.ts';
import type { GapKeeper } from './gap-keeper.ts';
import type { StreamRecorder } from './stream-recorder.ts';
import type { Volumes } from './volumes.ts';

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

/** The parts that record a camera. */
export interface RecordingEntry {
  camera: RecordedCamera;
  main: StreamRecorder;
  sub: StreamRecorder;
  gates: Record<StreamKind, EventGate>;
  gaps: GapKeeper;
}

export interface StreamCounts {
  stream: StreamKind;
  framesReceived: number;
  framesDropped: number;
  writtenBytes: number;
  waitingBytes: number;
}

export function gateSettings({ recording }: RecordedCamera): GateSettings {
  const { mode, preRollSeconds, postRollSeconds, preRollMaxBytes } = RecordingSchema.parse(recording);
  return { mode, preRollSeconds, postRollSeconds, preRollMaxBytes };
}

/** Writes `camera.json` in every folder for recording; an archive gets it with the first segment. Never throws. */
export async function noteCamera(
  { volumes, log }: { volumes: Volumes; log: Logger },
  { id, name, recording }: RecordedCamera,
): Promise<void> {
  const { days, maxBytes, audio } = RecordingSchema.parse(recording);
  for (const { path, role } of volumes.writable()) {
    if (role !== 'record') continue;
    await writeCameraFile(path, { id, name, recording: { days, maxBytes, audio } }).catch((error: unknown) =>
      log.warn({ cameraId: id, folder: path, problem: messageOf(error) }, 'camera.json could not be written'),
    );
  }
}

/** What waits in memory for an event, and what was given up because it did not fit. */
export function heldOf({ gates }: RecordingEntry): EventGate['held'] {
  const [main, sub] = [gates.main.held, gates.sub.held];
  return { bytes: main.bytes + sub.bytes, droppedGroups: main.droppedGroups + sub.droppedGroups };
}

/** What came, what was written and given up and what waits for the disk; the sub stream only where there is one. */
export function countsOf(entry: RecordingEntry): StreamCounts[] {
  return STREAM_KINDS.map((stream) => {
    const { received, dropped, writtenBytes, waitingBytes } = entry[stream];
    return { stream, framesReceived: received, framesDropped: dropped, writtenBytes, waitingBytes };
  }).filter(({ stream, framesReceived }) => stream === 'main' || framesReceived > 0);
}

/** What retention keeps of a camera. */
export function keptOf({ id, recording }: RecordedCamera): {
  cameraId: string;
  days: number;
  maxBytes: number | null;
} {
  return { cameraId: id, days: recording.days, maxBytes: recording.maxBytes ?? null };
}
