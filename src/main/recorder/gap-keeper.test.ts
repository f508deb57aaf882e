import { describe, expect, test } from 'vitest';
import type { Gap } from '../../shared/domain-storage.ts';
import { ManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { GapKeeper } from './gap-keeper.ts';
import { PatientWriter } from './patient-writer.ts';
import type { Ledger } from './segment-index.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

describe('the ledger', () => {
  function build(left: ReturnType<Ledger['openGapOf']> = null) {
    const clock = new ManualClock(1_000_000);
    const rows = new Map<number, Gap>(left ? [[left.startEpochMs, left]] : []);
    const ledger = {
      openGapOf: () => left,
      putGap: (_: string, row: Gap) => void rows.set(row.startEpochMs, row),
      removeGap: (_: string, start: number) => void rows.delete(start),
    } as Partial<Ledger> as Ledger;
    const keeper = new GapKeeper({
      cameraId: CAMERA,
      ledger,
      writer: new PatientWriter({ clock, log: silentLogger }),
      clock,
    });
    return {
      clock,
      keeper,
      list: () => [...rows.values()].map((row) => [row.startEpochMs, row.endEpochMs, row.cause]),
    };
  }

  test('a crash while recording: from the last footage to the first new', () => {
    const { keeper, list } = build();
    keeper.begin(900_000);
    expect(list()).toEqual([[900_000, null, 'engine-stopped']]);
    keeper.stored(1_002_000, 1_003_000);
    expect(list()).toEqual([[900_000, 1_002_000, 'engine-stopped']]);
  });

  test('a crash while the camera was away: away as long as the engine was seen, then stopped', () => {
    const left = {
      startEpochMs: 800_000,
      endEpochMs: null,
      cause: 'camera-unreachable' as const,
      detail: '',
      knownUntilEpochMs: 850_000,
    };
    const { keeper, list } = build(left);
    keeper.begin(800_000);
    expect(list().slice(0, 2)).toMatchObject([
      [800_000, 850_000, 'camera-unreachable'],
      [850_000, null, 'engine-stopped'],
    ]);
  });

  test('the camera is away after a start: stopped until the start, then away', () => {
    const { keeper, clock, list } = build();
    keeper.begin(900_000);
    clock.advance(5000);
    keeper.missing('camera-unreachable', 'a');
    keeper.missing('camera-unreachable', 'b');
    expect(list()).toEqual([
      [900_000, 1_000_000, 'engine-stopped'],
      [1_000_000, null, 'camera-unreachable'],
    ]);
    expect(keeper.current?.detail).toBe('b');
  });

  test('the time until the first picture of a new camera has its cause, and is no loss', () => {
    const { keeper, clock, list } = build();
    keeper.begin(null, 998_000);
    clock.advance(4000);
    keeper.stored(1_003_000, 1_004_000);
    expect(list()).toEqual([[998_000, 1_003_000, 'connecting']]);
  });

  test('what the captures say while the program closes is not a cause of its own', () => {
    const { keeper, clock, list } = build();
    keeper.begin(null);
    keeper.stored(1_000_000, 1_001_000);
    clock.advance(1500);
    keeper.missing('stream-ended', '');
    keeper.missing('engine-stopped', '');
    expect(list()).toEqual([[1_001_000, null, 'engine-stopped']]);
  });

  test('a reconnect that costs a frame is a gap, one that costs none is not', () => {
    const { keeper, list } = build();
    keeper.begin(null);
    keeper.stored(1_000_000, 1_001_000);
    keeper.missing('stream-ended', '');
    keeper.stored(1_001_020, 1_002_000);
    expect(list()).toEqual([]);
    keeper.missing('stream-ended', '');
    keeper.stored(1_002_040, 1_003_000);
    expect(list()).toEqual([[1_002_000, 1_002_040, 'stream-ended']]);
  });
});
