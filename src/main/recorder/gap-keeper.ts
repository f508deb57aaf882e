/** Keeps the ledger of one camera: since when nothing has been stored, and why. An open gap is on disk as soon as it opens. */
import type { Gap, GapCause } from '../../shared/domain-storage.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';
import type { PatientWriter } from './patient-writer.ts';
import type { Ledger } from './segment-index.ts';

/** Shorter holes are within the jitter of a stream that went on. */
export const SHORTEST_GAP_MS = 200;
/** Where a stream is known to have been cut, what is missing is told from about one frame on. */
const SHORTEST_CUT_MS = 30;

/** A gap this young, when the program is closed, is part of the closing. */
const CLOSING_MS = 3000;

export const CRASH_DETAIL = 'The program was not running: it or the computer had stopped without warning.';
/** A camera this young, without any footage, is being connected for the first time. */
const NEW_CAMERA_MS = 60_000;
export const CONNECTING_DETAIL = 'There had been no picture of the camera yet.';
export const PAUSED_DETAIL = 'Recording is switched off for this camera.';
export const STOPPED_DETAIL = 'The program was closed.';

export interface GapKeeperDeps {
  cameraId: string;
  ledger: Ledger;
  writer: PatientWriter;
  clock: Clock;
}

export class GapKeeper {
  private readonly deps: GapKeeperDeps;
  private open: Gap | null = null;
  private startedEpochMs: number;
  private lastStoredEndEpochMs: number | null = null;

  constructor(deps: GapKeeperDeps) {
    this.deps = deps;
    this.startedEpochMs = deps.clock.epochMs();
  }

  /** Takes up where the last run ended. `newestEndEpochMs`: the end of the newest footage on disk; `createdEpochMs`: of the camera. */
  begin(newestEndEpochMs: number | null, createdEpochMs?: number): void {
    const { ledger, cameraId, clock } = this.deps;
    const now = clock.epochMs();
    const isNew = newestEndEpochMs === null && now - (createdEpochMs ?? now) < NEW_CAMERA_MS;
    this.startedEpochMs = isNew ? Math.min(now, createdEpochMs ?? now) : now;
    this.lastStoredEndEpochMs = newestEndEpochMs;
    const left = ledger.openGapOf(cameraId);
    if (left) {
      const { knownUntilEpochMs, ...gap } = left;
      this.open = gap;
      if (gap.cause !== 'engine-stopped') {
        const until = Math.min(Math.max(gap.startEpochMs, knownUntilEpochMs), this.startedEpochMs);
        this.change(until, 'engine-stopped', CRASH_DETAIL);
      }
    } else if (newestEndEpochMs !== null && newestEndEpochMs < this.startedEpochMs) {
      this.put({
        startEpochMs: newestEndEpochMs,
        endEpochMs: null,
        cause: 'engine-stopped',
        detail: CRASH_DETAIL,
      });
    }
  }

  /** Footage of [start, end) is on disk; ends an open gap. */
  stored(startEpochMs: number, endEpochMs: number): void {
    const since = this.open?.startEpochMs;
    if (this.open) this.close(startEpochMs);
    else if (this.lastStoredEndEpochMs === null)
      this.hole(this.startedEpochMs, startEpochMs, 'connecting', CONNECTING_DETAIL);
    // Frames from memory may be older than the open gap.
    if (since !== undefined && startEpochMs < since) this.storedLate(startEpochMs, since);
    this.lastStoredEndEpochMs = endEpochMs;
  }

  /** Footage of [start, end), apart from what is being recorded, is on disk after all: no gap covers it. */
  storedLate(startEpochMs: number, endEpochMs: number): void {
    const { writer, ledger, cameraId } = this.deps;
    if (this.open)
      this.open =
        planCarve(this.open, startEpochMs, endEpochMs).find((gap) => gap.endEpochMs === null) ?? null;
    writer.write(() => {
      for (const gap of ledger.listGaps(cameraId, startEpochMs, endEpochMs))
        carveGap(ledger, cameraId, gap, { startEpochMs, endEpochMs });
    });
  }

