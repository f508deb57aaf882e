import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cardByName, checkChecksum, chooseModel, findModels, recommendModel } from './catalogue.ts';

const OWN_MODELS = path.join(import.meta.dirname, '../../../../models');
let extraDir: string;

beforeEach(async () => {
  extraDir = await mkdtemp(path.join(tmpdir(), 'threshold-models-'));
});
afterEach(() => rm(extraDir, { recursive: true }));

test('the cards that come with the program are whole, and one has its weights', async () => {
  const [own, ...others] = await findModels({ modelsDir: OWN_MODELS });
  expect(own).toMatchObject({ card: { name: 'threshold_small' }, problem: null });
  expect(own!.card.measured).not.toHaveLength(0);
  await checkChecksum({ card: own!.card, path: own!.path! });
  expect((await stat(own!.path!)).size).toBeLessThanOrEqual(4_000_000);
  expect(others.map(({ card }) => card.name)).toEqual(['yolox_tiny', 'yolox_nano', 'yolox_s']);
  for (const { card, path: file, problem } of others) {
    expect({ file, problem }).toEqual({ file: null, problem: null });
    expect(card.sha256).not.toBeNull();
    expect(card.classes).toHaveLength(80);
  }
});

test('the model that comes with the program stands behind every other one', async () => {
  await writeFile(path.join(extraDir, 'my_yolox.onnx'), '');
  const models = await findModels({ modelsDir: OWN_MODELS, extraDir });
  expect(chooseModel(models)?.card.name).toBe('my_yolox');
  expect(chooseModel(models, 'threshold_small')?.card.name).toBe('threshold_small');
});

test('while a basic model is used, the best one that can be downloaded is recommended', async () => {
  const models = await findModels({ modelsDir: OWN_MODELS });
  const basic = { ...models[0]!.card, basic: true };
  expect(recommendModel(models, basic)?.name).toBe('yolox_tiny');
  expect(recommendModel(models, { ...basic, basic: false })).toBeNull();
  expect(recommendModel(models, null)).toBeNull();
  expect(recommendModel([], basic)).toBeNull();
});

test('no folder at all is no model', async () => {
  const models = await findModels({ modelsDir: path.join(extraDir, 'nowhere') });
  expect(chooseModel(models)).toBeNull();
});

test('weights without a card are known by their name, in a further folder too', async () => {
  await writeFile(path.join(extraDir, 'yolox_nano_dynamic.onnx'), '');
  await writeFile(path.join(extraDir, 'letter.onnx'), '');
  const models = await findModels({ modelsDir: OWN_MODELS, extraDir });
  expect(chooseModel(models)?.card.name).toBe('yolox_nano_dynamic');
  expect(chooseModel(models, 'yolox_nano_dynamic.onnx')?.path).toBe(
    path.join(extraDir, 'yolox_nano_dynamic.onnx'),
  );
});

test('weights in a further folder serve a card of the models folder', async () => {
  await writeFile(path.join(extraDir, 'yolox_tiny.onnx'), 'cut off');
  const model = chooseModel(await findModels({ modelsDir: OWN_MODELS, extraDir }));
  expect(model?.card.licence).toBe('Apache-2.0');
  await expect(checkChecksum(model!)).rejects.toThrow('yolox_tiny.onnx is damaged or another file');
});

test.each([
  ['not JSON', '{'],
  ['another schema', '{"name": "x"}'],
])('a card that is %s is a problem, not a crash', async (_, text) => {
  await writeFile(path.join(extraDir, 'mine.json'), text);
  const models = await findModels({ modelsDir: OWN_MODELS, extraDir });
  const mine = models.find((model) => model.card.name === 'mine');
  expect(mine?.problem).toMatch(/^The model card mine\.json cannot be used: /);
  expect(chooseModel(models)?.card.name).toBe('threshold_small');
});

test('a model that is named must be there', async () => {
  const models = await findModels({ modelsDir: OWN_MODELS });
  expect(() => chooseModel(models, 'yolox_s')).toThrow(/not installed.*https:\/\//);
  expect(() => chooseModel(models, 'nonsense')).toThrow(
    'There is no model named nonsense. Installed: threshold_small.',
  );
});

test.each([
  ['yolox_m_v2.onnx', 'yolox'],
  ['yolov8n.onnx', 'yolov8'],
  ['yolo11s.onnx', 'yolov8'],
  ['rtdetr-r18.onnx', 'detr'],
  ['letter.onnx', undefined],
])('%s says %s', (file, kind) => {
  expect(cardByName(file)?.decoder.kind).toBe(kind);
});
