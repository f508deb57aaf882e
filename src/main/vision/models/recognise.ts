/**
 * Says what kind of detector a file is from the shapes that go in and come out, for weights that no card describes. Pure: whoever runs
 * the file tells the shapes; what they cannot tell (another set of classes) needs a card.
 */
import { AppError } from '../../../shared/errors.ts';
import {
  COCO_91_CLASSES,
  COCO_CLASSES,
  COCO_LABELS,
  COCO_LOOK_ALIKES,
  type ModelCard,
  ModelCardSchema,
} from './card.ts';

/** What is seen of a file once it has run over a picture of `height` x `width`. */
export interface ModelShapes {
  file: string;
  height: number;
  width: number;
  /** Whether the file leaves height and width free. */
  isFree: boolean;
  outputs: ReadonlyArray<{
    name: string;
    dims: readonly number[];
    /** Smallest and largest value. */
    low: number;
    high: number;
  }>;
}

const STRIDES = [8, 16, 32];
/** Size that pictures get in a model of free size, height x width. */
const FREE_SIZE: [number, number] = [384, 640];

/**
 * A card for the file. Throws AppError in the user's words when it is no detector of a kind that is known, or its classes are not
 * COCO's.
 */
export function recogniseModel(shapes: ModelShapes): ModelCard {
  const found = kindOf(shapes);
  if (!found) {
    const outputs = shapes.outputs.map(({ name, dims }) => `${name} ${dims.join('x')}`).join(', ');
    throw new AppError(
      'invalid-input',
      `${shapes.file} is no detector that is known here: for a picture of ${shapes.width}x${shapes.height} it answers ${outputs}. Known are YOLOX (1xNx5+classes), YOLOv8 and 11 (1x4+classesxN) and DETR (boxes and scores). A model card may describe it.`,
    );
  }
  const { decoder, classCount, input } = found;
  const classes =
    classCount === COCO_CLASSES.length
      ? COCO_CLASSES
      : decoder.kind === 'detr' && (classCount === 91 || classCount === 92)
        ? [...COCO_91_CLASSES, 'none'].slice(0, classCount)
        : null;
  if (!classes) {
    throw new AppError(
      'invalid-input',
      `${shapes.file} knows ${classCount} ${classCount === 1 ? 'class' : 'classes'}, and nothing says which. Add it with a model card that lists them.`,
    );
  }
  const stem = shapes.file.replace(/\.onnx$/i, '');
  return ModelCardSchema.parse({
    name: stem.replaceAll(/[^a-z0-9._-]/gi, '_').replace(/^[^a-z0-9]+/i, '') || 'model',
    title: stem,
    file: shapes.file,
    licence: 'unknown',
    input: { ...input, multiple: 32, defaultSize: shapes.isFree ? FREE_SIZE : [shapes.height, shapes.width] },
    decoder,
    classes,
    labels: COCO_LABELS,
    lookAlikes: COCO_LOOK_ALIKES,
  });
}

type Recognised = Pick<ModelCard, 'decoder'> & { classCount: number; input: Record<string, unknown> };

const BGR_BYTES = { channelOrder: 'BGR', scale: 1, padValue: 114 };
const RGB_SHARES = { channelOrder: 'RGB', scale: 1 / 255, padValue: 114 };
/** Mean and deviation of ImageNet's pictures, which the first DETR was trained with. */
const RGB_IMAGENET = {
  ...{ channelOrder: 'RGB', scale: 1 / 255, padValue: 0 },
  ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
};

function kindOf({ outputs, width, height }: ModelShapes): Recognised | null {
  const cells = STRIDES.reduce(
    (sum, stride) => sum + Math.floor(width / stride) * Math.floor(height / stride),
    0,
  );
  const [first, ...others] = outputs;
  if (!first) return null;
  const [batch, rows = 0, columns = 0] = first.dims;
  if (others.length === 0 && first.dims.length === 3 && batch === 1) {
    const asYolox = rows === cells && columns > 5;
    const asYolov8 = columns === cells && rows > 4;
    // A picture may have as many cells as there are columns: then COCO's number of classes decides.
    if (asYolov8 && (!asYolox || rows - 4 === COCO_CLASSES.length))
      return { decoder: { kind: 'yolov8' }, classCount: rows - 4, input: RGB_SHARES };
    if (asYolox)
      return { decoder: { kind: 'yolox', strides: STRIDES }, classCount: columns - 5, input: BGR_BYTES };
    return null;
  }
  const boxes = outputs.find(({ dims }) => dims.length === 3 && dims[2] === 4);
  const scores = outputs.find(({ dims }) => dims.length === 3 && dims[2] !== 4 && dims[1] === boxes?.dims[1]);
  if (!boxes || !scores) return null;
  const classCount = scores.dims[2]!;
  // Shares already where nothing is below 0 or above 1; the first DETR has one class more for "nothing", later ones have none.
  const areShares = scores.low >= 0 && scores.high <= 1;
  const hasNothing = classCount === 91 || classCount === 92;
  const activation = areShares ? 'none' : hasNothing ? 'softmax' : 'sigmoid';
  return {
    decoder: {
      ...{ kind: 'detr', boxFormat: 'centre', activation },
      ...{ boxesOutput: boxes.name, scoresOutput: scores.name },
    } as Recognised['decoder'],
    classCount,
    input: hasNothing ? RGB_IMAGENET : RGB_SHARES,
  };
}
