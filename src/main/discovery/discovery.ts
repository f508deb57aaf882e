/**
 * The search for cameras: what was found, signed in at and learnt, since the engine started. Searches only when asked to. Credentials and
 * stream addresses stay in here; what leaves is `view()`.
 */
import { isIPv4 } from 'node:net';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { DiscoveryView, FoundDevice } from '../../shared/onboarding.ts';
import type { Credentials } from '../media/rtsp/auth.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { LocalNetwork } from './networks.ts';
import { type OnvifDevice, readDevice } from './onvif/read-device.ts';
import { scanForRtsp } from './rtsp-scan.ts';
import { type Announcement, listenForDevices } from './ws-discovery.ts';

export interface DiscoveryDeps {
  /** Asked at every search: cables are plugged in meanwhile. */
  networks(): LocalNetwork[];
  rtspPorts: readonly number[];
  /** Where devices listen for the multicast question. */
  announcePort: number;
  /** Name of the camera whose pictures come from a host; null where there is none. */
  cameraAt(host: string): string | null;
  clock: Clock;
  log: Logger;
}

interface Device {
  found: Omit<FoundDevice, 'cameraName'>;
  serviceUrl: string | null;
  learnt: OnvifDevice | null;
}

export const RTSP_PORTS = [554, 8554] as const;
/** Answers to the multicast question come within this time; a scan may take longer. */
const LISTEN_MS = 4000;
const MOST_DEVICES = 512;
const SIGN_INS_AT_ONCE = 8;

export class Discovery {
  private readonly deps: DiscoveryDeps;
  private readonly devices = new Map<string, Device>();
  private state: DiscoveryView['state'] = 'none';
  private networks: LocalNetwork[] = [];
  private done = 0;
  private abort: AbortController | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(deps: DiscoveryDeps) {
    this.deps = deps;
  }

  /** Begins a search; what earlier ones found and nobody signed in at is forgotten. Throws AppError `conflict` while one runs. */
  start(): void {
    if (this.state === 'running') throw new AppError('conflict', 'A search is running already.');
    for (const [id, { found }] of this.devices) if (found.state !== 'ready') this.devices.delete(id);
    this.networks = this.deps.networks();
    this.done = 0;
    this.state = 'running';
    const abort = new AbortController();
    this.abort = abort;
    this.running = this.search(abort.signal).then(() => {
      this.state = abort.signal.aborted ? 'cancelled' : 'done';
    });
  }

  /** Ends a search that runs; what was found stays. */
  async stop(): Promise<void> {
    this.abort?.abort();
    await this.running;
  }

  view(): DiscoveryView {
    const { cameraAt } = this.deps;
    return {
      state: this.state,
      networks: this.networks.map(({ cidr }) => cidr),
      addressesDone: this.done,
      addressesTotal: this.networks.reduce((sum, { hosts }) => sum + hosts.length, 0),
      devices: [...this.devices.values()]
        .map(({ found }) => ({ ...found, cameraName: cameraAt(found.host) }))
        .sort((a, b) => orderOf(a.host).localeCompare(orderOf(b.host))),
    };
  }

  /** Adds a device by its address, a host with the port of its ONVIF service where that is not 80. */
  addAddress(address: string): void {
    const { hostname } = new URL(`http://${address}`);
    const serviceUrl = `http://${address}/onvif/device_service`;
    this.put(hostname.replace(/^\[|\]$/g, ''), { serviceUrl, onvif: true });
  }

  /** Signs in at each device once and learns its streams. Throws AppError `not-found` for one that is not known. */
  async signIn(deviceIds: readonly string[], credentials: Credentials): Promise<void> {
    const waiting = deviceIds.map((id) => this.find(id));
    const work = async () => {
      for (let device = waiting.shift(); device; device = waiting.shift())
        await this.learn(device, credentials);
    };
    await Promise.all(Array.from({ length: SIGN_INS_AT_ONCE }, work));
  }

  /** What is known of a device that somebody signed in at. Throws AppError `not-found`, or `conflict` before its streams are known. */
  learnt(id: string): OnvifDevice & { host: string } {
    const { learnt, found } = this.find(id);
    if (!learnt)
      throw new AppError('conflict', 'Sign in at this device first: its streams are not known yet.');
    return { ...learnt, host: found.host };
  }

