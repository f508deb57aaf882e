/**
 * Puts a file of weights that somebody has into a models folder: tried out first, with the card that describes it, or with one made
 * from what it was recognised as. A file that cannot be used is never installed.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { type ModelCard, ModelCardSchema } from './card.ts';
import { type CatalogueModel, cardByName } from './catalogue.ts';

/** Runs a file to see whether it works; recognises it where `card` is null. Throws AppError in the user's words. */
export type TryModel<T extends { card: ModelCard } = { card: ModelCard }> = (request: {
  path: string;
  file: string;
  card: ModelCard | null;
}) => Promise<T>;

/** A card from its text. Throws AppError that names what does not fit. */
export function parseCard(text: string): ModelCard {
  try {
    return ModelCardSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason =
      error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ') : 'it is not JSON';
    throw new AppError('invalid-input', `The model card cannot be used: ${reason}`, { cause: error });
  }
}

/** The name under which a file can be installed. Throws AppError for a name that is a path or no .onnx. */
export function parseFileName(name: string): string {
  const fits = ModelCardSchema.shape.file.safeParse(name);
  if (fits.success && !name.startsWith('.')) return name;
  throw new AppError('invalid-input', `'${name}' cannot be added: expected the name of an .onnx file.`);
}

/** The card that describes a file: the one given, one that names the file, or what its name says; null where it must be recognised. */
export function cardFor(
  file: string,
  given: ModelCard | null,
  models: readonly CatalogueModel[],
): ModelCard | null {
  if (given) return { ...given, file };
  const known = models.find((model) => model.card.file === file && model.problem === null);
  return known?.card ?? cardByName(file);
}

/**
 * Installs the file at `incoming` (in `folder`, under another name; it is moved, or deleted when it cannot be used) as `file`.
 * Throws AppError in the user's words.
 */
export async function installModel<T extends { card: ModelCard }>(options: {
  incoming: string;
  file: string;
  card: ModelCard | null;
  folder: string;
  models: readonly CatalogueModel[];
  tryModel: TryModel<T>;
}): Promise<T> {
  const { incoming, folder, models, tryModel } = options;
  try {
    const file = parseFileName(options.file);
    refuseTaken(file, options.card?.name ?? null, models);
    const card = cardFor(file, options.card, models);
    const result = await tryModel({ path: incoming, file, card });
    if (!card) refuseTaken(file, result.card.name, models);
    const isKnown = models.some((model) => model.card.name === result.card.name);
    if (!isKnown) {
      const text = `${JSON.stringify(result.card, null, 2)}\n`;
      await writeFile(path.join(folder, `${result.card.name}.json`), text);
    }
    await rename(incoming, path.join(folder, file));
    return result;
  } catch (error) {
    await rm(incoming, { force: true });
    throw error;
  }
}

function refuseTaken(file: string, name: string | null, models: readonly CatalogueModel[]): void {
  const there = models.find(
    (model) => model.path !== null && (model.card.file === file || model.card.name === name),
  );
  if (there) {
    throw new AppError(
      'conflict',
      `A model named ${there.card.name} is installed already. Remove it first, or rename the file.`,
    );
  }
}
