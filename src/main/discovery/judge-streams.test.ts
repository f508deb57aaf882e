import { expect, test } from 'vitest';
import type { ProbeResult, StreamFacts } from '../../shared/contract-cameras.ts';
import { judgeStreams, type LookedAt } from './judge-streams.ts';

const FACTS: StreamFacts = {
  ...{ stream: 'main', videoCodec: 'h264', codecString: 'avc1.640028', width: 1920, height: 1080 },
  ...{ framesPerSecond: 25, bitsPerSecond: 4e6, keyframeIntervalSeconds: 2, audioCodec: null, note: null },
  ...{ network: null, reports: [] },
};

function delivers(facts: Partial<StreamFacts> = {}): ProbeResult {
  return { ok: true, problem: null, advice: null, facts: { ...FACTS, ...facts }, picture: null };
}

const SUB = delivers({ width: 640, height: 360 });
const REFUSED: ProbeResult = {
  ok: false,
  problem: 'Wrong user name',
  advice: 'Check it.',
  facts: null,
  picture: null,
};

const CASES: Array<[string, Partial<LookedAt>, Array<[kind: string, words: RegExp]>]> = [
  ['a well set camera', {}, []],
  ['a wrong password', { main: REFUSED }, [['unreachable', /Wrong user name/]]],
  ['a sub stream that does not come', { sub: REFUSED }, [['sub-stream', /Wrong user name/]]],
  ['H.265', { main: delivers({ videoCodec: 'h265' }) }, [['codec', /H\.265/]]],
  ['an unsuitable codec', { main: delivers({ note: 'MJPEG is encoded anew' }) }, [['codec', /MJPEG/]]],
  [
    'rare key frames',
    { main: delivers({ keyframeIntervalSeconds: 5.04 }) },
    [['key-frames', /main stream are 5 s apart/]],
  ],
  [
    'very rare key frames',
    { sub: delivers({ width: 640, height: 360, keyframeIntervalSeconds: null }) },
    [['key-frames', /sub stream are more than 6 s apart/]],
  ],
  [
    'key frames not looked at for long',
    { main: delivers({ keyframeIntervalSeconds: null }), watchedSeconds: 2 },
    [],
  ],
  ['a clock that is right', { clockAheadMs: -40_000 }, []],
  ['a clock that is minutes ahead', { clockAheadMs: 20 * 60_000 }, [['clock', /20 minutes ahead/]]],
  ['a clock that was never set', { clockAheadMs: -86_400_000 * 365 }, [['clock', /365 days behind/]]],
  ['no sub stream', { sub: null }, [['no-sub-stream', /1920 × 1080/]]],
  ['no sub stream of a file', { sub: null, isLocal: true }, []],
  [
    'a small sub stream',
    { sub: delivers({ width: 320, height: 180 }) },
    [['small-people', /of 180 lines.*has 23/]],
  ],
];

test.each(CASES)('judges %s', (_name, looked, expected) => {
  const findings = judgeStreams({
    ...{ main: delivers(), sub: SUB, clockAheadMs: null, watchedSeconds: 6.5, isLocal: false },
    ...looked,
  });
  expect(findings.map(({ kind }) => kind)).toEqual(expected.map(([kind]) => kind));
  for (const [i, [, words]] of expected.entries()) expect(findings[i]!.words).toMatch(words);
});
