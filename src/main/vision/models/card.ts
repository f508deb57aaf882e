/**
 * What a model card says: everything the detector must know about a file of weights, so that a new model needs no new code.
 * Only the schema and the class names; finding files is in `catalogue.ts`, running them in `detector/`.
 */
import { z } from 'zod';
import { OBJECT_LABELS, type ObjectLabel } from '../../../shared/domain-events.ts';

const LabelSchema = z.enum(OBJECT_LABELS);
const PerChannelSchema = z.array(z.number()).length(3);
/** A file name, not a path. */
const FileNameSchema = z
  .string()
  .regex(/^[^/\\]+\.onnx$/i, 'expected the name of an .onnx file without a folder');

export const ModelCardSchema = z.strictObject({
  /** By which `--model` and the settings name it. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'expected letters, digits, dots, dashes and underscores'),
  title: z.string().min(1),
  file: FileNameSchema,
  /** Of the file, lower-case hex; null where the publisher's file is not pinned. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
  /** Where the official file is had. */
  sourceUrl: z.url().nullable().default(null),
  licence: z.string().min(1),
  /** The present model with the highest preference is used unless one is named. */
  preference: z.number().default(0),
  /** A modest model that is only there until a better one is: while it is used, the app recommends the best one to download. */
  basic: z.boolean().default(false),
  /** What was measured of it and, on the same pictures, of other models by name; for people, nothing is derived from it. */
  measured: z
    .array(z.strictObject({ what: z.string(), value: z.number(), beside: z.record(z.string(), z.number()) }))
    .default([]),
  input: z.strictObject({
    layout: z.literal('NCHW').default('NCHW'),
    channelOrder: z.enum(['BGR', 'RGB']),
    /** Pixel bytes 0..255 are multiplied by `scale`, then `mean` is taken off and `std` divided by; in channel order. */
    scale: z.number().positive(),
    mean: PerChannelSchema.default([0, 0, 0]),
    std: PerChannelSchema.default([1, 1, 1]),
    /** Byte value outside the picture; the picture lies top left and is never distorted. */
    padValue: z.number().int().min(0).max(255),
    /** Height and width must be multiples of this. */
    multiple: z.number().int().positive(),
    /** Height and width of a 16:9 picture's input where the model leaves them free; other shapes get at most this area. */
    defaultSize: z.tuple([z.number().int().positive(), z.number().int().positive()]),
  }),
  /** How the output tensors are read; see `detector/decode.ts`. */
  decoder: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('yolox'), strides: z.array(z.number().int().positive()).min(1) }),
    z.strictObject({ kind: z.literal('yolov8') }),
    z.strictObject({
      kind: z.literal('detr'),
      /** Names of the outputs; the first with 4 columns and the first other one where absent. */
      boxesOutput: z.string().optional(),
      scoresOutput: z.string().optional(),
      boxFormat: z.enum(['centre', 'corners']).default('centre'),
      activation: z.enum(['none', 'sigmoid', 'softmax']).default('softmax'),
    }),
  ]),
  /** Class names by index, as the model was trained. */
  classes: z.array(z.string()).min(1),
  /** Which classes are ours; every other class is ignored. */
  labels: z.record(z.string(), LabelSchema),
  /** Classes that people and vehicles seen from above are mistaken for; counted where a camera has `overheadView`, elsewhere those of vehicles only help to follow them. */
  lookAlikes: z.record(z.string(), LabelSchema).default({}),
});
export type ModelCard = z.infer<typeof ModelCardSchema>;

/** The 80 classes of COCO in the order of detectors trained on it. */
export const COCO_CLASSES = (
  'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,' +
  'bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,' +
  'sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,' +
  'bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,' +
  'toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,' +
  'teddy bear,hair drier,toothbrush'
).split(',');

/** COCO's categories by their own numbers, as DETR was trained on them: eleven of the 91 are not used. */
const UNUSED = new Set([0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);
export const COCO_91_CLASSES: readonly string[] = numberCocoClasses();

function numberCocoClasses(): string[] {
  const names = COCO_CLASSES.values();
  return Array.from({ length: 91 }, (_, number) => (UNUSED.has(number) ? 'none' : names.next().value!));
}

export const COCO_LABELS: Record<string, ObjectLabel> = Object.fromEntries(
  OBJECT_LABELS.map((label) => [label, label]),
);

export const COCO_LOOK_ALIKES: Record<string, ObjectLabel> = {
  'cell phone': 'car',
  suitcase: 'car',
  train: 'bus',
  boat: 'car',
  remote: 'car',
  mouse: 'car',
  microwave: 'car',
  airplane: 'car',
  skateboard: 'person',
  bird: 'person',
  horse: 'person',
  sheep: 'person',
  cow: 'person',
  bear: 'person',
  dog: 'person',
  cat: 'person',
  'teddy bear': 'person',
};
