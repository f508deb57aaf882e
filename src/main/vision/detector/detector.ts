/**
 * Runs a detector model with ONNX Runtime on the CPU: pictures in, detections out. Inference blocks the calling thread, so live it
 * belongs in a worker. The class knows tensors and cards; which picture is worth a look is decided elsewhere.
 */
import * as ort from 'onnxruntime-node';
import { AppError, messageOf } from '../../../shared/errors.ts';
import type { ModelCard } from '../models/card.ts';
import { checkChecksum } from '../models/catalogue.ts';
import { type Picture, pictureBytes } from '../pictures/picture.ts';
import {
  countYoloxRows,
  type DecodeContext,
  decodeDetr,
  decodeYolov8,
  decodeYolox,
  planClasses,
} from './decode.ts';
import type { Detection } from './detection.ts';
import { type ChannelTables, fillInput, newInput, planTables } from './input.ts';
import { fitPicture, type Letterbox, planInput } from './letterbox.ts';
import { failureWords, type Provider } from './providers.ts';
import { openSession, readInputSize } from './session.ts';
import { suppressOverlaps } from './suppression.ts';

/** Reported down to this score: the tracker's second stage matches weak detections of known objects. */
const MIN_SCORE = 0.1;

/** A file of weights and how it is to be run. */
export interface LoadableModel {
  card: ModelCard;
  path: string;
  /** The processor where absent. */
  provider?: Provider;
}

export class Detector {
  readonly card: ModelCard;
  /** Why the last picture could not be run, as the runtime says it; null while all is well. */
  failure: string | null = null;
  private readonly session: ort.InferenceSession;
  private readonly fixedSize: { width: number; height: number } | null;
  private readonly inputs = new Map<string, { tensor: ort.Tensor; values: Float32Array }>();
  private readonly tables: ChannelTables;
  private readonly classMaps: Record<'counted' | 'marked' | 'ignored', DecodeContext['classes']>;

  private constructor(
    card: ModelCard,
    session: ort.InferenceSession,
    fixedSize: { width: number; height: number } | null,
  ) {
    this.card = card;
    this.session = session;
    this.fixedSize = fixedSize;
    this.tables = planTables(card);
    this.classMaps = {
      counted: planClasses(card, 'counted'),
      marked: planClasses(card, 'marked'),
      ignored: planClasses(card, 'ignored'),
    };
  }

