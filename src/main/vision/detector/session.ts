/** Opens a file of weights in ONNX Runtime and reads what goes into it. Nothing here knows model cards. */
import { stat } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
import { AppError, messageOf } from '../../../shared/errors.ts';
import type { Provider } from './providers.ts';

/** A session on one thread; the caller releases it. Throws AppError in the user's words when the file is missing or damaged. */
export async function openSession(
  model: { card: { file: string }; path: string },
  provider: Provider,
): Promise<ort.InferenceSession> {
  try {
    await stat(model.path);
    // One thread: a second one cuts wall time by a third but costs 30-40 % more CPU, and the cameras share the cores anyway.
    return await ort.InferenceSession.create(model.path, {
      executionProviders: [provider],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new AppError(
      'invalid-input',
      `The model ${model.card.file} cannot be loaded: ${loadWords(messageOf(error))}`,
      { cause: error },
    );
  }
}

/** The input size that the file dictates, or null where it leaves height and width free. Throws AppError for other inputs. */
export function readInputSize(
  file: string,
  session: ort.InferenceSession,
): { width: number; height: number } | null {
  const [input, ...others] = session.inputMetadata;
  const shape = input?.isTensor ? input.shape : [];
  const fits =
    input?.isTensor &&
    others.length === 0 &&
    input.type === 'float32' &&
    shape.length === 4 &&
    (shape[1] === 3 || typeof shape[1] === 'string');
  if (!fits) {
    const inputs = session.inputMetadata.map((one) =>
      one.isTensor ? `${one.name} ${one.type} ${one.shape.join('x')}` : `${one.name} (no tensor)`,
    );
    throw new AppError(
      'invalid-input',
      `${file} does not take pictures as a detector does: its input is ${inputs.join(', ') || 'nothing'}, expected one of float32 1x3xHxW.`,
    );
  }
  const [, , height, width] = shape;
  return typeof height === 'number' && typeof width === 'number' ? { width, height } : null;
}

/** What the runtime says about a file, without its path on this machine. */
function loadWords(message: string): string {
  if (/protobuf parsing failed|INVALID_PROTOBUF|ModelProto does not have a graph/i.test(message))
    return 'it is damaged or no ONNX file.';
  if (/ENOENT/.test(message)) return 'the file is not there.';
  return message
    .split('\n', 1)[0]!
    .replaceAll(/(?:\/|[A-Z]:\\)[^\s:]+[/\\]/g, '')
    .slice(0, 200);
}
