/**
 * Which execution provider runs the detector: every one that this platform's ONNX Runtime has and this machine could use is measured,
 * and the fastest one that agrees with the processor is taken; for all others there is a reason. Pure but for what it is given.
 */
import { messageOf } from '../../../shared/errors.ts';

export const PROVIDERS = ['cpu', 'coreml', 'dml', 'cuda', 'webgpu'] as const;
export type Provider = (typeof PROVIDERS)[number];

export const PROVIDER_WORDS: Record<Provider, string> = {
  cpu: 'the processor',
  coreml: 'CoreML',
  dml: 'DirectML',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
};

/** What came of one provider. */
export interface ProviderTrial {
  provider: Provider;
  /** Median for one picture; null where it could not be measured. */
  milliseconds: number | null;
  /** Why it was not taken, in the user's words; null for the one in use. */
  reason: string | null;
}

export interface ProviderChoice {
  provider: Provider;
  trials: ProviderTrial[];
}

/** The choice after a provider that was measured well has failed in use: the processor takes over, and the reason is kept. */
export function withoutProvider(
  choice: ProviderChoice | null,
  failed: Provider,
  reason: string,
): ProviderChoice {
  const known = choice?.trials ?? [{ provider: 'cpu', milliseconds: null, reason: null }];
  const others = known.filter(({ provider }) => provider !== failed);
  const milliseconds = known.find(({ provider }) => provider === failed)?.milliseconds ?? null;
  return {
    provider: 'cpu',
    trials: [
      ...others.map((trial) => (trial.provider === 'cpu' ? { ...trial, reason: null } : trial)),
      { provider: failed, milliseconds, reason: `it failed in use: ${reason}` },
    ],
  };
}

export interface Measurement {
  milliseconds: number;
  /** Raw output of the same picture on every provider. */
  output: Float32Array;
}

/** Another provider costs start-up time, memory and a driver: it must be this much faster than one thread of the processor. */
const WORTH_IT = 1.25;
/** Half precision and other summing orders give small differences; more is a driver that computes something else. */
const MOST_DIFFERENCE = 0.05;

/** What this machine has, beside the list of its ONNX Runtime. */
export interface MachineFacts {
  /** A device that graphics interfaces could use. */
  hasGraphicsDevice: boolean;
  /** Whether the shared library of a provider that is not built in is there. */
  hasLibrary(provider: Provider): boolean;
}

/** Providers worth a try, the processor first, and why not the others: trying those would only fill the log with a driver's errors. */
export function planProviders(
  backends: ReadonlyArray<{ name: string; bundled: boolean }>,
  machine: MachineFacts,
): { candidates: Provider[]; refused: ProviderTrial[] } {
  const candidates: Provider[] = ['cpu'];
  const refused: ProviderTrial[] = [];
  for (const { name, bundled } of backends) {
    const provider = PROVIDERS.find((one) => one === name);
    if (!provider || provider === 'cpu') continue;
    const reason = !machine.hasGraphicsDevice
      ? 'this machine has no graphics device'
      : !bundled && !machine.hasLibrary(provider)
        ? 'its library is not installed'
        : null;
    if (reason === null) candidates.push(provider);
    else refused.push({ provider, milliseconds: null, reason });
  }
  return { candidates, refused };
}

/**
 * Measures the candidates one after the other and chooses. The processor comes first and must work: what `measure` throws for it is
 * thrown on; a failure of any other is its reason.
 */
export async function chooseProvider(
  candidates: readonly Provider[],
  measure: (provider: Provider) => Promise<Measurement>,
): Promise<ProviderChoice> {
  const own = await measure('cpu');
  const trials: ProviderTrial[] = [{ provider: 'cpu', milliseconds: own.milliseconds, reason: null }];
  let best = { provider: 'cpu' as Provider, milliseconds: own.milliseconds / WORTH_IT };
  for (const provider of candidates) {
    if (provider === 'cpu') continue;
    const trial = await tryProvider(provider, measure, own.output);
    trials.push(trial);
    if (trial.milliseconds === null || trial.reason !== null) continue;
    if (trial.milliseconds < best.milliseconds) best = { provider, milliseconds: trial.milliseconds };
  }
  return { provider: best.provider, trials: trials.map((trial) => withReason(trial, best.provider)) };
}

async function tryProvider(
  provider: Provider,
  measure: (provider: Provider) => Promise<Measurement>,
  expected: Float32Array,
): Promise<ProviderTrial> {
  try {
    const { milliseconds, output } = await measure(provider);
    const agrees = difference(output, expected) <= MOST_DIFFERENCE;
    return { provider, milliseconds, reason: agrees ? null : 'its results differ from the processor’s' };
  } catch (error) {
    return { provider, milliseconds: null, reason: failureWords(error) };
  }
}

function withReason(trial: ProviderTrial, chosen: Provider): ProviderTrial {
  if (trial.provider === chosen || trial.reason !== null) return trial;
  return { ...trial, reason: chosen === 'cpu' ? 'not enough faster than the processor' : 'slower' };
}

/** Mean difference as a share of the mean size of what is expected. */
function difference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let off = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    off += Math.abs(actual[i]! - expected[i]!);
    size += Math.abs(expected[i]!);
  }
  return Number.isNaN(off) ? Number.POSITIVE_INFINITY : off / Math.max(size, 1e-9);
}

/** The part of a runtime's error that says something: without source files, function signatures and lines after the first. */
export function failureWords(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n', 1);
  const words = line.replace(/^\S+\.cc:\d+ .*?(?=[A-Z][a-z]+ (to|is|not)\b)/, '').replace(/^\S*: /, '');
  return words.slice(0, 160) || 'it could not be started';
}
