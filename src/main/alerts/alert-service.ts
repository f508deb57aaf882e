/** Looks at cameras and disk every second, stores alerts as they begin and end, and tells of them. They outlive the program. */
import type { Alert } from '../../shared/domain-storage.ts';
import { messageOf } from '../../shared/errors.ts';
import { DAY_MS } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { AlertStore } from '../store/alerts.ts';
import { type CameraFacts, judgeCamera, judgeStorage, type StorageFacts } from './judge-troubles.ts';
import {
  ALERT_TIMINGS,
  type AlertFinding,
  type AlertState,
  type AlertTimings,
  stepAlerts,
  troubleKey,
  type WatchedTrouble,
} from './step-alerts.ts';

export type AlertChange = 'raised' | 'reworded' | 'over' | 'acknowledged';

export interface AlertServiceDeps {
  store: AlertStore;
  /** Every camera as it is at the moment. */
  cameras(): CameraFacts[];
  /** Throws when the folder for recordings does not answer. */
  storage(): Promise<NonNullable<StorageFacts>>;
  transaction<T>(action: () => T): T;
  /** Puts into the outbox what others are told, in the alert's own transaction. */
  storeAlongside(alert: Alert, change: 'raised' | 'over'): void;
  announce(alert: Alert, change: AlertChange): void;
  clock: Clock;
  log: Logger;
  timings?: AlertTimings;
}

const LOOK_EVERY_MS = 1000;
const STORAGE_EVERY_MS = 15_000;
const PRUNE_EVERY_MS = 3_600_000;
const KEEP_MS = 90 * DAY_MS;

export class AlertService {
  private readonly deps: AlertServiceDeps;
  private readonly timings: AlertTimings;
  private state: AlertState = new Map();
  /** Ids of the alerts that last, by `troubleKey`. */
  private readonly open = new Map<string, number>();
  /** undefined: not asked yet. */
  private storage: StorageFacts | undefined;
  private storageAskedMs = Number.NEGATIVE_INFINITY;
  private prunedMs = Number.NEGATIVE_INFINITY;
  private cancelTick: (() => void) | null = null;
  private asking: Promise<void> | null = null;
  private stopped = false;

  constructor(deps: AlertServiceDeps) {
    this.deps = deps;
    this.timings = deps.timings ?? ALERT_TIMINGS;
  }

  /** Takes up the alerts that lasted when the program ended, and begins to look. */
  start(): void {
    const { clock, store } = this.deps;
    const nowMs = clock.monotonicMs();
    const offsetMs = nowMs - clock.epochMs();
    const state = new Map<string, WatchedTrouble>();
    for (const { id, kind, cameraId, words, advice, startEpochMs } of store.listOpen()) {
      const key = troubleKey({ kind, cameraId });
      // What is wrong with a picture or the disk is known again only after a while.
      const lastMs = nowMs + this.timings.raiseAfterMs[kind];
      const sinceMs = startEpochMs + offsetMs;
      state.set(key, { kind, cameraId, words, advice, sinceMs, lastMs, raised: true });
      this.open.set(key, id);
    }
    this.state = state;
    this.tick();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTick?.();
    await this.asking;
  }

  /** Notes that the user has seen an alert; null when there is none. */
  acknowledge(id: number): Alert | null {
    const alert = this.deps.store.acknowledge(id, this.deps.clock.epochMs());
    if (alert) this.deps.announce(alert, 'acknowledged');
    return alert;
  }

  private tick(): void {
    if (this.stopped) return;
    try {
      this.look();
    } catch (error) {
      this.deps.log.error({ err: error }, 'alerts could not be kept');
    }
    this.cancelTick = this.deps.clock.after(LOOK_EVERY_MS, () => this.tick());
  }

  private look(): void {
    const { clock, store } = this.deps;
    const atMs = clock.monotonicMs();
    this.askStorage(atMs);
    const cameras = this.deps.cameras();
    const troubles = cameras.flatMap(judgeCamera);
    if (this.storage !== undefined) troubles.push(...judgeStorage(this.storage, cameras));
    const { state, findings } = stepAlerts(this.state, { atMs, troubles }, this.timings);
    this.state = state;
    for (const finding of findings) this.follow(finding, clock.epochMs() - atMs);
    if (atMs - this.prunedMs < PRUNE_EVERY_MS) return;
    this.prunedMs = atMs;
    store.prune(clock.epochMs() - KEEP_MS);
  }

  /** The answer is used in later looks: a disk that hangs holds nothing up, and counts as away once it has hung for a whole turn. */
  private askStorage(atMs: number): void {
    if (atMs - this.storageAskedMs < STORAGE_EVERY_MS) return;
    this.storageAskedMs = atMs;
    if (this.asking) {
      this.storage = null;
      return;
    }
    this.asking = this.deps
      .storage()
      .then(
        (storage) => {
          this.storage = storage;
        },
        (error: unknown) => {
          this.deps.log.debug({ problem: messageOf(error) }, 'the folder for recordings does not answer');
          this.storage = null;
        },
      )
      .finally(() => {
        this.asking = null;
      });
  }

  private follow({ change, trouble }: AlertFinding, epochOffsetMs: number): void {
    const { store, transaction, storeAlongside, announce, log } = this.deps;
    const key = troubleKey(trouble);
    const known = this.open.get(key);
    const alert = transaction(() => {
      const stored =
        change === 'raised'
          ? store.add(this.describe(trouble, epochOffsetMs))
          : known === undefined
            ? null
            : change === 'over'
              ? store.end(known, trouble.lastMs + epochOffsetMs)
              : store.reword(known, trouble.words, trouble.advice);
      if (stored && change !== 'reworded') storeAlongside(stored, change);
      return stored;
    });
    if (!alert) return;
    if (change === 'raised') this.open.set(key, alert.id);
    if (change === 'over') this.open.delete(key);
    const { kind, cameraId, words } = alert;
    if (change !== 'reworded') log.info({ kind, cameraId, words }, `alert ${change}`);
    announce(alert, change);
  }

  private describe(
    { kind, cameraId, words, advice, sinceMs }: WatchedTrouble,
    epochOffsetMs: number,
  ): Parameters<AlertStore['add']>[0] {
    const camera = this.deps.cameras().find((one) => one.camera.id === cameraId)?.camera;
    return {
      kind,
      cameraId,
      cameraName: camera?.name ?? null,
      startEpochMs: sinceMs + epochOffsetMs,
      words,
      advice,
    };
  }
}
