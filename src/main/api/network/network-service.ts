/**
 * Listens where the settings say, and changes that while the engine runs. A change is on trial until somebody who reached its new address
 * keeps it; otherwise all is as before. Settings that do not hold at the start never keep it from starting: it listens elsewhere.
 */
import { AppError, messageOf } from '../../../shared/errors.ts';
import {
  type NetworkInput,
  type NetworkSettings,
  type NetworkView,
  TRIAL_MS,
} from '../../../shared/network.ts';
import { SECOND_MS } from '../../../shared/units.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { describeCertificate, parseOwnCertificate } from '../../settings/certificate.ts';
import type { NetworkSettingsStore } from '../../store/network-settings.ts';
import type { Certificates } from './certificates.ts';
import type { Door } from './door.ts';
import type { Listeners, Place } from './listeners.ts';
import {
  DEFAULT_SETTINGS,
  type NewAddress,
  type OwnAddress,
  placesOf,
  planSubstitutes,
  THIS_COMPUTER,
  urlOf,
  urlsOf,
} from './plan-listening.ts';
import { Ticket } from './ticket.ts';
import type { Trial } from './trial.ts';

export interface NetworkServiceDeps {
  store: NetworkSettingsStore;
  certificates: Certificates;
  /** Of the command line; it outranks address and port of the settings. */
  flag: { host: string; port: number } | null;
  /** Where the windows of the desktop app find the engine on this computer, whatever the settings say; 0: any free port. */
  windowPort: number | null;
  addresses(): OwnAddress[];
  newListeners(): Listeners;
  /** It listens elsewhere now, for good. */
  onMoved(): void;
  clock: Clock;
  log: Logger;
}

const AGAIN_MS = 15 * SECOND_MS;

export class NetworkService {
  private readonly deps: NetworkServiceDeps;
  private listeners: Listeners | null = null;
  private window: { door: Door; url: string } | null = null;
  private door: Door | null = null;
  /** The newest undoing, done or not: nothing else is changed beside it. */
  private undoing: Promise<void> = Promise.resolve();
  private trial: Trial | null = null;
  private substituted: string | null = null;
  private changing = false;
  private cancelAgain = () => {};

  constructor(deps: NetworkServiceDeps) {
    this.deps = deps;
  }

  /** The address of the recorder on this network, as streams that do not go through the web server are offered at too. */
  get host(): string {
    return (this.listeners?.places()[0] ?? this.wanted()[0])?.host ?? THIS_COMPUTER;
  }

  /** Why it does not listen where the settings say, or what its certificate lacks; in words. */
  get notice(): string | null {
    return this.substituted ?? this.deps.certificates.notice(this.settings());
  }

  /** Resolves with the address. Throws AppError `unavailable` where the flag's, or without settings the usual one, cannot be had. */
  async start(): Promise<string> {
    const { deps } = this;
    if (deps.windowPort !== null) await this.openWindow(deps.windowPort);
    this.listeners = deps.newListeners();
    const chosen = deps.store.chosen();
    if (deps.flag) await this.settle([deps.flag]);
    else if (chosen) await this.settleSomewhere();
    else if (!this.window) await this.settle(placesOf(DEFAULT_SETTINGS));
    deps.certificates.onRenewed((renewed) => {
      if (this.settings().certificate === 'generated') this.door?.renew(renewed);
      if (this.trial?.settings.certificate === 'generated') this.trial.move.door.renew(renewed);
    });
    if (this.window) return this.window.url;
    const place = this.listeners.places()[0]!;
    return urlOf(this.door!.scheme, deps.flag?.host ?? place.host, place.port);
  }

  stop(): void {
    this.cancelAgain();
    this.trial?.cancel();
    this.deps.certificates.stop();
  }

  /** `socket`: of the request that asks. */
  view(socket: object): NetworkView {
    const { certificates, flag } = this.deps;
    const addresses = this.deps.addresses();
    const places = this.listeners?.places() ?? [];
    const { trial } = this;
    const current = trial?.urlsBefore ?? this.urls();
    return {
      settings: this.settings(),
      flag: flag && urlOf('', flag.host, flag.port).slice(3),
      urls: [...current, ...(this.window ? [this.window.url] : [])],
      addresses,
      certificates: { generated: certificates.view('generated'), own: certificates.view('own') },
      notice: this.notice,
      trial: trial && {
        settings: trial.settings,
        leftMs: Math.max(0, trial.untilMs - this.deps.clock.monotonicMs()),
        urls: urlsOf(places, trial.move.door.scheme, addresses),
        isReached: this.isReached(trial, socket),
      },
    };
  }

  /**
   * Opens what the input says, beside what there is. Resolves with the one-time ticket for the new address. Throws AppError: `invalid-input`
   * for a certificate that is none, `unavailable` where it cannot listen there; then all is as it was.
   */
  async change(
    { own: given, ...settings }: NetworkInput,
    accountId: number,
  ): Promise<{ ticket: string; at: NewAddress }> {
    if (this.changing) throw new AppError('conflict', 'Another change is being made just now.');
    this.changing = true;
    try {
      await this.undo();
      const { store, flag, clock } = this.deps;
      const own = given ? parseOwnCertificate(given, clock.epochMs()) : null;
      if (settings.certificate === 'own' && !own && !store.certificate('own'))
        throw new AppError('invalid-input', 'Add a certificate and its key first.');
      const urlsBefore = this.urls();
      const places = flag ? this.listeners!.places() : placesOf(settings);
      const protocol = await this.deps.certificates.protocolOf(settings, own);
      const move = await this.listeners!.move(places, protocol);
      this.cancelAgain();
      const ticket = new Ticket(accountId);
      this.trial = {
        ...{ settings, own, move, urlsBefore, ticket },
        untilMs: clock.monotonicMs() + TRIAL_MS,
        cancel: clock.after(TRIAL_MS, () => void this.undo()),
      };
      const { port } = this.listeners!.places()[0]!;
      const fingerprint = protocol && describeCertificate(protocol.chain).fingerprint;
      const at = { scheme: move.door.scheme, port, isFlag: flag !== null, fingerprint };
      return { ticket: ticket.value, at };
    } finally {
      this.changing = false;
    }
  }

