import { expect, test } from 'vitest';
import type { ModelDetail } from '../../../shared/contract-health.ts';
import { providerWords, stateWords } from './model-words.ts';

const MODEL: ModelDetail = {
  ...{
    name: 'a',
    title: 'A',
    active: false,
    problem: null,
    licence: 'MIT',
    sourceUrl: 'https://x.test/a.onnx',
  },
  ...{ installed: false, sizeBytes: null, removable: false, download: null },
};
const download = (receivedBytes: number, totalBytes: number | null, problem: string | null = null) => ({
  download: { receivedBytes, totalBytes, problem },
});

test.each<[string, Partial<ModelDetail>, string]>([
  ['is there', { installed: true }, 'Installed'],
  ['is broken', { installed: true, problem: 'It is damaged.' }, 'Cannot be used'],
  ['is not there', {}, 'Not installed'],
  ['cannot be downloaded', { sourceUrl: null }, 'Not installed: add its file'],
  ['is coming', download(1_500_000, 3_600_000), '1.5 MB of 3.6 MB'],
  ['is coming, size unknown', download(1_500_000, null), '1.5 MB'],
  ['did not come', download(0, null, 'x.test cannot be reached.'), 'Not installed'],
])('a model that %s', (_, change, words) => {
  expect(stateWords({ ...MODEL, ...change })).toBe(words);
});

test('what it runs on, how fast, and why on nothing else', () => {
  const view = { models: [], chosen: null, modelAdvice: null, recommended: null };
  expect(providerWords({ ...view, provider: null })).toBe('Being tried out.');
  const trials = [
    { name: 'the processor', milliseconds: 21.64, reason: null },
    { name: 'WebGPU', milliseconds: null, reason: 'this machine has no graphics device' },
  ];
  expect(providerWords({ ...view, provider: { name: 'the processor', trials } })).toBe(
    'Runs on the processor, 21.6 ms a picture. Not used: WebGPU: this machine has no graphics device.',
  );
});
