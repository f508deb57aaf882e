import { expect, test } from 'vitest';
import { type ModelShapes, recogniseModel } from './recognise.ts';

/** 64x64 has 64 + 16 + 4 cells. */
function shapes(outputs: Array<[string, number[], number?, number?]>): ModelShapes {
  return {
    ...{ file: 'my model.onnx', width: 64, height: 64, isFree: false },
    outputs: outputs.map(([name, dims, low = -3, high = 3]) => ({ name, dims, low, high })),
  };
}

test.each([
  ['YOLOX', shapes([['output', [1, 84, 85]]]), { kind: 'yolox', strides: [8, 16, 32] }, 'BGR', 1],
  ['YOLOv8 and 11', shapes([['output0', [1, 84, 84]]]), { kind: 'yolov8' }, 'RGB', 1 / 255],
  [
    'DETR',
    shapes([
      ['logits', [1, 100, 92]],
      ['pred_boxes', [1, 100, 4], 0, 1],
    ]),
    {
      ...{ kind: 'detr', boxFormat: 'centre', activation: 'softmax' },
      ...{ boxesOutput: 'pred_boxes', scoresOutput: 'logits' },
    },
    ...(['RGB', 1 / 255] as const),
  ],
  [
    'RT-DETR',
    shapes([
      ['boxes', [1, 300, 4], 0, 1],
      ['logits', [1, 300, 80]],
    ]),
    {
      ...{ kind: 'detr', boxFormat: 'centre', activation: 'sigmoid' },
      ...{ boxesOutput: 'boxes', scoresOutput: 'logits' },
    },
    ...(['RGB', 1 / 255] as const),
  ],
  [
    'RT-DETR with scores',
    shapes([
      ['boxes', [1, 300, 4], 0, 1],
      ['scores', [1, 300, 80], 0, 0.9],
    ]),
    {
      ...{ kind: 'detr', boxFormat: 'centre', activation: 'none' },
      ...{ boxesOutput: 'boxes', scoresOutput: 'scores' },
    },
    ...(['RGB', 1 / 255] as const),
  ],
])('%s is recognised by its shapes', (_, seen, decoder, channelOrder, scale) => {
  const card = recogniseModel(seen);
  expect(card).toMatchObject({ name: 'my_model', file: 'my model.onnx', decoder });
  expect(card.input).toMatchObject({ channelOrder, scale, defaultSize: [64, 64] });
  expect(card.classes.indexOf('person')).toBe(card.classes.length > 80 ? 1 : 0);
  expect(card.classes.indexOf('car')).toBe(card.classes.length > 80 ? 3 : 2);
  expect(card.classes.indexOf('toothbrush')).toBe(card.classes.length > 80 ? 90 : 79);
});

test('a file that leaves its size free gets that of a 16:9 picture', () => {
  const free = { ...shapes([['output', [1, 84, 85]]]), isFree: true };
  expect(recogniseModel(free).input.defaultSize).toEqual([384, 640]);
});

test.each([
  ['no outputs', shapes([]), 'is no detector that is known here'],
  ['a classifier', shapes([['scores', [1, 1000]]]), 'answers scores 1x1000'],
  ['other strides', shapes([['output', [1, 63, 85]]]), 'answers output 1x63x85'],
  ['other classes', shapes([['output', [1, 84, 7]]]), 'knows 2 classes, and nothing says which'],
  ['one class', shapes([['output', [1, 5, 84]]]), 'knows 1 class, and'],
])('%s cannot be used without a card', (_, seen, words) => {
  expect(() => recogniseModel(seen)).toThrow(words);
});
