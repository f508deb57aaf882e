/** The web UI: built files, and its one page for every address that belongs to no API. Holds no data of the user. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageShape, notFoundHandler } from './errors.ts';

/** Paths below these are never answered with the page of the UI. */
const API_PATHS = /^\/(api|app|integration-api|service|fleet|login|docs|healthz|metrics|assets)(\/|$)/;

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Threshold NVR</title>
<p>The engine is running. Its web UI has not been built yet: run <code>npm run build</code>.</p>`;

/** Serves the UI from `folder`, the output of the renderer's build; a short notice where that is missing. */
export async function addStaticUi(
  app: FastifyInstance,
  folder: string | null,
  viewer?: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
): Promise<void> {
  const built = folder !== null && existsSync(join(folder, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      ...{ root: folder, wildcard: false, globIgnore: ['assets/**'], index: false, cacheControl: false },
      setHeaders: (response) => response.header('cache-control', 'no-cache'),
    });
    // Looked up at each request: a rebuild gives these files other names while the engine runs.
    await app.register(fastifyStatic, {
      ...{ root: join(folder, 'assets'), prefix: '/assets/', index: false, redirect: false },
      ...{ cacheControl: false, decorateReply: false },
      // The build puts a hash of the content into every name.
      setHeaders: (response) => response.header('cache-control', 'public, max-age=31536000, immutable'),
    });
  }
  const sendPage = (reply: FastifyReply) =>
    built
      ? reply.sendFile('index.html', { cacheControl: false })
      : reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(NOT_BUILT);

  app.get('/', { schema: { hide: true } }, (request, reply) =>
    viewer && (request.query as { v?: unknown }).v !== undefined ? viewer(request, reply) : sendPage(reply),
  );
  const refuse = notFoundHandler(messageShape);
  app.setNotFoundHandler((request, reply) => (isPage(request) ? sendPage(reply) : refuse(request, reply)));
}

function isPage(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0]!;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && !API_PATHS.test(path) && !/\.[a-z0-9]+$/i.test(path);
}
