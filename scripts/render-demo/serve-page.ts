/** Serves the rendering page and three.js to the browser on this machine; TypeScript is stripped on the way. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const three = join(here, '../../node_modules/three');

const HTML = `<!doctype html><meta charset="utf-8"><style>body{margin:0}</style><body>
<script type="importmap">{"imports":{"three":"/three/build/three.module.js","three/addons/":"/three/examples/jsm/"}}</script>
<script type="module" src="/page/main.ts"></script>`;

export async function servePage(): Promise<{ url: string; close(): void }> {
  const server: Server = createServer(async (request, response) => {
    try {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      const { type, body } = await load(path);
      response.writeHead(200, { 'content-type': type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

async function load(path: string): Promise<{ type: string; body: string | Buffer }> {
  if (path === '/') return { type: 'text/html', body: HTML };
  const root = path.startsWith('/three/') ? three : join(here, 'page');
  const file = normalize(join(root, path.replace(/^\/(three|page)\//, '')));
  if (!file.startsWith(root + sep)) throw new Error('outside');
  const body = await readFile(file);
  if (!file.endsWith('.ts')) return { type: 'text/javascript', body };
  return { type: 'text/javascript', body: stripTypeScriptTypes(body.toString()) };
}
