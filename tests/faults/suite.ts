/** Runs scenarios: those about one camera side by side in one engine, each other one in an engine of its own, and judges each. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clips, type FaultyCamera, makeClips } from './camera.ts';
import { decodeComplaints, readRecorded } from './recorded.ts';
import { DISK_BYTES, PROMISES, type Scenario } from './scenarios.ts';
import { Stage } from './stage.ts';
import { judge, type Verdict } from './verdict.ts';

export interface Outcome {
  scenario: Scenario;
  /** Of the camera that had the fault, or the worst of all where all had it. */
  verdict: Verdict;
  noticedSeconds: number | null;
  /** What cameras without the fault lost; null where there were none. */
  othersLostSeconds: number | null;
  /** Broken promises; none: passed. */
  problems: string[];
}

export interface SuiteOptions {
  scenarios: readonly Scenario[];
  short: boolean;
  seed: number;
  /** How many engines run at once. */
  lanes: number;
  say(line: string): void;
}

/** Resolves with an outcome per scenario that can run here; `say` names the others. */
export async function runSuite({ scenarios, short, seed, lanes, say }: SuiteOptions): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'threshold-faults-'));
  try {
    const clips = await makeClips(folder);
    const together = scenarios.filter(({ scope }) => scope === 'camera');
    const waiting = [
      ...(together.length > 0 ? [together] : []),
      ...scenarios.filter(isAlone).map((one) => [one]),
    ].map((act, index) => ({
      act,
      random: seededRandom(seed + index),
      folder: join(folder, `act-${index}`),
    }));
    const outcomes: Outcome[] = [];
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const names = next.act.map(({ name }) => name).join('; ');
        const missing = whyNot(next.act);
        say(missing ? `skipped: ${names}: ${missing}` : `running: ${names}`);
        if (!missing) outcomes.push(...(await runAct({ ...next, clips, short })));
      }
    };
    // Where one fails, the other still ends what it has started.
    const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    outcomes.sort((a, b) => scenarios.indexOf(a.scenario) - scenarios.indexOf(b.scenario));
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isAlone = ({ scope }: Scenario) => scope === 'engine';

function whyNot(act: readonly Scenario[]): string | null {
  const needs = act.map((scenario) => scenario.needs);
  if (needs.includes('own-disk') && process.getuid?.() !== 0)
    return 'mounting a file system is not permitted here';
  if (needs.includes('system-faults') && spawnSync('cc', ['--version']).status !== 0)
    return 'no C compiler here';
  return null;
}

interface Act {
  act: readonly Scenario[];
  folder: string;
  clips: Clips;
  short: boolean;
  random(): number;
}

async function runAct({ act, folder, clips, short, random }: Act): Promise<Outcome[]> {
  mkdirSync(folder, { recursive: true });
  const stage = await Stage.open({
    ...{ folder, clips, short, random },
    cameras: [
      ...act.map((scenario) => ({ name: scenario.name.slice(0, 60), kind: scenario.kind ?? {} })),
      { name: 'bystander', kind: {} },
    ],
    systemFaults: act.some(({ needs }) => needs === 'system-faults'),
    diskBytes: act[0]!.needs === 'own-disk' ? DISK_BYTES[short ? 'short' : 'full'] : null,
  });
  try {
    const startEpochMs = Date.now();
    const failures = await Promise.all(
      act.map((scenario, index) =>
        scenario.inject(stage, stage.cameras[index]!).then(
          () => null,
          (error: Error) => error.message,
        ),
      ),
    );
    await stage.settle();
    const window = { startEpochMs, endEpochMs: Date.now() - 500 };
    await stage.stopEngine();
    const others = stage.cameras.at(-1)!;
    const outcomes: Outcome[] = [];
    for (const [index, scenario] of act.entries()) {
      const camera = stage.cameras[index]!;
      const own = await judgeCamera(stage, camera, scenario, window);
      const isBystander = others.outages.length === 0 && !scenario.noted;
      const other = await judgeCamera(stage, others, isBystander ? UNDISTURBED : scenario, window);
      const failure = failures[index];
      const began = camera.kills.length > 0 ? undefined : camera.outages[0]?.startEpochMs;
      const noticedMs = began === undefined ? null : stage.noticedAfter(camera.id, began);
      outcomes.push({
        scenario,
        verdict: own,
        noticedSeconds: noticedMs === null ? null : noticedMs / 1000,
        othersLostSeconds: isBystander ? other.lostSeconds : null,
        problems: [
          ...(failure ? [failure] : []),
          ...own.problems,
          ...other.problems.map((problem) => `another camera: ${problem}`),
          ...noticedTooLate(noticedMs),
        ],
      });
    }
    return outcomes;
  } finally {
    await stage.close();
  }
}

const UNDISTURBED: Pick<Scenario, 'causes'> = { causes: [] };

async function judgeCamera(
  stage: Stage,
  camera: FaultyCamera,
  scenario: Pick<Scenario, 'causes' | 'noted' | 'backWithinSeconds' | 'camerasOwnLoss' | 'soundShare'>,
  window: { startEpochMs: number; endEpochMs: number },
): Promise<Verdict> {
  const recorded = await readRecorded(stage.dataDir, camera.id);
  const { outages, kills } = camera;
  const back = scenario.backWithinSeconds ?? PROMISES.backWithinSeconds;
  const verdict = judge(
    {
      ...recorded,
      window,
      sent: camera.sent(),
      outages,
      kills,
      causes: scenario.causes,
      clockOffsetMs: stage.system?.hasStepped ? stage.system.leadAt : null,
    },
    {
      ...PROMISES,
      backWithinSeconds: back,
      beyondOutageSeconds: PROMISES.beyondOutageSeconds + back - PROMISES.backWithinSeconds,
    },
  );
  if (scenario.noted && !verdict.causes.includes(scenario.noted))
    verdict.problems.push(`the ledger does not say ${scenario.noted}`);
  const complaints = await decodeComplaints(stage.dataDir, recorded.segments);
  if (!scenario.camerasOwnLoss) verdict.problems.push(...complaints.slice(0, 5));
  const sound = recorded.segments.reduce((sum, segment) => sum + segment.soundSeconds, 0);
  const picture = recorded.segments.reduce((sum, one) => sum + one.endEpochMs - one.startEpochMs, 0) / 1000;
  if (sound / picture < (scenario.soundShare ?? 0))
    verdict.problems.push(`only ${sound.toFixed(1)} s of ${picture.toFixed(1)} s have sound`);
  return verdict;
}

function noticedTooLate(noticedMs: number | null): string[] {
  const limit = PROMISES.noticedWithinSeconds;
  return noticedMs !== null && noticedMs > limit * 1000
    ? [`noticed after ${(noticedMs / 1000).toFixed(1)} s, ${limit} at most`]
    : [];
}

/** Numbers in [0, 1), always the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
