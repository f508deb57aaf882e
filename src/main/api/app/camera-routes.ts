/** Cameras, sites and readers for the UI. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  CameraInputSchema,
  CameraPatchSchema,
  type CameraView,
  ReadersSchema,
} from '../../../shared/contract.ts';
import type { Source } from '../../../shared/domain.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CameraStore, StoredCamera } from '../../store/cameras.ts';
import type { ReaderStore } from '../../store/readers.ts';
import type { SiteStore } from '../../store/sites.ts';
import type { EnginePorts } from './ports.ts';
import { maskSourceUrl, unmaskSource } from './source-url.ts';

export interface CameraRouteDeps {
  cameras: CameraStore;
  sites: SiteStore;
  readers: ReaderStore;
  engine: EnginePorts;
  /** Forgets the events of a camera with their pictures. */
  forgetEvents: (cameraId: string) => Promise<unknown>;
  clock: Clock;
}

const ParamsSchema = z.object({ id: z.string() });

export function registerCameraRoutes(app: FastifyInstance, deps: CameraRouteDeps): void {
  const { cameras, sites, readers, engine } = deps;

  app.get('/cameras', () => cameras.list().map(view));

  app.get('/cameras/:id', (request) => view(find(request.params)));

  app.post('/cameras', (request, reply) => {
    const input = CameraInputSchema.parse(request.body);
    const siteId = input.siteId === undefined ? sites.ensureDefault().id : knownSite(input.siteId);
    const source = unmaskSource(input.source, allSourceUrls());
    const camera = cameras.add({ ...input, id: randomUUID(), siteId, source }, deps.clock.epochMs());
    return reply.code(201).send(view(camera));
  });

  app.patch('/cameras/:id', (request) => {
    const before = find(request.params);
    const { source, ...changes } = CameraPatchSchema.parse(request.body);
    if (changes.siteId !== undefined) knownSite(changes.siteId);
    const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    return view(
      cameras.update(before.id, {
        ...named,
        ...(source && { source: unmaskSource(source, [...sourceUrls(before.source), ...allSourceUrls()]) }),
      }),
    );
  });

  app.delete('/cameras/:id', async (request, reply) => {
    const { id } = find(request.params);
    await engine.releaseCamera(id);
    await deps.forgetEvents(id);
    cameras.remove(id);
    return reply.code(204).send();
  });

  app.get('/sites', () => {
    sites.ensureDefault();
    return sites.list();
  });

  app.get('/readers', () => readers.list());

  app.put('/readers', (request) => {
    readers.replaceAll(ReadersSchema.parse(request.body));
    return readers.list();
  });

  function find(params: unknown): StoredCamera {
    const camera = cameras.get(ParamsSchema.parse(params).id);
    if (!camera) throw new AppError('not-found', 'There is no such camera.');
    return camera;
  }

  function knownSite(id: number): number {
    if (!sites.byId(id)) throw new AppError('invalid-input', `siteId: there is no site ${id}`);
    return id;
  }

  function allSourceUrls(): string[] {
    return cameras.list().flatMap((camera) => sourceUrls(camera.source));
  }

  function view(camera: StoredCamera): CameraView {
    const { id, name, siteId, source, recording, analysis, zones, lines, createdEpochMs } = camera;
    return {
      id,
      name,
      siteId,
      serialNumber: camera.serialNumber ?? null,
      macAddress: camera.macAddress ?? null,
      source: source
        ? {
            main: maskSourceUrl(source.main),
            sub: source.sub ? maskSourceUrl(source.sub) : null,
            transport: source.transport,
          }
        : null,
      recording,
      analysis,
      zones,
      lines,
      readers: camera.readers,
      createdEpochMs,
      status: engine.cameraStatus(id),
    };
  }
}

function sourceUrls(source: Source | undefined): string[] {
  return source ? [source.main, ...(source.sub ? [source.sub] : [])] : [];
}
