/** Connects the folders of models with the analysis, the settings and the API. Part of the composition root. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ModelsView } from '../shared/contract-health.ts';
import { registerModelRoutes } from './api/app/model-routes.ts';
import type { Stores } from './compose-stores.ts';
import { modelsFolder } from './platform/entry.ts';
import { PROVIDER_WORDS } from './vision/detector/providers.ts';
import type { ModelFolders } from './vision/models/catalogue.ts';
import { ModelLibrary } from './vision/models/library.ts';
import type { VisionService } from './vision/service.ts';
import { tryInThread } from './vision/trial-thread.ts';

interface ModelParts {
  appPlugin(app: FastifyInstance): Promise<void>;
  stop(): Promise<void>;
}

/** The program's own models, what this engine downloaded or was given, and the folder that the environment names. */
export function foldersOfModels(dataDir: string): ModelFolders & { addedDir: string } {
  return {
    modelsDir: modelsFolder(),
    addedDir: join(dataDir, 'models'),
    extraDir: process.env.THRESHOLD_MODELS,
  };
}

export function composeModels(deps: {
  folders: ModelFolders & { addedDir: string };
  stores: Stores;
  vision: VisionService;
}): ModelParts {
  const { folders, vision } = deps;
  const { settings } = deps.stores;
  const library = new ModelLibrary({
    folders,
    tryModel: tryInThread,
    onChange: () => vision.refreshModels(),
  });

  async function view(): Promise<ModelsView> {
    const states = new Map(vision.listModels().map((state) => [state.name, state]));
    const models = (await library.list()).map(({ card, path, problem, sizeBytes, download, removable }) => ({
      name: card.name,
      title: card.title,
      licence: card.licence,
      sourceUrl: card.sourceUrl,
      installed: path !== null,
      active: states.get(card.name)?.active ?? false,
      problem: problem ?? (path ? (states.get(card.name)?.problem ?? null) : null),
      sizeBytes,
      download,
      removable,
    }));
    const { provider } = vision;
    return {
      models,
      chosen: settings.modelName(),
      modelAdvice: vision.modelAdvice,
      recommended: vision.recommendedModel?.name ?? null,
      provider: provider && {
        name: PROVIDER_WORDS[provider.provider],
        trials: provider.trials.map(({ provider: name, ...trial }) => ({
          name: PROVIDER_WORDS[name],
          ...trial,
        })),
      },
    };
  }

  return {
    appPlugin: (app) =>
      registerModelRoutes(app, {
        view,
        addedDir: folders.addedDir,
        library,
        remove: async (name) => {
          if (settings.modelName() === name) settings.setModelName(null);
          await library.remove(name);
        },
        choose: async (name) => {
          await vision.useModel(name);
          settings.setModelName(name);
        },
      }),
    stop: () => library.stop(),
  };
}