  private async search(signal: AbortSignal): Promise<void> {
    const listening = AbortSignal.any([signal, AbortSignal.timeout(LISTEN_MS)]);
    const { log, rtspPorts, announcePort } = this.deps;
    await Promise.all([
      ...this.networks.map(({ address }) =>
        listenForDevices(address, announcePort, (device) => this.announced(device), listening).catch(
          (error: unknown) =>
            log.warn({ problem: messageOf(error) }, 'cameras could not be asked to name themselves'),
        ),
      ),
      scanForRtsp({
        ...{ ports: rtspPorts, signal, hosts: this.networks.flatMap(({ hosts }) => hosts) },
        onAnswer: ({ host, port, server }) => this.answered(host, port, server),
        onProgress: (done) => {
          this.done = done;
        },
      }),
    ]);
  }

  private announced({ host, serviceUrl, name, maker, model }: Announcement): void {
    // Answers come from everywhere in the network, not only from where they were asked for.
    if (!isIPv4(host)) return;
    this.put(host, { serviceUrl, onvif: true, name, maker, model });
  }

  private answered(host: string, port: number, server: string | null): void {
    this.put(host, { rtspPort: port, ...(server === null ? {} : { name: server }) });
  }

  /** What one way of looking learns of a device is added to what the other did; a name it gave itself stays. */
  private put(host: string, news: Partial<Device['found']> & { serviceUrl?: string }): void {
    const { serviceUrl, ...facts } = news;
    const port = serviceUrl === undefined ? '' : new URL(serviceUrl).port;
    const id = port === '' ? host : `${host}:${port}`;
    const known = this.devices.get(id) ?? this.sameHost(host, serviceUrl);
    if (!known && this.devices.size >= MOST_DEVICES) return;
    const before = known?.found ?? { ...NOTHING_KNOWN, id, host };
    if (known) this.devices.delete(known.found.id);
    const found = { ...before, ...facts, id: known?.serviceUrl ? before.id : id };
    found.name = (facts.onvif ? facts.name : before.name) ?? before.name ?? facts.name ?? null;
    this.devices.set(found.id, {
      found,
      serviceUrl: serviceUrl ?? known?.serviceUrl ?? null,
      learnt: known?.learnt ?? null,
    });
  }

  /** RTSP and ONVIF of one host are the same device, unless it has several ONVIF services. */
  private sameHost(host: string, serviceUrl: string | undefined): Device | undefined {
    return [...this.devices.values()].find(
      (device) => device.found.host === host && (serviceUrl === undefined || device.serviceUrl === null),
    );
  }

  private async learn(device: Device, credentials: Credentials): Promise<void> {
    const { found, serviceUrl } = device;
    if (serviceUrl === null) {
      const problem = 'It speaks no ONVIF, so its streams must be named: add it by its address.';
      device.found = { ...found, state: 'failed', problem };
      return;
    }
    const result = await readDevice(serviceUrl, credentials, this.deps.clock);
    if (result.state !== 'ready') {
      device.learnt = null;
      device.found = { ...device.found, state: result.state, problem: result.problem, streams: null };
      return;
    }
    const { main, sub, maker, model } = result.device;
    device.learnt = result.device;
    device.found = {
      ...device.found,
      ...{ state: 'ready', problem: null, maker: maker ?? found.maker, model: model ?? found.model },
      streams: { main: offered(main.profile), sub: sub && offered(sub.profile) },
    };
  }

  private find(id: string): Device {
    const device = this.devices.get(id);
    if (!device) throw new AppError('not-found', 'This device is not known any more: search again.');
    return device;
  }
}

const NOTHING_KNOWN = {
  ...{ name: null, maker: null, model: null, onvif: false, rtspPort: null },
  ...{ state: 'found' as const, problem: null, streams: null },
};

function offered({ codec, width, height, framesPerSecond }: OnvifDevice['main']['profile']) {
  return { codec, width, height, framesPerSecond };
}

/** Addresses in the order of their numbers. */
function orderOf(host: string): string {
  return isIPv4(host)
    ? host
        .split('.')
        .map((part) => part.padStart(3, '0'))
        .join('.')
    : host;
}
