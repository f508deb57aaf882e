import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cardByName, checkChecksum, chooseModel, findModels } from './catalogue.ts';

const OWN_MODELS = path.join(import.meta.dirname, '../../../../models');
let extraDir: string;

beforeEach(async () => {
  extraDir = await mkdtemp(path.join(tmpdir(), 'threshold-models-'));
});
afterEach(() => rm(extraDir, { recursive: true }));

test('the cards that come with the program are whole, and their weights are not there', async () => {
  const models = await findModels({ modelsDir: OWN_MODELS });
  expect(models.map((model) => model.card.name).sort()).toEqual(['yolox_nano', 'yolox_s', 'yolox_tiny']);
  for (const { card, problem } of models) {
    expect(problem).toBeNull();
    expect(card.sha256).not.toBeNull();
    expect(card.classes).toHaveLength(80);
  }
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
  expect(chooseModel(models)).toBeNull();
});

test('a model that is named must be there', async () => {
  const models = await findModels({ modelsDir: OWN_MODELS });
  expect(() => chooseModel(models, 'yolox_s')).toThrow(/not installed.*https:\/\//);
  expect(() => chooseModel(models, 'nonsense')).toThrow('There is no model named nonsense. Installed: none.');
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
