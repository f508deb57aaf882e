/** Finding cameras, looking at their streams before anything is saved, and trying a folder, for the UI. Registered inside the authenticated scope. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  AnalysisSchema,
  MacAddressSchema,
  RecordingSchema,
  type Source,
} from '../../../shared/domain-camera.ts';
import {
  CheckInputSchema,
  DeviceInputSchema,
  DeviceSignInSchema,
  type DiscoveryView,
  type FolderCheck,
  FolderCheckInputSchema,
  NewNameSchema,
  type SourceCheck,
} from '../../../shared/onboarding.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CameraStore } from '../../store/cameras.ts';
import type { SiteStore } from '../../store/sites.ts';
import { forAdministrators } from './rights.ts';
import { unmaskSource } from './source-url.ts';

/** What a device told once somebody had signed in at it. */
interface LearntDevice {
  serialNumber: string | null;
  macAddress: string | null;
  clockAheadMs: number | null;
  /** With credentials. */
  main: { url: string };
  sub: { url: string } | null;
}

export interface OnboardingRouteDeps {
  discovery: {
    start(): void;
    stop(): Promise<void>;
    view(): DiscoveryView;
    addAddress(address: string): void;
    signIn(deviceIds: readonly string[], account: { user: string; password: string }): Promise<void>;
    learnt(id: string): LearntDevice;
  };
  check(source: Source, clockAheadMs: number | null): Promise<SourceCheck>;
  checkFolder(path: string | null): Promise<FolderCheck>;
  cameras: CameraStore;
  sites: SiteStore;
  clock: Clock;
}

const ParamsSchema = z.object({ id: z.string().max(300) });

export function registerOnboardingRoutes(app: FastifyInstance, deps: OnboardingRouteDeps): void {
  const { discovery, cameras, sites } = deps;

  app.get('/discovery', forAdministrators, () => discovery.view());

  app.post('/discovery', forAdministrators, (_request, reply) => {
    discovery.start();
    return reply.code(202).send(discovery.view());
  });

  app.delete('/discovery', forAdministrators, async () => {
    await discovery.stop();
    return discovery.view();
  });

  app.post('/discovery/devices', forAdministrators, (request, reply) => {
    discovery.addAddress(DeviceInputSchema.parse(request.body).address);
    return reply.code(201).send(discovery.view());
  });

  app.post('/discovery/sign-in', forAdministrators, async (request) => {
    const { deviceIds, user, password } = DeviceSignInSchema.parse(request.body);
    await discovery.signIn(deviceIds, { user, password });
    return discovery.view();
  });

  app.post('/discovery/devices/:id/check', forAdministrators, (request) => {
    const device = discovery.learnt(ParamsSchema.parse(request.params).id);
    return deps.check(sourceOf(device), device.clockAheadMs);
  });

  app.post('/discovery/devices/:id/camera', forAdministrators, (request, reply) => {
    const device = discovery.learnt(ParamsSchema.parse(request.params).id);
    const { name } = NewNameSchema.parse(request.body);
    const camera = cameras.add(
      {
        ...{ id: randomUUID(), name, siteId: sites.ensureDefault().id, source: sourceOf(device) },
        ...identityOf(device),
        recording: RecordingSchema.parse({}),
        analysis: AnalysisSchema.parse({}),
        ...{ zones: [], lines: [], readers: [] },
      },
      deps.clock.epochMs(),
    );
    return reply.code(201).send({ id: camera.id, name: camera.name });
  });

  app.post('/cameras/check', forAdministrators, (request) => {
    const { source } = CheckInputSchema.parse(request.body);
    const stored = cameras.list().flatMap((camera) => (camera.source ? urlsOf(camera.source) : []));
    return deps.check(unmaskSource(source, stored), null);
  });

  app.post('/storage/folders/check', forAdministrators, (request) =>
    deps.checkFolder(FolderCheckInputSchema.parse(request.body).path),
  );

  /** Each belongs to one camera: those that another has are left out, as of a second lens of the same device. */
  function identityOf(device: LearntDevice): { serialNumber?: string; macAddress?: string } {
    const mac = MacAddressSchema.safeParse(device.macAddress).data;
    const serialNumber = device.serialNumber ?? undefined;
    const others = cameras.list();
    return {
      ...(serialNumber !== undefined &&
        !others.some((camera) => camera.serialNumber === serialNumber) && { serialNumber }),
      ...(mac !== undefined && !others.some((camera) => camera.macAddress === mac) && { macAddress: mac }),
    };
  }
}

function sourceOf({ main, sub }: LearntDevice): Source {
  return { main: main.url, transport: 'tcp', ...(sub && { sub: sub.url }) };
}

function urlsOf({ main, sub }: Source): string[] {
  return [main, ...(sub ? [sub] : [])];
}
