/**
 * The durable outbox: JSON that is POSTed to other systems, tried again after 1, 5 and 25 s, over restarts too.
 * Put in within the transaction of what it tells of, it is sent if and only if that was stored.
 */
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Delivery, DeliveryState, OutboxStore } from '../store/outbox.ts';
import { type Answer, postJson } from './post.ts';

export interface OutgoingPost {
  /** What sends it; the UI lists deliveries by kind and target. */
  kind: 'camio-hook' | 'faceter-callback' | 'camlytics-webhook' | 'notification';
  /** Whom it belongs to within the kind: the id of the hook or webhook, of the export for a callback. */
  target: string;
  /** http or https; local addresses are allowed, redirects are not followed. */
  url: string;
  body: unknown;
  /** The same thing is put in once, however often it is asked for. */
  dedupeKey?: string;
}

export interface OutboxDeps {
  store: OutboxStore;
  clock: Clock;
  log: Logger;
  /** Sends one; replaced in tests. */
  post?: (url: string, body: string, signal: AbortSignal) => Promise<Answer>;
}

/** Waits before the second, third and fourth attempt. */
export const RETRY_AFTER_MS = [1000, 5000, 25_000] as const;
const MAX_AT_ONCE = 16;
/** A system that never answers holds up no other. */
const MAX_PER_HOST = 4;
/** More deliveries than these do not wait: further ones are dropped and logged. */
const MAX_WAITING = 50_000;
const LOOK_AHEAD = 200;
const KEEP_MS = 14 * 86_400_000;
const KEEP_COUNT = 20_000;
const PRUNE_EVERY = 200;

export class Outbox {
  private readonly deps: OutboxDeps;
  private readonly running = new Map<number, { host: string; done: Promise<void> }>();
  private readonly abort = new AbortController();
  private wakeUp: (() => void) | null = null;
  private kicked = false;
  private started = false;
  private stopped = false;
  private finished = 0;
  private waiting: number | null = null;

  constructor(deps: OutboxDeps) {
    this.deps = deps;
  }

  /** Begins to send, first what the last run left. */
  start(): void {
    this.started = true;
    this.kick();
  }

  /** Stops sending; what is under way is broken off and sent again after the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wakeUp?.();
    this.abort.abort();
    await Promise.allSettled([...this.running.values()].map(({ done }) => done));
  }

  /**
   * Puts a POST in; synchronous, and part of a transaction that is open. Returns its id; null when it is there already (by `dedupeKey`)
   * or when too many wait.
   */
  enqueue(post: OutgoingPost): number | null {
    const { store, clock, log } = this.deps;
    this.waiting ??= store.countWaiting();
    if (this.waiting >= MAX_WAITING) {
      log.error({ kind: post.kind, target: post.target }, 'too many deliveries wait: one is dropped');
      return null;
    }
    const id = store.add(
      {
        kind: post.kind,
        target: post.target,
        url: post.url,
        body: JSON.stringify(post.body),
        dedupeKey: post.dedupeKey ?? null,
      },
      clock.epochMs(),
    );
    if (id !== null) this.waiting += 1;
    this.kick();
    return id;
  }

  /** What became of deliveries, newest first. */
  list(filter: {
    kind?: OutgoingPost['kind'];
    target?: string;
    state?: DeliveryState;
    limit: number;
  }): Delivery[] {
    return this.deps.store.list(filter);
  }

  get(id: number): Delivery | null {
    return this.deps.store.get(id);
  }

  /** Forgets the deliveries of a target that is no more; what is under way ends by itself. */
  forget(kind: OutgoingPost['kind'], target: string): void {
    this.deps.store.removeTarget(kind, target);
    this.waiting = null;
  }

  /** Looks for work after the transaction that is open, if any, has ended: better-sqlite3's are synchronous. */
  private kick(): void {
    if (this.kicked || !this.started || this.stopped) return;
    this.kicked = true;
    setImmediate(() => {
      this.kicked = false;
      if (!this.stopped) this.sendDue();
    });
  }

  private sendDue(): void {
    this.wakeUp?.();
    this.wakeUp = null;
    const now = this.deps.clock.epochMs();
    for (let offset = 0; ; offset += LOOK_AHEAD) {
      const page = this.deps.store.due(now, { limit: LOOK_AHEAD, offset });
      for (const delivery of page) {
        if (this.running.size >= MAX_AT_ONCE) return; // whatever ends kicks again
        this.begin(delivery);
      }
      if (page.length < LOOK_AHEAD) break;
    }
    const next = this.deps.store.nextDueEpochMs(now);
    if (next !== null) this.wakeUp = this.deps.clock.after(Math.max(1, next - now), () => this.kick());
  }

  private begin(delivery: Delivery): void {
    const host = hostOf(delivery.url);
    if (this.running.has(delivery.id) || this.countOf(host) >= MAX_PER_HOST) return;
    const done = this.send(delivery).finally(() => {
      this.running.delete(delivery.id);
      this.kick();
    });
    this.running.set(delivery.id, { host, done });
  }

  private countOf(host: string): number {
    let count = 0;
    for (const run of this.running.values()) if (run.host === host) count += 1;
    return count;
  }

  private async send(delivery: Delivery): Promise<void> {
    const { clock, log, store, post = postJson } = this.deps;
    const answer = await post(delivery.url, delivery.body, this.abort.signal).catch(
      (error: unknown): Answer => ({
        status: null,
        text: error instanceof Error ? error.message : String(error),
      }),
    );
    if (this.stopped) return; // stays waiting
    const isTaken = answer.status !== null && answer.status >= 200 && answer.status < 300;
    const retryMs = isTaken ? undefined : RETRY_AFTER_MS[delivery.attempts];
    const now = clock.epochMs();
    try {
      store.settle(
        delivery.id,
        {
          state: isTaken ? 'delivered' : retryMs === undefined ? 'failed' : 'waiting',
          nextAttemptEpochMs: retryMs === undefined ? null : now + retryMs,
          answerStatus: answer.status,
          answer: answer.text,
        },
        now,
      );
    } catch (error) {
      log.error({ err: error, kind: delivery.kind }, 'the outcome of a delivery could not be stored');
      return;
    }
    if (!isTaken) {
      const facts = {
        kind: delivery.kind,
        target: delivery.target,
        host: hostOf(delivery.url),
        status: answer.status,
      };
      log.warn(
        facts,
        retryMs === undefined ? 'a delivery was given up' : 'a delivery failed and is tried again',
      );
    }
    if (retryMs === undefined) this.noteFinished(now);
  }

  private noteFinished(now: number): void {
    if (this.waiting !== null) this.waiting -= 1;
    this.finished += 1;
    if (this.finished % PRUNE_EVERY !== 1) return;
    this.deps.store.prune(now - KEEP_MS, KEEP_COUNT);
    this.waiting = null;
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
