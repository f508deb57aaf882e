/**
 * The models of a running engine: what is known and installed, downloads under way, files added and removed. Which model is used, and
 * by whom, is decided elsewhere; `onChange` tells that the folders hold something else than before.
 */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf } from '../../../shared/errors.ts';
import type { ModelCard } from './card.ts';
import { type CatalogueModel, findModels, type ModelFolders } from './catalogue.ts';
import { type DownloadProgress, downloadModel } from './download.ts';
import { installModel, parseCard, type TryModel } from './install.ts';

export interface ModelDownload extends DownloadProgress {
  /** Why it ended without the file; null while it runs. */
  problem: string | null;
}

export interface LibraryModel extends CatalogueModel {
  sizeBytes: number | null;
  download: ModelDownload | null;
  /** Whether its weights lie in the folder that this program writes. */
  removable: boolean;
}

export interface ModelLibraryDeps {
  folders: ModelFolders & { addedDir: string };
  tryModel: TryModel;
  onChange(): Promise<void>;
}

export class ModelLibrary {
  private readonly deps: ModelLibraryDeps;
  private readonly downloads = new Map<
    string,
    { state: ModelDownload; stop: AbortController; done: Promise<void> }
  >();

  constructor(deps: ModelLibraryDeps) {
    this.deps = deps;
  }

  /** Ends what is under way; what has come of a download stays, to be gone on with. */
  async stop(): Promise<void> {
    const running = [...this.downloads.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  async list(): Promise<LibraryModel[]> {
    const models = await findModels(this.deps.folders);
    return Promise.all(
      models.map(async (model) => ({
        ...model,
        sizeBytes: model.path ? ((await stat(model.path).catch(() => null))?.size ?? null) : null,
        download: this.downloads.get(model.card.name)?.state ?? null,
        removable: model.path !== null && path.dirname(model.path) === this.deps.folders.addedDir,
      })),
    );
  }

  /** Begins (or goes on with) a download; its progress and its failure are in `list`. Throws AppError when there is nothing to download. */
  async download(name: string): Promise<void> {
    const model = await this.find(name);
    if (model.path) throw new AppError('conflict', `${model.card.title} is installed already.`);
    if (!model.card.sourceUrl)
      throw new AppError('invalid-input', `The card of ${name} names no address to download it from.`);
    if (this.downloads.get(name)?.state.problem === null) return;
    const state: ModelDownload = { receivedBytes: 0, totalBytes: null, problem: null };
    const stop = new AbortController();
    const done = this.fetch(model.card, state, stop.signal);
    this.downloads.set(name, { state, stop, done });
  }

  /** Ends a download, or forgets why it failed. */
  async cancelDownload(name: string): Promise<void> {
    const download = this.downloads.get(name);
    download?.stop.abort();
    await download?.done;
    this.downloads.delete(name);
  }

  /** Adds a card from its text, so that its weights can be downloaded or added. Throws AppError when it does not fit or is there already. */
  async addCard(text: string): Promise<ModelCard> {
    const card = parseCard(text);
    const known = (await findModels(this.deps.folders)).find((model) => model.card.name === card.name);
    if (known) throw new AppError('conflict', `There is a model named ${card.name} already.`);
    await this.makeFolder();
    await writeFile(
      path.join(this.deps.folders.addedDir, `${card.name}.json`),
      `${JSON.stringify(card, null, 2)}\n`,
    );
    return card;
  }

  /** Adds weights from the file at `incoming` (in the folder of what is added; moved or deleted). Throws AppError in the user's words. */
  async addWeights(fileName: string, incoming: string): Promise<ModelCard> {
    const { folders, tryModel, onChange } = this.deps;
    const models = await findModels(folders);
    const { card } = await installModel({
      ...{ incoming, file: fileName, card: null, folder: folders.addedDir, models, tryModel },
    });
    await onChange();
    return card;
  }

  /** Deletes the weights of a model, and its card where that was added with it. Throws AppError when they are not this program's to delete. */
  async remove(name: string): Promise<void> {
    const model = (await this.list()).find((each) => each.card.name === name);
    if (!model?.path) throw new AppError('not-found', `There is no installed model named ${name}.`);
    if (!model.removable) {
      throw new AppError(
        'forbidden',
        `${model.card.file} lies in a folder that belongs to somebody else: delete it there.`,
      );
    }
    await rm(model.path);
    await rm(path.join(this.deps.folders.addedDir, `${name}.json`), { force: true });
    await this.deps.onChange();
  }

  private async fetch(card: ModelCard, state: ModelDownload, signal: AbortSignal): Promise<void> {
    try {
      const folder = this.deps.folders.addedDir;
      await downloadModel({ card, folder, signal, onProgress: (progress) => Object.assign(state, progress) });
      this.downloads.delete(card.name);
      await this.deps.onChange();
    } catch (error) {
      if (!signal.aborted) state.problem = messageOf(error);
    }
  }

  private async find(name: string): Promise<CatalogueModel> {
    const model = (await findModels(this.deps.folders)).find((each) => each.card.name === name);
    if (!model || model.problem)
      throw new AppError('not-found', model?.problem ?? `There is no model named ${name}.`);
    return model;
  }

  private async makeFolder(): Promise<void> {
    await mkdir(this.deps.folders.addedDir, { recursive: true }).catch((error: unknown) => {
      throw new AppError('unavailable', `The folder for models cannot be made: ${messageOf(error)}`, {
        cause: error,
      });
    });
  }
}
