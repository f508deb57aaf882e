/** Recording folders for the UI: taken into use, changed, taken out of use. Registered inside the authenticated scope. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  type FolderAdded,
  type FolderChange,
  FolderChangeSchema,
  type FolderContents,
} from '../../../shared/contract-health.ts';
import { type RecordingFolder, RecordingFolderSchema } from '../../../shared/domain-storage.ts';
import type { EnginePorts } from './ports.ts';
import { forAdministrators } from './rights.ts';

export interface FolderRouteDeps {
  folders: {
    add(folder: RecordingFolder): Promise<{ id: number; bytesPerSecond: number }>;
    change(id: number, change: FolderChange): Promise<void>;
    remove(id: number, options: { move: boolean }): Promise<void>;
    contents(id: number): Promise<FolderContents>;
    giveUp(id: number): Promise<void>;
  };
  storage: EnginePorts['storage'];
}

const ParamsSchema = z.object({ id: z.coerce.number().int().min(0) });
const FlagSchema = z.enum(['true', 'false']).default('false');
const RemovalSchema = z.object({ move: FlagSchema, giveUp: FlagSchema });

export function registerFolderRoutes(app: FastifyInstance, { folders, storage }: FolderRouteDeps): void {
  app.post('/storage/folders', forAdministrators, async (request, reply) => {
    const added = await folders.add(RecordingFolderSchema.parse(request.body));
    const answer: FolderAdded = { ...added, storage: await storage() };
    return reply.code(201).send(answer);
  });

  app.put('/storage/folders/:id', forAdministrators, async (request) => {
    await folders.change(ParamsSchema.parse(request.params).id, FolderChangeSchema.parse(request.body));
    return storage();
  });

  app.delete('/storage/folders/:id', forAdministrators, async (request) => {
    const { move, giveUp } = RemovalSchema.parse(request.query);
    const { id } = ParamsSchema.parse(request.params);
    await (giveUp === 'true' ? folders.giveUp(id) : folders.remove(id, { move: move === 'true' }));
    return storage();
  });

  app.get('/storage/folders/:id/contents', forAdministrators, (request) =>
    folders.contents(ParamsSchema.parse(request.params).id),
  );
}
