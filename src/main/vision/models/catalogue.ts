/**
 * Finds detector models: cards (`*.json`) and weights (`*.onnx`) in the models folder and a further one. A file without a card is
 * taken where its name says what it is. Reads folders only; whether a file really is a working model shows when it is loaded.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppError, messageOf } from '../../../shared/errors.ts';
import { COCO_CLASSES, COCO_LABELS, COCO_LOOK_ALIKES, type ModelCard, ModelCardSchema } from './card.ts';

/** A model the catalogue knows; `path` is null while its weights are not there. */
export interface CatalogueModel {
  card: ModelCard;
  path: string | null;
  /** In the user's words, e.g. a card that cannot be read; null when nothing is known to be wrong. */
  problem: string | null;
}

export const MODEL_ADVICE =
  'No detector model is installed. Download or add one under Settings, Models (at the command line: npm run models -- list), ' +
  'or set THRESHOLD_MODELS to a folder that holds one. Recording and motion work without it.';

export interface ModelFolders {
  /** What comes with the program. */
  modelsDir: string;
  /** What was downloaded or added. */
  addedDir?: string | undefined;
  /** Normally the value of THRESHOLD_MODELS. */
  extraDir?: string | undefined;
}

/** All models known from the folders, best first. */
export async function findModels(folders: ModelFolders): Promise<CatalogueModel[]> {
  const { modelsDir, addedDir, extraDir } = folders;
  const dirs = [modelsDir, addedDir, extraDir].filter((dir): dir is string => Boolean(dir));
  const files = (await Promise.all(dirs.map(listFolder))).flat();
  const weights = new Map<string, string>();
  for (const file of files) {
    const name = path.basename(file);
    if (/\.onnx$/i.test(name) && !weights.has(name)) weights.set(name, file);
  }
  const models: CatalogueModel[] = [];
  for (const file of files.filter((each) => each.endsWith('.json'))) {
    const card = await readCard(file);
    if ('problem' in card) models.push(unreadable(file, card.problem));
    else if (!models.some((model) => model.card.name === card.name)) {
      models.push({ card, path: weights.get(card.file) ?? null, problem: null });
    }
  }
  for (const [name, file] of weights) {
    if (models.some((model) => model.path === file)) continue;
    const card = cardByName(name);
    if (card) models.push({ card, path: file, problem: null });
  }
  return models.sort((a, b) => rank(b) - rank(a) || (a.card.name < b.card.name ? -1 : 1));
}

/**
 * The model to use: the one named, or the best one whose weights are there; null when there is none.
 * Throws AppError when a model is named that is not known or not there.
 */
export function chooseModel(
  models: readonly CatalogueModel[],
  name?: string,
): (CatalogueModel & { path: string }) | null {
  const present = models.filter((model): model is CatalogueModel & { path: string } => model.path !== null);
  if (name === undefined) return present[0] ?? null;
  const wanted = name.replace(/\.onnx$/i, '');
  const found = present.find((model) => model.card.name === wanted || model.card.file === `${wanted}.onnx`);
  if (found) return found;
  const known = models.find((model) => model.card.name === wanted);
  const from = known?.card.sourceUrl ? ` It is had from ${known.card.sourceUrl}.` : '';
  const choice = present.map((model) => model.card.name).join(', ') || 'none';
  throw new AppError(
    'not-found',
    known
      ? `The weights of model ${wanted} (${known.card.file}) are not installed.${from}`
      : `There is no model named ${wanted}. Installed: ${choice}.`,
  );
}

/** The model to download where a basic one is used: the best one that names an address and is not there; null otherwise. */
export function recommendModel(models: readonly CatalogueModel[], used: ModelCard | null): ModelCard | null {
  if (!used?.basic) return null;
  return models.find(({ card, path, problem }) => !path && !problem && card.sourceUrl)?.card ?? null;
}

/** Throws AppError when the card pins a checksum and the file has another one (a broken or wrong download). */
export async function checkChecksum(model: { card: ModelCard; path: string }): Promise<void> {
  if (!model.card.sha256) return;
  const hash = createHash('sha256');
  await pipeline(createReadStream(model.path), hash);
  if (hash.digest('hex') !== model.card.sha256) {
    throw new AppError(
      'invalid-input',
      `${model.card.file} is damaged or another file: its SHA-256 is not the one on its model card.`,
    );
  }
}

/** A card for weights that come without one, from what their file name says; null if it says nothing. */
export function cardByName(file: string): ModelCard | null {
  const stem = file.replace(/\.onnx$/i, '');
  const coco = { classes: COCO_CLASSES, labels: COCO_LABELS, lookAlikes: COCO_LOOK_ALIKES };
  const base = {
    name: stem.replaceAll(/[^a-z0-9._-]/gi, '_'),
    title: stem,
    file,
    licence: 'unknown',
    ...coco,
  };
  if (/yolox/i.test(stem)) {
    const nano = stem === 'yolox_nano_dynamic';
    return ModelCardSchema.parse({
      ...base,
      ...(nano ? { title: 'YOLOX-Nano, free input size', licence: 'Apache-2.0', preference: 50 } : {}),
      input: { channelOrder: 'BGR', scale: 1, padValue: 114, multiple: 32, defaultSize: [384, 640] },
      decoder: { kind: 'yolox', strides: [8, 16, 32] },
    });
  }
  const rgb = { channelOrder: 'RGB', scale: 1 / 255, padValue: 114, multiple: 32, defaultSize: [384, 640] };
  if (/yolo(v8|v?11|v?12)/i.test(stem))
    return ModelCardSchema.parse({ ...base, input: rgb, decoder: { kind: 'yolov8' } });
  if (/rt-?detr/i.test(stem)) {
    return ModelCardSchema.parse({ ...base, input: rgb, decoder: { kind: 'detr', activation: 'sigmoid' } });
  }
  return null;
}

async function listFolder(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort().map((name) => path.join(dir, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new AppError('unavailable', `The models folder cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function readCard(file: string): Promise<ModelCard | { problem: string }> {
  try {
    await access(file);
    return ModelCardSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    return { problem: `The model card ${path.basename(file)} cannot be used: ${reason}` };
  }
}

function unreadable(file: string, problem: string): CatalogueModel {
  const name = path.basename(file, '.json').replaceAll(/[^a-z0-9._-]/gi, '_') || 'card';
  const stand = cardByName('yolox.onnx')!;
  return { card: { ...stand, name, title: name, file: `${name}.onnx`, preference: -1 }, path: null, problem };
}

function rank(model: CatalogueModel): number {
  return (model.path ? 1000 : 0) + model.card.preference;
}
