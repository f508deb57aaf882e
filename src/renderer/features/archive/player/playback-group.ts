/**
 * One to nine players on one wall clock. The first that has footage leads; the others are nudged or moved to its time.
 * A camera without footage waits for its next; only when all have none is the hole skipped.
 */
import type { ArchivePlayer } from './archive-player.ts';

export interface PlaybackGroupDeps {
  /** Each animation frame while something moves, and after each command. */
  onTime(epochMs: number): void;
  onPlaying(playing: boolean): void;
  /** All cameras were without footage in between. */
  onSkip(fromEpochMs: number, toEpochMs: number): void;
  /** Where the newest footage of these cameras before a time ends; null where there is none. */
  askEarlier(cameraIds: readonly string[], epochMs: number): Promise<number | null>;
}

/** Beyond this a player jumps instead of catching up. */
const JUMP_DRIFT_MS = 700;
const JUMP_PAUSE_MS = 1200;
/** Below this nobody sees a difference between two pictures. */
const CALM_DRIFT_MS = 25;
const REVERSE_STEP_MS = 90;
/** Before the end of footage there is surely a picture. */
const LAST_PICTURE_MS = 100;

export class PlaybackGroup {
  readonly #deps: PlaybackGroupDeps;
  readonly #players = new Map<string, ArchivePlayer>();
  readonly #jumpedAtMs = new Map<string, number>();
  #epochMs: number;
  #playing = false;
  #rate = 1;
  /** Speed backwards; 0 while not going backwards. */
  #reverse = 0;
  #reversedAtMs = 0;
  /** Backwards it goes on from here: a player may have moved on over a short hole. */
  #reverseEpochMs = 0;
  #isAskingEarlier = false;
  #sound = false;
  #frame = 0;

  constructor(deps: PlaybackGroupDeps, epochMs: number) {
    this.#deps = deps;
    this.#epochMs = epochMs;
  }

  start(): void {
    const tick = () => {
      this.#frame = requestAnimationFrame(tick);
      this.#tick();
    };
    this.#frame = requestAnimationFrame(tick);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  get epochMs(): number {
    return this.#epochMs;
  }

