import { expect, test } from 'vitest';
import {
  chooseProvider,
  type Measurement,
  type Provider,
  planProviders,
  withoutProvider,
} from './providers.ts';

const LINUX = [
  { name: 'cpu', bundled: true },
  { name: 'webgpu', bundled: true },
  { name: 'cuda', bundled: false },
  { name: 'tensorrt', bundled: false },
];
const OUTPUT = Float32Array.from([1, 2, 3, 4]);

function machine(times: Partial<Record<Provider, number | Error | Measurement>>) {
  const asked: Provider[] = [];
  const measure = async (provider: Provider): Promise<Measurement> => {
    asked.push(provider);
    const time = times[provider];
    if (time instanceof Error) throw time;
    return typeof time === 'number' ? { milliseconds: time, output: OUTPUT } : time!;
  };
  return { asked, measure };
}

test.each([
  ['no graphics device', false, false, ['cpu'], ['webgpu', 'cuda']],
  ['a graphics device', true, false, ['cpu', 'webgpu'], ['cuda']],
  ['CUDA installed', true, true, ['cpu', 'webgpu', 'cuda'], []],
])('with %s these are tried', (_, hasGraphicsDevice, hasCuda, candidates, refused) => {
  const plan = planProviders(LINUX, { hasGraphicsDevice, hasLibrary: () => hasCuda });
  expect(plan.candidates).toEqual(candidates);
  expect(plan.refused.map((trial) => trial.provider)).toEqual(refused);
  for (const trial of plan.refused) expect(trial.reason).toMatch(/graphics device|library/);
});

test('the fastest one that agrees with the processor is taken, the others have reasons', async () => {
  const { measure, asked } = machine({
    cpu: 20,
    webgpu: 6,
    cuda: 3,
    dml: { milliseconds: 1, output: Float32Array.from([1, 2, 3, 9]) },
    coreml: new Error(
      '/src/x/coreml.cc:136 void onnx::Init() was false. Failed to get an adapter: none\nmore',
    ),
  });
  const choice = await chooseProvider(['cpu', 'webgpu', 'cuda', 'dml', 'coreml'], measure);
  expect(choice.provider).toBe('cuda');
  expect(asked).toEqual(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
  expect(Object.fromEntries(choice.trials.map((trial) => [trial.provider, trial.reason]))).toEqual({
    cpu: 'slower',
    webgpu: 'slower',
    cuda: null,
    dml: 'its results differ from the processor’s',
    coreml: 'Failed to get an adapter: none',
  });
});

test.each([
  ['hardly faster', 17],
  ['slower', 30],
  ['broken', new Error('no device')],
  ['answers with nothing', { milliseconds: 1, output: new Float32Array(4).fill(Number.NaN) }],
])('the processor stays when the other one is %s', async (_, webgpu) => {
  const choice = await chooseProvider(['cpu', 'webgpu'], machine({ cpu: 20, webgpu }).measure);
  expect(choice.provider).toBe('cpu');
  expect(choice.trials[0]?.reason).toBeNull();
  expect(choice.trials[1]?.reason).toBeTruthy();
});

test('a provider that fails in use gives way to the processor, with the reason', async () => {
  const choice = await chooseProvider(['cpu', 'cuda'], machine({ cpu: 20, cuda: 5 }).measure);
  expect(choice.provider).toBe('cuda');
  const after = withoutProvider(choice, 'cuda', 'out of memory');
  expect(after.provider).toBe('cpu');
  expect(after.trials).toEqual([
    { provider: 'cpu', milliseconds: 20, reason: null },
    { provider: 'cuda', milliseconds: 5, reason: 'it failed in use: out of memory' },
  ]);
  expect(withoutProvider(null, 'dml', 'gone').trials.map(({ provider }) => provider)).toEqual(['cpu', 'dml']);
});

test('a model that the processor cannot run is a problem of the model', async () => {
  await expect(
    chooseProvider(['cpu', 'cuda'], machine({ cpu: new Error('wrong shape') }).measure),
  ).rejects.toThrow('wrong shape');
});