  /** Loads and tries a model. Throws AppError in the user's words when the file is missing, damaged or does not fit its card. */
  static async load(model: LoadableModel): Promise<Detector> {
    await checkChecksum(model);
    const session = await openSession(model, model.provider ?? 'cpu');
    try {
      const detector = new Detector(model.card, session, readInputSize(model.card.file, session));
      await detector.tryOut();
      return detector;
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** The input that pictures of a source of this size get; decode to `pictureWidth` x `pictureHeight`. */
  planLetterbox(sourceWidth: number, sourceHeight: number): Letterbox {
    if (this.fixedSize)
      return fitPicture(sourceWidth, sourceHeight, this.fixedSize.width, this.fixedSize.height);
    const [height, width] = this.card.input.defaultSize;
    return planInput(sourceWidth, sourceHeight, width * height, this.card.input.multiple);
  }

  /**
   * Objects in a picture that has the size of `letterbox`; boxes in fractions of the picture, clipped, scores from 0.1. What only looks
   * like one is among them, as an object with an overhead view, marked where `marksLookAlikes`, and otherwise not.
   */
  async detect(
    picture: Picture,
    letterbox: Letterbox,
    options: { overheadView: boolean; marksLookAlikes?: boolean },
  ): Promise<Detection[]> {
    const input = this.inputFor(letterbox);
    fillInput(input.values, picture, letterbox, this.card, this.tables);
    const outputs = await this.run(input.tensor);
    const { counted, marked, ignored } = this.classMaps;
    const classes = options.overheadView ? counted : options.marksLookAlikes ? marked : ignored;
    return this.decode(outputs, letterbox, classes);
  }

  async close(): Promise<void> {
    this.inputs.clear();
    await this.session.release();
  }

  private async run(input: ort.Tensor): Promise<ort.InferenceSession.OnnxValueMapType> {
    try {
      const outputs = await this.session.run({ [this.session.inputNames[0]!]: input });
      this.failure = null;
      return outputs;
    } catch (error) {
      this.failure = failureWords(error);
      throw error;
    }
  }

  private decode(
    outputs: ort.InferenceSession.OnnxValueMapType,
    letterbox: Letterbox,
    classes: DecodeContext['classes'],
  ): Detection[] {
    const context: DecodeContext = { letterbox, classes, minScore: MIN_SCORE };
    const { decoder } = this.card;
    if (decoder.kind === 'detr') {
      const named = (name: string | undefined) =>
        name === undefined ? undefined : floatTensor(outputs[name]);
      const tensors = Object.values(outputs).map(floatTensor);
      const boxes = named(decoder.boxesOutput) ?? tensors.find((tensor) => tensor.dims.at(-1) === 4);
      const scores = named(decoder.scoresOutput) ?? tensors.find((tensor) => tensor.dims.at(-1) !== 4);
      if (boxes?.dims.length !== 3 || scores?.dims.length !== 3)
        throw this.misfit('it has no outputs for boxes and scores');
      return suppressOverlaps(decodeDetr(boxes, scores, decoder, context));
    }
    const output = floatTensor(outputs[this.session.outputNames[0]!]);
    const [, rows, columns] = output.dims;
    if (decoder.kind === 'yolox') {
      const expected = countYoloxRows(decoder.strides, letterbox.inputWidth, letterbox.inputHeight);
      if (rows !== expected || columns !== 5 + classes.classCount) {
        throw this.misfit(
          `its output is ${output.dims.join('x')}, expected 1x${expected}x${5 + classes.classCount}`,
        );
      }
      return suppressOverlaps(decodeYolox(output, decoder.strides, context));
    }
    if (output.dims.length !== 3 || rows !== 4 + classes.classCount) {
      throw this.misfit(`its output is ${output.dims.join('x')}, expected 1x${4 + classes.classCount}xN`);
    }
    return suppressOverlaps(decodeYolov8(output, context));
  }

  /** A model that loads may still not fit its card: one run over a grey picture tells before any camera depends on it. */
  private async tryOut(): Promise<void> {
    const letterbox = this.planLetterbox(this.fixedSize?.width ?? 64, this.fixedSize?.height ?? 64);
    const { pictureWidth: width, pictureHeight: height } = letterbox;
    const data = new Uint8Array(pictureBytes(width, height)).fill(128);
    try {
      await this.detect({ width, height, atMs: 0, data }, letterbox, { overheadView: false });
    } catch (error) {
      throw error instanceof AppError ? error : this.misfit(messageOf(error));
    }
    this.inputs.clear();
  }

  private inputFor(letterbox: Letterbox) {
    const key = `${letterbox.inputWidth}x${letterbox.inputHeight},${letterbox.pictureWidth}x${letterbox.pictureHeight}`;
    const known = this.inputs.get(key);
    if (known) return known;
    const values = newInput(letterbox, this.card);
    const tensor = new ort.Tensor('float32', values, [1, 3, letterbox.inputHeight, letterbox.inputWidth]);
    const input = { tensor, values };
    if (this.inputs.size >= 16) this.inputs.clear();
    this.inputs.set(key, input);
    return input;
  }

  private misfit(reason: string): AppError {
    return new AppError('invalid-input', `${this.card.file} does not fit its model card: ${reason}.`);
  }
}

function floatTensor(value: ort.OnnxValue | undefined): { data: Float32Array; dims: readonly number[] } {
  const tensor = value as ort.Tensor | undefined;
  if (!tensor || !(tensor.data instanceof Float32Array)) return { data: new Float32Array(0), dims: [] };
  return { data: tensor.data, dims: tensor.dims };
}
