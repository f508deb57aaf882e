/**
 * Reads detector outputs into detections: one pure function per kind of decoder, no runtime. Boxes come out in fractions of the
 * picture, clipped to it; scores down to `minScore`; nothing suppressed yet (see `suppression.ts`).
 */
import { LABEL_GROUP, type ObjectLabel } from '../../../shared/domain-events.ts';
import type { Detection } from './detection.ts';
import type { Letterbox } from './letterbox.ts';

/** An output tensor: row-major values. */
export interface OutputTensor {
  data: Float32Array;
  dims: readonly number[];
}

/** Which columns of the class scores count, and as what. */
export interface ClassMap {
  classCount: number;
  entries: readonly ClassEntry[];
  /** Classes whose detections are only marked as look-alikes. */
  lookAlikes: readonly ClassEntry[];
}

interface ClassEntry {
  index: number;
  label: ObjectLabel;
}

export interface DecodeContext {
  letterbox: Letterbox;
  classes: ClassMap;
  minScore: number;
}

/** The classes of a card that count for a camera: look-alikes as what they may be, marked as such (vehicles alone), or not at all. */
export function planClasses(
  card: { classes: string[]; labels: Record<string, ObjectLabel>; lookAlikes: Record<string, ObjectLabel> },
  lookAlikes: 'counted' | 'marked' | 'ignored',
): ClassMap {
  const alike = Object.entries(card.lookAlikes);
  const vehicles = alike.filter(
    ([name, label]) => !(name in card.labels) && LABEL_GROUP[label] === 'vehicle',
  );
  const entriesOf = (labels: Record<string, ObjectLabel>) =>
    card.classes.flatMap((name, index) => {
      const label = Object.hasOwn(labels, name) ? labels[name] : undefined;
      return label ? [{ index, label }] : [];
    });
  return {
    classCount: card.classes.length,
    entries: entriesOf(lookAlikes === 'counted' ? { ...card.labels, ...card.lookAlikes } : card.labels),
    lookAlikes: lookAlikes === 'marked' ? entriesOf(Object.fromEntries(vehicles)) : [],
  };
}

/**
 * YOLOX: [1, N, 5 + classes], one row per cell, cells row-major per stride; centre offset from the cell and log size in units of
 * the stride, objectness and class scores already through the sigmoid (Ge et al. 2021, `demo_postprocess` of its repository).
 */
export function decodeYolox(
  output: OutputTensor,
  strides: readonly number[],
  context: DecodeContext,
): Detection[] {
  const { data } = output;
  const { letterbox, classes, minScore } = context;
  const columns = 5 + classes.classCount;
  const detections: Detection[] = [];
  let row = 0;
  for (const stride of strides) {
    const gridWidth = Math.floor(letterbox.inputWidth / stride);
    const gridHeight = Math.floor(letterbox.inputHeight / stride);
    for (let cell = 0; cell < gridWidth * gridHeight; cell++, row++) {
      const at = row * columns;
      const objectness = data[at + 4]!;
      if (!(objectness >= minScore)) continue;
      const found = bestClasses(data, at + 5, 1, context, objectness);
      if (found.length === 0) continue;
      const width = Math.exp(data[at + 2]!) * stride;
      const height = Math.exp(data[at + 3]!) * stride;
      const x = (data[at]! + (cell % gridWidth)) * stride - width / 2;
      const y = (data[at + 1]! + Math.floor(cell / gridWidth)) * stride - height / 2;
      push(detections, found, x, y, width, height, letterbox);
    }
  }
  return detections;
}

/** How many rows a YOLOX output has for an input. */
export function countYoloxRows(strides: readonly number[], inputWidth: number, inputHeight: number): number {
  return strides.reduce(
    (sum, stride) => sum + Math.floor(inputWidth / stride) * Math.floor(inputHeight / stride),
    0,
  );
}

