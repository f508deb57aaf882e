/**
 * Which model the analysis uses and on which execution provider: the one that was chosen, or the best one that is installed and works.
 * Each is tried out before it is used; one that does not work is passed over, and said. Holds no worker: `use` hands the choice on.
 */
import { messageOf } from '../../shared/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { LoadableModel } from './detector/detector.ts';
import { PROVIDER_WORDS, type Provider, type ProviderChoice, withoutProvider } from './detector/providers.ts';
import type { TrialRequest, TrialResult } from './detector/trial.ts';
import type { ModelCard } from './models/card.ts';
import {
  type CatalogueModel,
  chooseModel,
  findModels,
  MODEL_ADVICE,
  type ModelFolders,
  recommendModel,
} from './models/catalogue.ts';

/** A model as the health page lists it. */
export interface ModelState {
  name: string;
  title: string;
  active: boolean;
  problem: string | null;
}

export interface DetectorChoiceDeps {
  folders: ModelFolders;
  /** The name that was chosen; null: the best one. */
  wanted(): string | null;
  tryModel(request: TrialRequest): Promise<TrialResult>;
  /** null: motion and sabotage only. */
  use(model: LoadableModel | null): void;
  onProblem(problem: string | null): void;
  logger: Logger;
}

/** After this time the cameras have started, and the model that they began with is tried out and measured. */
const FIRST_TRIAL_MS = 5000;

type Installed = CatalogueModel & { path: string };

export class DetectorChoice {
  /** Why no detector runs; null while one does, or is being tried out. */
  problem: string | null = null;
  provider: ProviderChoice | null = null;
  private readonly deps: DetectorChoiceDeps;
  private models: CatalogueModel[] = [];
  private active: Installed | null = null;
  /** What was handed on last. */
  private given: LoadableModel | null = null;
  /** Why models that are installed cannot be used, by name. */
  private readonly faults = new Map<string, string>();
  /** One change after the other. */
  private changing: Promise<void> = Promise.resolve();
  /** Runs the first trial; null once it has begun, or was overtaken. */
  private firstTrial: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(deps: DetectorChoiceDeps) {
    this.deps = deps;
  }

  /** Reads the folders and begins with the best model on the processor; the trials go on afterwards. */
  async start(): Promise<void> {
    await this.scan();
    const [first] = this.candidates();
    if (!first) {
      this.settle(null, null);
      return;
    }
    this.active = first;
    this.handOn({ card: first.card, path: first.path, provider: 'cpu' });
    // The cameras come first: measuring while they start would only make both wait.
    this.firstTrial = setTimeout(() => this.tryFirst(), FIRST_TRIAL_MS);
    this.firstTrial.unref();
  }

  /** Resolves when no trial is under way: the end of the process in the midst of one would be an abort of the runtime's. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.overtakeFirstTrial();
    await this.changing;
  }

  async use(name: string | null): Promise<void> {
    this.overtakeFirstTrial();
    await this.inTurn(async () => {
      await this.scan();
      const model = chooseModel(this.models, name ?? undefined);
      if (!model) this.settle(null, null);
      else if (!this.isInUse(model)) this.settle(model, await this.tryOut(model));
    });
  }

  async refresh(): Promise<void> {
    this.overtakeFirstTrial();
    await this.inTurn(async () => {
      await this.scan();
      const [first] = this.candidates();
      if (!first) this.settle(null, null);
      else if (!this.isInUse(first)) await this.settleOnFirst(this.candidates());
    });
  }

  /** The model in use; null while none is. */
  get model(): { card: ModelCard; path: string } | null {
    const { active, problem } = this;
    return active && problem === null ? { card: active.card, path: active.path } : null;
  }

  /** What to download in place of the model in use; null where that is good enough, or was chosen by hand. */
  get recommended(): ModelCard | null {
    const used = this.model?.card ?? null;
    return used && used.name === this.deps.wanted() ? null : recommendModel(this.models, used);
  }

  /** What a worker says once it has loaded the model. */
  loaded(problem: string | null): void {
    if (!this.active) return;
    if (problem) this.deps.logger.error({ problem }, 'the detector cannot be used');
    this.setProblem(problem);
    if (problem && this.firstTrial) this.tryFirst();
  }

