/** The catalogue of detector models for the UI. Registered inside the authenticated scope. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ModelChoiceSchema, type ModelsView } from '../../../shared/contract-health.ts';
import { receiveFile, takeBodiesAsStreams } from '../receive-file.ts';
import { forAdministrators } from './rights.ts';

export interface ModelRouteDeps {
  view(): Promise<ModelsView>;
  /** Where weights that are sent here are put. */
  addedDir: string;
  library: {
    download(name: string): Promise<void>;
    cancelDownload(name: string): Promise<void>;
    addCard(text: string): Promise<unknown>;
    /** `incoming` is moved or deleted. */
    addWeights(fileName: string, incoming: string): Promise<unknown>;
  };
  remove(name: string): Promise<void>;
  /** Tries the model out and uses it from then on; null: the best one that is installed. Throws AppError when it cannot be used. */
  choose(name: string | null): Promise<void>;
}

const ParamsSchema = z.object({ name: z.string() });
const WeightsQuerySchema = z.object({ file: z.string() });

export async function registerModelRoutes(app: FastifyInstance, deps: ModelRouteDeps): Promise<void> {
  const { library, view } = deps;
  const nameOf = (params: unknown) => ParamsSchema.parse(params).name;

  app.get('/models', forAdministrators, () => view());

  app.put('/models/chosen', forAdministrators, async (request) => {
    await deps.choose(ModelChoiceSchema.parse(request.body).name);
    return view();
  });

  app.post('/models/:name/download', forAdministrators, async (request, reply) => {
    await library.download(nameOf(request.params));
    return reply.code(202).send(await view());
  });

  app.delete('/models/:name/download', forAdministrators, async (request) => {
    await library.cancelDownload(nameOf(request.params));
    return view();
  });

  app.post('/models/cards', forAdministrators, async (request, reply) => {
    await library.addCard(JSON.stringify(request.body));
    return reply.code(201).send(await view());
  });

  app.delete('/models/:name', forAdministrators, async (request) => {
    await deps.remove(nameOf(request.params));
    return view();
  });

  await app.register(async (part) => {
    takeBodiesAsStreams(part);
    part.post(
      '/models/weights',
      { config: { longBody: true, ...forAdministrators.config } },
      async (request, reply) => {
        const { file } = WeightsQuerySchema.parse(request.query);
        await library.addWeights(file, await receiveFile(request, deps.addedDir));
        return reply.code(201).send(await view());
      },
    );
  });
}
