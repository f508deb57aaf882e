/** Connects the search for cameras with the check of their streams, the camera store and the UI. Part of the composition root. */
import { statfs } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Source } from '../shared/domain-camera.ts';
import type { FolderCheck, SourceCheck } from '../shared/onboarding.ts';
import { registerOnboardingRoutes } from './api/app/onboarding-routes.ts';
import type { ProbeOptions } from './capture/probe.ts';
import { probeSource } from './capture/probe.ts';
import type { Stores } from './compose-stores.ts';
import { Discovery, RTSP_PORTS } from './discovery/discovery.ts';
import { judgeStreams } from './discovery/judge-streams.ts';
import { type LocalNetwork, localNetworks } from './discovery/networks.ts';
import { DISCOVERY_PORT } from './discovery/ws-discovery.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import { measureSpeed, refuseFolder } from './recorder/folder-check.ts';
import type { Volumes } from './recorder/volumes.ts';

export interface DiscoveryOptions {
  networks(): LocalNetwork[];
  rtspPorts: readonly number[];
  announcePort: number;
}

/** Key frames that are further apart than they should be are told from those that are not. */
const WATCH_KEYFRAMES_MS = 6500;

export interface DiscoveryParts {
  stop(): Promise<void>;
  appPlugin(app: FastifyInstance): void;
}

export function composeDiscovery(deps: {
  dataDir: string;
  stores: Stores;
  volumes: Volumes;
  probe: Pick<ProbeOptions, 'ffmpegPath' | 'resolveSource'>;
  /** Where to look; default: this machine's private networks. For tests. */
  options?: DiscoveryOptions | undefined;
  clock: Clock;
  log: Logger;
}): DiscoveryParts {
  const { dataDir, stores, volumes, clock, log } = deps;
  const discovery = new Discovery({
    networks: deps.options?.networks ?? (() => localNetworks(networkInterfaces())),
    rtspPorts: deps.options?.rtspPorts ?? RTSP_PORTS,
    announcePort: deps.options?.announcePort ?? DISCOVERY_PORT,
    cameraAt: (host) =>
      stores.cameras.list().find(({ source }) => source && hostOf(source.main) === host)?.name ?? null,
    ...{ clock, log },
  });

  async function check(source: Source, clockAheadMs: number | null): Promise<SourceCheck> {
    const look = (url: string) =>
      probeSource({
        ...{ ...deps.probe, url, transport: source.transport, clock, log },
        watchKeyframesMs: WATCH_KEYFRAMES_MS,
      });
    const [main, sub] = await Promise.all([look(source.main), source.sub ? look(source.sub) : null]);
    const findings = judgeStreams({
      ...{ main, sub, clockAheadMs },
      watchedSeconds: WATCH_KEYFRAMES_MS / 1000,
      isLocal: !/^rtsps?:/i.test(source.main),
    });
    return { main, sub, findings };
  }

  async function checkFolder(wanted: string | null): Promise<FolderCheck> {
    const inUse = volumes.all().map(({ volume }) => volume);
    const recorded = inUse.find(({ role }) => role === 'record') ?? inUse[0]!;
    const path = wanted === null ? recorded.path : resolve(wanted);
    if (wanted !== null) await refuseFolder(path, [dataDir, ...inUse.map((volume) => volume.path)]);
    const bytesPerSecond = await measureSpeed(path);
    const { bavail, blocks, bsize } = await statfs(path);
    return { path, bytesPerSecond, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  }

  return {
    stop: () => discovery.stop(),
    appPlugin: (app) => registerOnboardingRoutes(app, { ...stores, discovery, check, checkFolder, clock }),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}
