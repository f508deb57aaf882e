/** Cameras, sites and readers for the UI. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  CameraInputSchema,
  CameraPatchSchema,
  type CameraView,
  ReadersSchema,
} from '../../../shared/contract-cameras.ts';
import type { Source } from '../../../shared/domain-camera.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CameraStore, StoredCamera } from '../../store/cameras.ts';
import type { ReaderStore } from '../../store/readers.ts';
import type { SiteStore } from '../../store/sites.ts';
import type { EnginePorts } from './ports.ts';
import {
  camerasOf,
  forAdministrators,
  forOperators,
  forViewers,
  forViewersOfCamera,
  isAdministrator,
  NO_CAMERA,
} from './rights.ts';
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

  app.get('/cameras', forViewers, (request) =>
    cameras.list().flatMap((camera) => (camerasOf(request).has(camera.id) ? view(camera, request) : [])),
  );

  app.get('/cameras/:id', forViewersOfCamera, (request) => view(find(request.params), request));

  app.post('/cameras', forAdministrators, (request, reply) => {
    const input = CameraInputSchema.parse(request.body);
    const siteId = input.siteId === undefined ? sites.ensureDefault().id : knownSite(input.siteId);
    const source = unmaskSource(input.source, allSourceUrls());
    const camera = cameras.add({ ...input, id: randomUUID(), siteId, source }, deps.clock.epochMs());
    return reply.code(201).send(view(camera, request));
  });

  app.patch('/cameras/:id', forAdministrators, (request) => {
    const before = find(request.params);
    const { source, ...changes } = CameraPatchSchema.parse(request.body);
    if (changes.siteId !== undefined) knownSite(changes.siteId);
    const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    return view(
      cameras.update(before.id, {
        ...named,
        ...(source && { source: unmaskSource(source, [...sourceUrls(before.source), ...allSourceUrls()]) }),
      }),
      request,
    );
  });

  app.delete('/cameras/:id', forAdministrators, async (request, reply) => {
    const { id } = find(request.params);
    await engine.releaseCamera(id);
    await deps.forgetEvents(id);
    cameras.remove(id);
    return reply.code(204).send();
  });

  app.get('/sites', forViewers, (request) => {
    sites.ensureDefault();
    const seen = camerasOf(request);
    if (seen.isWhole) return sites.list();
    const theirs = new Set(cameras.list().flatMap(({ id, siteId }) => (seen.has(id) ? siteId : [])));
    return sites.list().filter(({ id }) => theirs.has(id));
  });

  app.get('/readers', forOperators, (request) => {
    const seen = camerasOf(request);
    if (seen.isWhole) return readers.list();
    const theirs = new Set(cameras.list().flatMap((camera) => (seen.has(camera.id) ? camera.readers : [])));
    return readers.list().filter(({ deviceId }) => theirs.has(deviceId));
  });

  app.put('/readers', forAdministrators, (request) => {
    readers.replaceAll(ReadersSchema.parse(request.body));
    return readers.list();
  });

  function find(params: unknown): StoredCamera {
    const camera = cameras.get(ParamsSchema.parse(params).id);
    if (!camera) throw new AppError('not-found', NO_CAMERA);
    return camera;
  }

  function knownSite(id: number): number {
    if (!sites.byId(id)) throw new AppError('invalid-input', `siteId: there is no site ${id}`);
    return id;
  }

  function allSourceUrls(): string[] {
    return cameras.list().flatMap((camera) => sourceUrls(camera.source));
  }

  /** Where a camera can be reached is for those who may change it. */
  function view(camera: StoredCamera, request: FastifyRequest): CameraView {
    const { id, name, siteId, source, recording, analysis, zones, lines, createdEpochMs } = camera;
    return {
      id,
      name,
      siteId,
      serialNumber: camera.serialNumber ?? null,
      macAddress: camera.macAddress ?? null,
      source:
        source && isAdministrator(request)
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