  /** Whose ticket it is, once, and at the new address; null otherwise. */
  takeTicket(ticket: string, socket: object): number | null {
    const { trial } = this;
    return trial && this.isReached(trial, socket) ? trial.ticket.take(ticket) : null;
  }

  /** The change on trial is stored. Throws AppError `conflict` where there is none, or who asks has not reached it. */
  keep(socket: object): NetworkSettings {
    const { trial } = this;
    if (!trial)
      throw new AppError('conflict', 'There is no change to keep: it has been undone, or kept already.');
    if (!this.isReached(trial, socket))
      throw new AppError('conflict', 'The change can be kept at the new address only: open that first.');
    const { store, flag, addresses } = this.deps;
    const { settings, own, move } = trial;
    if (own) store.putCertificate('own', own);
    const { certificate, plainHttp } = settings;
    // What the flag decides stays as it was stored.
    const chosen = flag ? { ...this.settings(), certificate, plainHttp } : settings;
    const at = addresses().find(({ address }) => address === chosen.address);
    store.choose(chosen, at?.interfaceName ?? null);
    this.end(trial);
    this.door = move.door;
    this.substituted = null;
    move.keep();
    this.deps.log.info({ urls: this.urls() }, 'listening elsewhere');
    this.deps.onMoved();
    return chosen;
  }

  /** Back to before the change on trial, if there is one. */
  async undo(): Promise<void> {
    if (this.trial) this.undoing = this.undoTrial(this.trial);
    await this.undoing;
  }

  private async undoTrial(trial: Trial): Promise<void> {
    this.end(trial);
    try {
      await trial.move.undo();
      if (this.substituted !== null) this.tryAgainLater();
    } catch (error) {
      this.deps.log.error({ err: error }, 'the address from before the change cannot be had again');
      await this.settleSomewhere();
    }
    this.deps.log.info('a change of the network settings was undone');
  }

  private end(trial: Trial): void {
    trial.cancel();
    this.trial = null;
  }

  private settings(): NetworkSettings {
    return this.deps.store.chosen()?.settings ?? DEFAULT_SETTINGS;
  }

  private urls(): string[] {
    return urlsOf(this.listeners?.places() ?? [], this.door?.scheme ?? 'http', this.deps.addresses());
  }

  private wanted(): Place[] {
    return this.deps.flag ? [this.deps.flag] : placesOf(this.settings());
  }

  private async openWindow(port: number): Promise<void> {
    const listeners = this.deps.newListeners();
    const { door } = await listeners.move([{ host: THIS_COMPUTER, port }], null);
    this.window = { door, url: urlOf('http', THIS_COMPUTER, listeners.places()[0]!.port) };
  }

  private async settle(places: readonly Place[]): Promise<void> {
    const move = await this.listeners!.move(places, await this.deps.certificates.protocolOf(this.settings()));
    this.door = move.door;
    move.keep();
  }

  /** At the places of the settings, or at the first that can be had in their stead. */
  private async settleSomewhere(): Promise<void> {
    const { store, addresses } = this.deps;
    const interfaceName = store.chosen()?.interfaceName ?? null;
    const substitutes = planSubstitutes(this.settings(), interfaceName, addresses());
    let problem: string | null = null;
    for (const places of [this.wanted(), ...substitutes]) {
      try {
        await this.settle(places);
      } catch (error) {
        problem ??= messageOf(error);
        continue;
      }
      if (problem !== null) this.noteSubstitute(problem);
      return;
    }
    throw new AppError('unavailable', problem ?? 'No address can be listened on.');
  }

  private noteSubstitute(problem: string): void {
    const urls = this.urls();
    this.substituted = `${problem} Until that has changed, the recorder listens at ${urls.join(', ')}.`;
    this.deps.log.warn({ problem, urls }, 'not listening where the settings say');
    this.tryAgainLater();
    this.deps.onMoved();
  }

  /** A network that was not up yet, an address that comes back. */
  private tryAgainLater(): void {
    this.cancelAgain();
    this.cancelAgain = this.deps.clock.after(AGAIN_MS, () => void this.tryAgain());
  }

  private async tryAgain(): Promise<void> {
    const { addresses, log, onMoved } = this.deps;
    const { address } = this.settings();
    const isThere = address === null || addresses().some((one) => one.address === address);
    if (!isThere || this.changing || this.trial) return this.tryAgainLater();
    this.changing = true;
    try {
      await this.settle(this.wanted());
      this.substituted = null;
      log.info({ places: this.listeners!.places() }, 'listening where the settings say again');
      onMoved();
    } catch {
      this.tryAgainLater();
    } finally {
      this.changing = false;
    }
  }

  /** Whether a request came to the new address. The windows of the desktop app reach the recorder in any case. */
  private isReached(trial: Trial, socket: object): boolean {
    return trial.move.door.let(socket) || (this.window?.door.let(socket) ?? false);
  }
}
