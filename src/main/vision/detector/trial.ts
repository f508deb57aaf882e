/**
 * Tries a file of weights out before any camera depends on it: loads it, recognises it where no card describes it, runs it over a
 * picture, and measures on which execution provider it runs best. Native calls that block for seconds: belongs in a worker.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import type { ModelCard } from '../models/card.ts';
import { recogniseModel } from '../models/recognise.ts';
import { Detector } from './detector.ts';
import {
  chooseProvider,
  type MachineFacts,
  type Measurement,
  type Provider,
  type ProviderChoice,
  planProviders,
} from './providers.ts';
import { openSession, readInputSize } from './session.ts';

export interface TrialRequest {
  path: string;
  /** By which messages call it. */
  file: string;
  /** null: the file is to be recognised. */
  card: ModelCard | null;
  /** Measures only where there is a choice of providers: at start every second counts. */
  isHurried?: boolean;
}

export interface TrialResult extends ProviderChoice {
  card: ModelCard;
  /** Of the input for a 16:9 picture. */
  inputWidth: number;
  inputHeight: number;
}

const ROUNDS = 5;
/** Size at which a file of free size is recognised. */
const FREE = { width: 640, height: 384 };

/** Throws AppError in the user's words when the file cannot be used. */
export async function tryModel(request: TrialRequest): Promise<TrialResult> {
  const card = request.card ?? (await recognise(request));
  const detector = await Detector.load({ card, path: request.path });
  const { inputWidth, inputHeight } = detector.planLetterbox(1600, 900);
  await detector.close();
  const { candidates, refused } = planProviders(ort.listSupportedBackends(), machineFacts());
  if (request.isHurried && candidates.length === 1) {
    const trials = [{ provider: 'cpu' as const, milliseconds: null, reason: null }, ...refused];
    return { card, inputWidth, inputHeight, provider: 'cpu', trials };
  }
  const choice = await chooseProvider(candidates, (provider) =>
    measure(card, request.path, provider, { width: inputWidth, height: inputHeight }),
  );
  return { card, inputWidth, inputHeight, ...choice, trials: [...choice.trials, ...refused] };
}

async function recognise({ path: file, file: name }: TrialRequest): Promise<ModelCard> {
  const session = await openSession({ card: { file: name }, path: file }, 'cpu');
  try {
    const fixed = readInputSize(name, session);
    const { width, height } = fixed ?? FREE;
    const outputs = await session.run({ [session.inputNames[0]!]: testPicture(width, height) });
    return recogniseModel({
      ...{ file: name, width, height, isFree: fixed === null },
      outputs: session.outputNames.map((output) => ({ name: output, ...facts(outputs[output]) })),
    });
  } finally {
    await session.release();
  }
}

function facts(value: ort.OnnxValue | undefined) {
  const tensor = value as ort.Tensor | undefined;
  const dims = tensor?.dims ?? [];
  if (!(tensor?.data instanceof Float32Array)) return { dims, low: 0, high: 0 };
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const one of tensor.data) {
    low = Math.min(low, one);
    high = Math.max(high, one);
  }
  return { dims, low, high };
}

/** Median time of a picture, the first left out: it is where kernels are compiled. */
async function measure(
  card: ModelCard,
  file: string,
  provider: Provider,
  size: { width: number; height: number },
): Promise<Measurement> {
  const session = await openSession({ card, path: file }, provider);
  try {
    const feeds = { [session.inputNames[0]!]: testPicture(size.width, size.height) };
    const first = await session.run(feeds);
    const data = (first[session.outputNames[0]!] as ort.Tensor).data;
    const output = data instanceof Float32Array ? data.slice() : new Float32Array(0);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const startedMs = performance.now();
      await session.run(feeds);
      times.push(performance.now() - startedMs);
    }
    return { milliseconds: times.sort((a, b) => a - b)[ROUNDS >> 1]!, output };
  } finally {
    await session.release();
  }
}

/** Smooth shapes and some texture, the same each time; bytes 0-255, NCHW. */
function testPicture(width: number, height: number): ort.Tensor {
  const plane = width * height;
  const values = Float32Array.from({ length: 3 * plane }, (_, i) => {
    const x = i % width;
    const y = Math.floor((i % plane) / width);
    return 128 + 60 * Math.sin(x / 23) + 50 * Math.cos(y / 17) + ((i * 7919) % 17);
  });
  return new ort.Tensor('float32', values, [1, 3, height, width]);
}

function machineFacts(): MachineFacts {
  const folder = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const libraries = path.join(folder, 'bin/napi-v6', process.platform, process.arch);
  return {
    hasGraphicsDevice: process.platform !== 'linux' || hasLinuxGraphics(),
    hasLibrary: (provider) => existsSync(path.join(libraries, `libonnxruntime_providers_${provider}.so`)),
  };
}

function hasLinuxGraphics(): boolean {
  if (existsSync('/dev/nvidia0')) return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
}