  /** What a worker says once its provider has failed: all go on with the processor, until a model is chosen anew or the engine is started again. */
  providerFailed(provider: Provider, reason: string): void {
    const { active } = this;
    if (!active || this.given?.provider !== provider) return;
    this.deps.logger.error(
      { provider: PROVIDER_WORDS[provider], reason },
      'the detector goes on with the processor',
    );
    this.provider = withoutProvider(this.provider, provider, reason);
    this.handOn({ card: active.card, path: active.path, provider: 'cpu' });
  }

  list(): ModelState[] {
    return this.models.map((model) => {
      const { name, title } = model.card;
      const active = model === this.active;
      const missing = model.path ? null : 'Its weights are not installed.';
      const fault = this.faults.get(name) ?? (active ? this.problem : missing);
      return { name, title, active: active && this.problem === null, problem: model.problem ?? fault };
    });
  }

  /** The chosen model first, then the others that are installed, best first. */
  private candidates(): Installed[] {
    const installed = this.models.filter(
      (model): model is Installed => model.path !== null && !model.problem,
    );
    const wanted = this.deps.wanted();
    return installed.toSorted((a, b) => Number(b.card.name === wanted) - Number(a.card.name === wanted));
  }

  private tryFirst(): void {
    this.overtakeFirstTrial();
    void this.inTurn(() => this.settleOnFirst(this.candidates()));
  }

  private overtakeFirstTrial(): void {
    if (this.firstTrial) clearTimeout(this.firstTrial);
    this.firstTrial = null;
  }

  private async settleOnFirst(candidates: readonly Installed[]): Promise<void> {
    let problem: string | null = null;
    for (const model of candidates) {
      if (this.stopped) return;
      try {
        this.settle(model, await this.tryOut(model, true));
        return;
      } catch (error) {
        problem ??= messageOf(error);
      }
    }
    this.settle(null, problem);
  }

  private async tryOut(model: Installed, isHurried = false): Promise<TrialResult> {
    const { card, path } = model;
    try {
      const result = await this.deps.tryModel({ card, path, file: card.file, isHurried });
      this.faults.delete(card.name);
      return result;
    } catch (error) {
      this.faults.set(card.name, messageOf(error));
      this.deps.logger.warn({ model: card.name, problem: messageOf(error) }, 'a model cannot be used');
      throw error;
    }
  }

  private settle(model: Installed | null, result: TrialResult | string | null): void {
    if (this.stopped) return;
    this.active = model;
    const trial = typeof result === 'string' ? null : result;
    this.provider = trial && { provider: trial.provider, trials: trial.trials };
    if (!model || !trial) {
      this.setProblem(typeof result === 'string' ? result : MODEL_ADVICE);
      this.deps.logger.warn({ problem: this.problem }, 'analysis runs without a detector');
      this.handOn(null);
      return;
    }
    this.setProblem(null);
    const { provider } = trial;
    this.deps.logger.info({ model: model.card.name, provider: PROVIDER_WORDS[provider] }, 'detector chosen');
    this.handOn({ card: model.card, path: model.path, provider });
  }

  /** What the workers have already is not loaded again. */
  private handOn(model: LoadableModel | null): void {
    const { given } = this;
    if (model && given?.path === model.path && given.provider === model.provider) return;
    this.given = model;
    this.deps.use(model);
  }

  private setProblem(problem: string | null): void {
    this.problem = problem;
    this.deps.onProblem(problem);
  }

  /** Tried out, measured and used. */
  private isInUse(model: Installed): boolean {
    if (this.problem !== null || this.provider === null) return false;
    return this.active?.card.name === model.card.name && this.active.path === model.path;
  }

  /** Finds the folders' models; the one in use keeps being it. */
  private async scan(): Promise<void> {
    try {
      this.models = await findModels(this.deps.folders);
    } catch (error) {
      this.deps.logger.error({ problem: messageOf(error) }, 'the models cannot be listed');
      this.models = [];
    }
    const { active } = this;
    const same = this.models.find(
      (model) => model.card.name === active?.card.name && model.path === active.path,
    );
    if (active && same) this.models[this.models.indexOf(same)] = active;
  }

  private inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.changing.then(action);
    this.changing = done.catch(() => {});
    return done;
  }
}
