/** Lanes for whatever the timeline shows: asks the engine tile by tile, keeps answers, shows coarser ones until finer arrive. */
import type { TimelineLane } from '../../../../shared/contract-archive.ts';
import { type EpochRange, isWithin } from '../../../../shared/units.ts';
import {
  joinTiles,
  type LaneData,
  planTiles,
  rangeOfTiles,
  type Tile,
  type TileAnswer,
  tileKey,
} from './lane-data.ts';
import type { TimeView } from './scale.ts';

export interface LaneSourceDeps {
  fetch(cameraIds: readonly string[], tile: Tile, signal: AbortSignal): Promise<TimelineLane[]>;
  now(): number;
  /** New lanes are there. */
  onChange(): void;
  /** null when the engine answers again. */
  onProblem(problem: string | null): void;
}

interface CachedTile extends TileAnswer {
  cameras: string;
  fetchedAtMs: number;
}

const MOST_TILES = 240;
const MOST_REQUESTS = 4;
const LIVE_REFRESH_MS = 4000;
const RETRY_MS = 5000;

export class LaneSource {
  readonly #deps: LaneSourceDeps;
  readonly #tiles = new Map<string, CachedTile>();
  readonly #inFlight = new Map<string, AbortController>();
  readonly #failedAtMs = new Map<string, number>();
  #version = 0;
  #memo: { key: string; lanes: LaneData[] } | null = null;

  constructor(deps: LaneSourceDeps) {
    this.#deps = deps;
  }

  stop(): void {
    for (const aborter of this.#inFlight.values()) aborter.abort();
    this.#inFlight.clear();
  }

  /** Something happened at that time: what is known of it is asked for again. */
  touch(epochMs: number): void {
    for (const cached of this.#tiles.values()) {
      if (isWithin(cached.tile, epochMs)) cached.fetchedAtMs = 0;
    }
    this.#deps.onChange();
  }

  /** Something changed that may lie anywhere. */
  touchAll(): void {
    for (const cached of this.#tiles.values()) cached.fetchedAtMs = 0;
    this.#deps.onChange();
  }

  /** The lanes of the view, from what is known now; missing tiles are fetched. `settled`: nothing is missing. */
  lanesFor(view: TimeView, cameraIds: readonly string[]): { lanes: LaneData[]; settled: boolean } {
    const tiles = planTiles(view);
    const wanted = new Set(tiles.map((tile) => tileKey(tile, cameraIds)));
    this.#request(tiles, cameraIds, wanted);
    const settled = tiles.every((tile) => this.#tiles.has(tileKey(tile, cameraIds)));
    const key = `${this.#version}:${[...wanted].sort().join('|')}`;
    if (this.#memo?.key !== key) {
      const answers = tiles.flatMap((tile) => this.#bestAnswers(tile, cameraIds));
      this.#memo = { key, lanes: joinTiles(answers, cameraIds, rangeOfTiles(tiles), this.#deps.now()) };
    }
    return { lanes: this.#memo.lanes, settled };
  }

  #bestAnswers(tile: Tile, cameraIds: readonly string[]): TileAnswer[] {
    const exact = this.#tiles.get(tileKey(tile, cameraIds));
    if (exact) return [exact];
    // Until the right one is there, whatever overlaps stands in, cut to the tile's range; nearest resolution last, so it wins.
    const cameras = cameraIds.join(',');
    return [...this.#tiles.values()]
      .filter((other) => other.cameras === cameras && overlaps(other.tile, tile))
      .sort((a, b) => distance(b.tile, tile) - distance(a.tile, tile))
      .slice(-8)
      .map((other) => ({
        lanes: other.lanes,
        tile: { ...intersect(other.tile, tile), resolutionMs: tile.resolutionMs },
      }));
  }

  #request(tiles: readonly Tile[], cameraIds: readonly string[], wanted: ReadonlySet<string>): void {
    for (const [key, aborter] of this.#inFlight) {
      if (!wanted.has(key)) {
        aborter.abort();
        this.#inFlight.delete(key);
      }
    }
    if (cameraIds.length === 0) return;
    const now = this.#deps.now();
    for (const tile of tiles) {
      if (this.#inFlight.size >= MOST_REQUESTS) return;
      const key = tileKey(tile, cameraIds);
      if (this.#inFlight.has(key) || tile.startEpochMs > now) continue;
      if (now - (this.#failedAtMs.get(key) ?? 0) < RETRY_MS) continue;
      if (!this.#isStale(this.#tiles.get(key), now)) continue;
      void this.#fetchTile(tile, key, cameraIds);
    }
  }

  /** What reaches into the present changes: by the second when zoomed in, by the width of some pixels otherwise. */
  #isStale(cached: CachedTile | undefined, nowEpochMs: number): boolean {
    if (!cached) return true;
    if (cached.tile.endEpochMs < cached.fetchedAtMs - 120_000) return false;
    const livesMs = Math.min(60_000, Math.max(LIVE_REFRESH_MS, cached.tile.resolutionMs * 2));
    return nowEpochMs - cached.fetchedAtMs > livesMs;
  }

  async #fetchTile(tile: Tile, key: string, cameraIds: readonly string[]): Promise<void> {
    const aborter = new AbortController();
    this.#inFlight.set(key, aborter);
    try {
      const lanes = await this.#deps.fetch(cameraIds, tile, aborter.signal);
      this.#tiles.delete(key);
      this.#tiles.set(key, { tile, lanes, cameras: cameraIds.join(','), fetchedAtMs: this.#deps.now() });
      this.#failedAtMs.delete(key);
      while (this.#tiles.size > MOST_TILES) this.#tiles.delete(this.#tiles.keys().next().value!);
      this.#version++;
      this.#deps.onProblem(null);
    } catch (thrown) {
      if (aborter.signal.aborted) return;
      this.#failedAtMs.set(key, this.#deps.now());
      this.#deps.onProblem(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      if (this.#inFlight.get(key) === aborter) this.#inFlight.delete(key);
    }
    this.#deps.onChange();
  }
}

function overlaps(a: EpochRange, b: EpochRange): boolean {
  return a.startEpochMs < b.endEpochMs && b.startEpochMs < a.endEpochMs;
}

function intersect(a: EpochRange, b: EpochRange): EpochRange {
  return {
    startEpochMs: Math.max(a.startEpochMs, b.startEpochMs),
    endEpochMs: Math.min(a.endEpochMs, b.endEpochMs),
  };
}

function distance(a: Tile, b: Tile): number {
  return Math.abs(Math.log2(a.resolutionMs / b.resolutionMs));
}
