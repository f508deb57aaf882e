import { expect, test } from 'vitest';
import type { Gap } from '../../shared/domain-storage.ts';
import { type CameraFacts, judgeCamera, judgeStorage, type StorageFacts } from './judge-troubles.ts';

const GB = 1e9;

function facts(changes: {
  mode?: CameraFacts['camera']['recording']['mode'];
  status?: Partial<CameraFacts['status']>;
  cause?: Gap['cause'];
  picture?: CameraFacts['picture'];
}): CameraFacts {
  return {
    camera: { id: 'a', name: 'front', recording: { mode: changes.mode ?? 'continuous', days: 30 } },
    status: { state: 'online', problem: null, advice: null, recording: true, ...changes.status },
    gap: changes.cause ? { startEpochMs: 0, endEpochMs: null, cause: changes.cause, detail: 'Why' } : null,
    picture: changes.picture ?? null,
  };
}

test.each<[string, Parameters<typeof facts>[0], string[]]>([
  ['well', {}, []],
  [
    'retrying',
    { status: { state: 'retrying', recording: false }, cause: 'camera-unreachable' },
    ['camera-offline'],
  ],
  ['connecting', { status: { state: 'connecting', recording: false } }, ['camera-offline']],
  [
    'away, recording off',
    { mode: 'off', status: { state: 'retrying', recording: false } },
    ['camera-offline'],
  ],
  [
    'unsupported',
    { status: { state: 'retrying', recording: false }, cause: 'unsupported-stream' },
    ['not-recording'],
  ],
  ['disk full', { status: { recording: false }, cause: 'disk-full' }, ['not-recording']],
  ['paused', { status: { state: 'paused', recording: false } }, []],
  ['no source', { status: { state: 'no-source', recording: false } }, []],
  ['outside its hours', { status: { recording: false }, cause: 'paused' }, []],
  ['recording off', { mode: 'off', status: { recording: false }, cause: 'paused' }, []],
  ['events, none now', { mode: 'events', status: { recording: false }, cause: 'no-event' }, []],
  [
    'events, disk gone',
    { mode: 'events', status: { recording: false }, cause: 'disk-failed' },
    ['not-recording'],
  ],
  ['frozen', { picture: { kind: 'frozen', sinceMs: 5 } }, ['picture-frozen']],
  [
    'black and not recorded',
    { status: { recording: false }, picture: { kind: 'black', sinceMs: 5 } },
    ['not-recording', 'picture-black'],
  ],
])('a camera that is %s', (_name, given, kinds) => {
  expect(judgeCamera(facts(given)).map(({ kind }) => kind)).toEqual(kinds);
});

test('the words name the cause and what to do', () => {
  const status = {
    state: 'retrying' as const,
    problem: 'Wrong user name or password',
    advice: 'Check the account.',
    recording: false,
  };
  expect(judgeCamera(facts({ status, cause: 'wrong-credentials' }))).toEqual([
    {
      kind: 'camera-offline',
      cameraId: 'a',
      words: 'Offline. Wrong user name or password.',
      advice: 'Check the account.',
    },
  ]);
});

const storage: NonNullable<StorageFacts> = {
  usedBytes: 100 * GB,
  freeBytes: 900 * GB,
  maxBytes: null,
  minFreeBytes: 5 * GB,
  bytesPerDay: 10 * GB,
  path: '/r',
};

test.each<[string, Partial<NonNullable<StorageFacts>>, string[]]>([
  ['room for 99 days', {}, []],
  ['not known yet', { bytesPerDay: 0 }, []],
  ['reserve taken by others', { freeBytes: 1 * GB, usedBytes: 900 * GB }, ['disk-reserve']],
  ['just below the reserve between two runs of retention', { freeBytes: 4.9 * GB, usedBytes: 900 * GB }, []],
  ['room for 20 days', { freeBytes: 105 * GB }, ['footage-short']],
  ['limited to 10 days', { maxBytes: 100 * GB }, ['footage-short']],
])('a disk: %s', (_name, changes, kinds) => {
  expect(judgeStorage({ ...storage, ...changes }, [facts({})]).map(({ kind }) => kind)).toEqual(kinds);
});

test('what is short says for how long and for whom', () => {
  const [one] = judgeStorage({ ...storage, maxBytes: 100 * GB }, [facts({})]);
  expect(one!.words).toBe('At this pace the disk holds about 10 days of footage; front should keep 30 days.');
  const [two] = judgeStorage({ ...storage, maxBytes: 5 * GB }, [facts({}), facts({})]);
  expect(two!.words).toBe(
    'At this pace the disk holds less than a day of footage; 2 cameras should keep up to 30 days.',
  );
  expect(judgeStorage(null, []).map(({ kind }) => kind)).toEqual(['folder-missing']);
});