/** YOLOv8, 11 and like exports: [1, 4 + classes, N]; centre and size in input pixels, class scores through the sigmoid. */
export function decodeYolov8(output: OutputTensor, context: DecodeContext): Detection[] {
  const { data, dims } = output;
  const { letterbox } = context;
  const count = dims[2]!;
  const detections: Detection[] = [];
  for (let i = 0; i < count; i++) {
    const found = bestClasses(data, 4 * count + i, count, context);
    if (found.length === 0) continue;
    const width = data[2 * count + i]!;
    const height = data[3 * count + i]!;
    const x = data[i]! - width / 2;
    const y = data[count + i]! - height / 2;
    push(detections, found, x, y, width, height, letterbox);
  }
  return detections;
}

export interface DetrFormat {
  boxFormat: 'centre' | 'corners';
  activation: 'none' | 'sigmoid' | 'softmax';
}

/** DETR and RT-DETR exports: boxes [1, Q, 4] in fractions of the input, class logits or scores [1, Q, C]; C may hold a 'no object'. */
export function decodeDetr(
  boxes: OutputTensor,
  scores: OutputTensor,
  format: DetrFormat,
  context: DecodeContext,
): Detection[] {
  const { letterbox } = context;
  const queries = boxes.dims[1]!;
  const columns = scores.dims[2]!;
  const detections: Detection[] = [];
  for (let query = 0; query < queries; query++) {
    const row = activate(scores.data.subarray(query * columns, (query + 1) * columns), format.activation);
    const found = bestClasses(row, 0, 1, context);
    if (found.length === 0) continue;
    const [a, b, c, d] = boxes.data.subarray(query * 4, query * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const centred = format.boxFormat === 'centre';
    const width = (centred ? c : c - a) * letterbox.inputWidth;
    const height = (centred ? d : d - b) * letterbox.inputHeight;
    const x = a * letterbox.inputWidth - (centred ? width / 2 : 0);
    const y = b * letterbox.inputHeight - (centred ? height / 2 : 0);
    push(detections, found, x, y, width, height, letterbox);
  }
  return detections;
}

type Verdict = Pick<Detection, 'label' | 'confidence' | 'isLookAlike'>;

const NOTHING: readonly Verdict[] = [];

/** What a row is, from `minScore` up: the best of our classes, and the best of those that only look like ours where that is surer. */
function bestClasses(
  data: Float32Array,
  start: number,
  step: number,
  { classes, minScore }: DecodeContext,
  objectness = 1,
): readonly Verdict[] {
  const own = bestClass(data, start, step, classes.entries);
  const alike = bestClass(data, start, step, classes.lookAlikes);
  const confidence = objectness * own.score;
  const likeness = objectness * alike.score;
  const isOwn = own.label !== null && confidence >= minScore;
  const isAlike = alike.label !== null && likeness >= minScore && alike.score > own.score;
  if (!isOwn && !isAlike) return NOTHING;
  return [
    ...(isOwn ? [{ label: own.label!, confidence }] : []),
    ...(isAlike ? [{ label: alike.label!, confidence: likeness, isLookAlike: true as const }] : []),
  ];
}

function bestClass(
  data: Float32Array,
  start: number,
  step: number,
  entries: readonly ClassEntry[],
): { label: ObjectLabel | null; score: number } {
  let label: ObjectLabel | null = null;
  let score = 0;
  for (const entry of entries) {
    const value = data[start + entry.index * step]!;
    if (value > score) {
      score = value;
      label = entry.label;
    }
  }
  return { label, score };
}

function activate(logits: Float32Array, activation: DetrFormat['activation']): Float32Array {
  if (activation === 'none') return logits;
  if (activation === 'sigmoid') return logits.map((value) => 1 / (1 + Math.exp(-value)));
  const peak = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((value) => Math.exp(value - peak));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

/** Clips to the picture and turns pixels of the input into fractions of the picture; boxes outside or of no size are dropped. */
function push(
  detections: Detection[],
  found: readonly Verdict[],
  x: number,
  y: number,
  width: number,
  height: number,
  { pictureWidth, pictureHeight }: Letterbox,
): void {
  const left = Math.max(0, x / pictureWidth);
  const top = Math.max(0, y / pictureHeight);
  const right = Math.min(1, (x + width) / pictureWidth);
  const bottom = Math.min(1, (y + height) / pictureHeight);
  if (!(right > left && bottom > top)) return;
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  for (const one of found) detections.push({ ...one, confidence: Math.min(1, one.confidence), box });
}