  /** Whether one of them is looking for a picture. */
  get seeking(): boolean {
    return [...this.#players.values()].some((player) => player.seeking);
  }

  attach(cameraId: string, player: ArchivePlayer): void {
    this.#players.set(cameraId, player);
    this.#share();
    player.setRate(this.#rate);
    player.seek(this.#epochMs);
    if (this.#playing) player.play();
    this.#shareSound();
  }

  detach(cameraId: string): void {
    this.#players.delete(cameraId);
    this.#share();
    this.#shareSound();
  }

  /** `withinMs`: it may be earlier by so much, if it is there sooner; several show the same moment in the end. */
  seek(epochMs: number, withinMs = 0): void {
    this.#epochMs = epochMs;
    this.#reverseEpochMs = epochMs;
    for (const player of this.#players.values())
      player.seek(epochMs, { withinMs, settles: this.#players.size > 1 });
    this.#deps.onTime(epochMs);
  }

  play(): void {
    this.#reverse = 0;
    this.#setPlaying(true);
  }

  pause(): void {
    this.#reverse = 0;
    this.#setPlaying(false);
  }

  /** Backwards at this speed; pictures are sought one after the other. */
  playBackwards(speed: number): void {
    this.#setPlaying(false);
    this.#reverse = speed;
    this.#reversedAtMs = performance.now();
    this.#reverseEpochMs = this.#epochMs;
    this.#deps.onPlaying(true);
  }

  get reverseSpeed(): number {
    return this.#reverse;
  }

  setRate(rate: number): void {
    this.#rate = rate;
    for (const player of this.#players.values()) player.setRate(rate);
  }

  setSound(on: boolean): void {
    this.#sound = on;
    this.#shareSound();
  }

  step(direction: 1 | -1): void {
    this.pause();
    const leader = this.#leader();
    if (!leader) return;
    leader.step(direction);
    this.#epochMs = leader.epochMs;
    for (const player of this.#players.values()) if (player !== leader) player.seek(this.#epochMs);
  }

  /** One microphone at a time: that of the first who has footage. */
  #shareSound(): void {
    const all = [...this.#players.values()];
    const heard = all.find(({ status }) => !/^(gap|upload|unsupported)$/.test(status.kind)) ?? all[0];
    for (const player of all) player.setSound(this.#sound && player === heard);
  }

  #setPlaying(playing: boolean): void {
    this.#playing = playing;
    for (const player of this.#players.values()) {
      if (playing) player.play();
      else player.pause();
    }
    this.#deps.onPlaying(playing);
  }

  #share(): void {
    for (const player of this.#players.values()) player.skipsHoles = this.#players.size === 1;
  }

  #tick(): void {
    if (this.#reverse > 0) this.#goBack();
    const leader = this.#leader();
    const before = this.#epochMs;
    if (leader) this.#epochMs = leader.epochMs;
    else if (this.#playing && this.#players.size > 1) this.#skipCommonHole();
    if (leader && this.#players.size > 1) this.#keepStep(leader);
    if (this.#epochMs !== before) this.#deps.onTime(this.#epochMs);
  }

  #leader(): ArchivePlayer | null {
    for (const player of this.#players.values()) {
      const { kind } = player.status;
      if (kind === 'ready' || kind === 'edge') return player;
    }
    for (const player of this.#players.values()) if (player.status.kind === 'upload') return player;
    return this.#players.size === 1 ? [...this.#players.values()][0]! : null;
  }

  #keepStep(leader: ArchivePlayer): void {
    const now = performance.now();
    for (const [cameraId, player] of this.#players) {
      if (player === leader) continue;
      const { status } = player;
      if (status.kind === 'unsupported' || status.kind === 'failed' || player.seeking) continue;
      const rested = now - (this.#jumpedAtMs.get(cameraId) ?? 0) > JUMP_PAUSE_MS;
      if (status.kind === 'gap') {
        if (rested && status.nextEpochMs !== null && status.nextEpochMs <= this.#epochMs)
          this.#jump(cameraId, player, now);
        continue;
      }
      const driftMs = player.epochMs - this.#epochMs;
      if (status.kind === 'upload') {
        if (Math.abs(driftMs) > JUMP_DRIFT_MS * Math.max(1, this.#rate)) player.advance(this.#epochMs);
        continue;
      }
      if (Math.abs(driftMs) > JUMP_DRIFT_MS * Math.max(1, this.#rate)) {
        if (rested) this.#jump(cameraId, player, now);
      } else if (this.#playing) {
        const calm = Math.abs(driftMs) < CALM_DRIFT_MS;
        player.nudge(calm ? 1 : 1 - Math.max(-0.15, Math.min(0.15, driftMs / 1000)));
      }
    }
  }

  #jump(cameraId: string, player: ArchivePlayer, now: number): void {
    this.#jumpedAtMs.set(cameraId, now);
    player.seek(this.#epochMs);
  }

  #skipCommonHole(): void {
    const statuses = [...this.#players.values()].map((player) => player.status);
    if (!statuses.every((status) => status.kind === 'gap')) return;
    const nexts = statuses.flatMap((status) =>
      status.kind === 'gap' && status.nextEpochMs ? [status.nextEpochMs] : [],
    );
    if (nexts.length === 0) return;
    const to = Math.min(...nexts);
    this.#deps.onSkip(this.#epochMs, to);
    this.seek(to);
  }

  #goBack(): void {
    const now = performance.now();
    if (now - this.#reversedAtMs < REVERSE_STEP_MS) return;
    if (this.seeking || this.#isAskingEarlier) return;
    const back = Math.min(400, now - this.#reversedAtMs) * this.#reverse;
    this.#reversedAtMs = now;
    if ([...this.#players.values()].every(({ status }) => status.kind === 'gap')) void this.#leapBack();
    else this.seek(this.#reverseEpochMs - back);
  }

  /** Backwards over a hole of all cameras; at the oldest footage it ends. */
  async #leapBack(): Promise<void> {
    this.#isAskingEarlier = true;
    const from = this.#reverseEpochMs;
    const endEpochMs = await this.#deps.askEarlier([...this.#players.keys()], from).catch(() => null);
    this.#isAskingEarlier = false;
    if (this.#reverse === 0 || this.#reverseEpochMs !== from) return;
    if (endEpochMs === null) {
      this.pause();
      return;
    }
    this.#deps.onSkip(endEpochMs, from);
    this.seek(endEpochMs - LAST_PICTURE_MS);
  }
}