  /**
   * Nothing is stored from the end of the last footage on (or since an open gap changed its cause, at `sinceEpochMs` where that is
   * known better than as now).
   */
  missing(cause: GapCause, detail: string, sinceEpochMs: number | null = null): void {
    if (this.open) {
      if (this.open.cause === cause) {
        if (this.open.detail !== detail) this.put({ ...this.open, detail });
        return;
      }
      const now = this.deps.clock.epochMs();
      // Closing the program ends the captures first: that is one cause, not two.
      if (cause === 'engine-stopped' && now - this.open.startEpochMs < CLOSING_MS) {
        this.put({ ...this.open, cause, detail });
        return;
      }
      const changedEpochMs =
        this.open.cause === 'engine-stopped' ? this.startedEpochMs : (sinceEpochMs ?? now);
      this.change(Math.min(Math.max(changedEpochMs, this.open.startEpochMs), now), cause, detail);
      return;
    }
    const startEpochMs = this.lastStoredEndEpochMs ?? this.startedEpochMs;
    this.put({ startEpochMs, endEpochMs: null, cause, detail });
  }

  /** A hole between two pieces of footage that both are there. */
  hole(startEpochMs: number, endEpochMs: number, cause: GapCause, detail: string): void {
    const { writer, ledger, cameraId } = this.deps;
    if (this.open || endEpochMs - startEpochMs < SHORTEST_GAP_MS) return;
    writer.write(() => ledger.putGap(cameraId, { startEpochMs, endEpochMs, cause, detail }));
  }

  /** Something of the time line that is no gap, as an instant in the ledger. */
  remark(atEpochMs: number, cause: GapCause, detail: string): void {
    const { writer, ledger, cameraId } = this.deps;
    if (this.open) return;
    const startEpochMs = Math.round(atEpochMs);
    writer.write(() =>
      ledger.putGap(cameraId, { startEpochMs, endEpochMs: startEpochMs + 1, cause, detail }),
    );
  }

  /** The gap that lasts, as the user should see it. */
  get current(): Gap | null {
    return this.open;
  }

  private change(atEpochMs: number, cause: GapCause, detail: string): void {
    this.close(atEpochMs);
    this.put({ startEpochMs: atEpochMs, endEpochMs: null, cause, detail });
  }

  private put(gap: Gap): void {
    const { writer, ledger, cameraId } = this.deps;
    const rounded = { ...gap, startEpochMs: Math.round(gap.startEpochMs) };
    this.open = rounded;
    writer.write(() => ledger.putGap(cameraId, rounded));
  }

  private close(endEpochMs: number): void {
    const { writer, ledger, cameraId } = this.deps;
    const gap = this.open;
    this.open = null;
    if (!gap) return;
    if (endEpochMs - gap.startEpochMs < SHORTEST_CUT_MS)
      writer.write(() => ledger.removeGap(cameraId, gap.startEpochMs));
    else writer.write(() => ledger.putGap(cameraId, { ...gap, endEpochMs }));
  }
}

/** The ledger learns that a range, of which a gap says that nothing is stored, is stored after all. */
export function carveGap(
  ledger: Pick<Ledger, 'putGap' | 'removeGap'>,
  cameraId: string,
  gap: Gap,
  { startEpochMs, endEpochMs }: EpochRange,
): void {
  const left = planCarve(gap, startEpochMs, endEpochMs);
  if (!left.some((one) => one.startEpochMs === gap.startEpochMs))
    ledger.removeGap(cameraId, gap.startEpochMs);
  for (const one of left) ledger.putGap(cameraId, one);
}

/** What is left of a gap where [start, end) turns out to be stored; pieces within the jitter of a stream are left out. */
export function planCarve(gap: Gap, startEpochMs: number, endEpochMs: number): Gap[] {
  const gapEndEpochMs = gap.endEpochMs ?? Number.POSITIVE_INFINITY;
  if (endEpochMs <= gap.startEpochMs || startEpochMs >= gapEndEpochMs) return [gap];
  const before = { ...gap, endEpochMs: startEpochMs };
  const after = { ...gap, startEpochMs: endEpochMs };
  return [
    ...(startEpochMs - gap.startEpochMs >= SHORTEST_GAP_MS ? [before] : []),
    ...(gapEndEpochMs - endEpochMs >= SHORTEST_GAP_MS ? [after] : []),
  ];
}
