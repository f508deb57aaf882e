/** Models come onto a machine: downloaded from a real HTTP server that cuts, lies and disappears; added from a file; tried out. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { tryModel } from '../../src/main/vision/detector/trial.ts';
import type { ModelCard } from '../../src/main/vision/models/card.ts';
import { cardByName, findModels } from '../../src/main/vision/models/catalogue.ts';
import { downloadModel } from '../../src/main/vision/models/download.ts';
import { ModelLibrary } from '../../src/main/vision/models/library.ts';
import { ROOT, until } from '../fixtures/engine.ts';
import { onnxFile } from '../fixtures/onnx-file.ts';

const YOLOX = onnxFile({ outputs: [{ name: 'output', dims: [1, 84, 85] }] });
const LARGE = Buffer.alloc(300_000, 7);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let handler: Handler = (_, response) => response.end();
let asked: Array<string | undefined> = [];
let base = '';
let folder = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threshold-models-'));
  asked = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function card(content: Buffer, change: Partial<ModelCard> = {}): ModelCard {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { ...cardByName('yolox_test.onnx')!, sha256, sourceUrl: `${base}/yolox_test.onnx`, ...change };
}

/** Serves ranges as a file server does. */
function serve(content: Buffer): Handler {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const rest = content.subarray(from);
    const ranged =
      from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...ranged });
    response.end(rest);
  };
}

test('a download tells its progress and is in place only when whole', async () => {
  handler = serve(LARGE);
  const seen: Array<[number, number | null]> = [];
  const path = await downloadModel({
    card: card(LARGE),
    folder: join(folder, 'new'),
    onProgress: ({ receivedBytes, totalBytes }) => seen.push([receivedBytes, totalBytes]),
  });
  expect(await readFile(path)).toEqual(LARGE);
  expect(await readdir(join(folder, 'new'))).toEqual(['yolox_test.onnx']);
  expect(seen[0]).toEqual([0, LARGE.length]);
  expect(seen.at(-1)).toEqual([LARGE.length, LARGE.length]);
});

test('one that is cut goes on from where it was', async () => {
  let cut = () => {};
  handler = (_, response) => {
    response.writeHead(200, { 'content-length': LARGE.length }).write(LARGE.subarray(0, 100_000));
    cut = () => response.destroy();
  };
  const onProgress = ({ receivedBytes }: { receivedBytes: number }) => {
    if (receivedBytes === 100_000) cut();
  };
  await expect(downloadModel({ card: card(LARGE), folder, onProgress })).rejects.toThrow(
    /^The connection to 127\.0\.0\.1:\d+ broke after 0\.1 MB of yolox_test\.onnx\. Try again: it goes on from there\.$/,
  );
  expect(await readdir(folder)).toEqual(['yolox_test.onnx.partial']);
  handler = serve(LARGE);
  const path = await downloadModel({ card: card(LARGE), folder });
  expect(asked).toEqual([undefined, 'bytes=100000-']);
  expect(await readFile(path)).toEqual(LARGE);
  expect(await readdir(folder)).toEqual(['yolox_test.onnx']);
});

test.each<[string, Buffer, Handler]>([
  ['all of it', LARGE, serve(LARGE)],
  ['more than there is', Buffer.concat([LARGE, LARGE]), serve(LARGE)],
  ['a part, of a server without ranges', LARGE.subarray(0, 50_000), (_, response) => response.end(LARGE)],
])('a partial file that holds %s is made good', async (_, partial, serving) => {
  await writeFile(join(folder, 'yolox_test.onnx.partial'), partial);
  handler = serving;
  expect(await readFile(await downloadModel({ card: card(LARGE), folder }))).toEqual(LARGE);
});

test.each<[string, Handler, RegExp]>([
  [
    'gone',
    (_, response) => response.writeHead(404).end('x'),
    /no longer has yolox_test\.onnx \(status 404\)/,
  ],
  ['refused', (_, response) => response.writeHead(403).end('x'), /does not hand out .*on another machine/],
  [
    'busy',
    (_, response) => response.writeHead(503).end('x'),
    /could not send .* \(status 503\)\. Try again later/,
  ],
  [
    'another file',
    serve(Buffer.alloc(9)),
    /is not the yolox_test\.onnx that its card means .* nothing was installed/,
  ],
])('a file that is %s is told in words, and nothing is left', async (_, serving, words) => {
  handler = serving;
  await expect(downloadModel({ card: card(LARGE), folder })).rejects.toThrow(words);
  expect(await readdir(folder)).toEqual([]);
});

test('an unreachable server says what to do offline', async () => {
  const nowhere = card(LARGE, { sourceUrl: 'http://127.0.0.1:9/yolox_test.onnx' });
  await expect(downloadModel({ card: nowhere, folder })).rejects.toThrow(
    /^127\.0\.0\.1:9 cannot be reached .* may be offline\. Download http:\/\/127\.0\.0\.1:9\/yolox_test\.onnx on another machine and add the file here\.$/,
  );
});

function library(changes: string[] = []): ModelLibrary {
  return new ModelLibrary({
    folders: { modelsDir: join(folder, 'cards'), addedDir: join(folder, 'added') },
    tryModel,
    onChange: async () => {
      changes.push('changed');
    },
  });
}

test('the library downloads in the background, can be stopped, and removes', async () => {
  await mkdir(join(folder, 'cards'));
  await writeFile(join(folder, 'cards', 'yolox_test.json'), JSON.stringify(card(LARGE)));
  const changes: string[] = [];
  const models = library(changes);
  // Sends a part and then holds.
  handler = (_, response) => {
    response.writeHead(200, { 'content-length': LARGE.length });
    response.write(LARGE.subarray(0, 100_000));
  };
  await models.download('yolox_test');
  await until('the first bytes', async () => (await models.list())[0]?.download?.receivedBytes === 100_000);
  await models.cancelDownload('yolox_test');
  expect((await models.list())[0]).toMatchObject({ path: null, download: null });
  handler = (_, response) => response.writeHead(404).end();
  await models.download('yolox_test');
  await until('the failure', async () => (await models.list())[0]?.download?.problem);
  handler = serve(LARGE);
  await models.download('yolox_test');
  await until('the file', async () => (await models.list())[0]?.removable);
  expect(asked.at(-1)).toBe('bytes=100000-');
  expect((await models.list())[0]).toMatchObject({ sizeBytes: LARGE.length, download: null });
  await expect(models.download('yolox_test')).rejects.toThrow('is installed already');
  await models.remove('yolox_test');
  expect((await models.list())[0]).toMatchObject({ path: null, removable: false });
  expect(changes).toEqual(['changed', 'changed']);
});

test.each<[string, Buffer, RegExp]>([
  [
    'no ONNX file',
    Buffer.from('Dear Sir or Madam'),
    /mine\.onnx cannot be loaded: it is damaged or no ONNX file/,
  ],
  [
    'a classifier',
    onnxFile({ outputs: [{ name: 'scores', dims: [1, 1000] }] }),
    /mine\.onnx is no detector that is known here.*scores 1x1000/,
  ],
  [
    'a file for sound',
    onnxFile({ input: [1, 16000], outputs: [{ name: 'words', dims: [1, 10] }] }),
    /mine\.onnx does not take pictures.*images float32 1x16000/,
  ],
  ['cut off', YOLOX.subarray(0, 100), /mine\.onnx cannot be loaded/],
])('%s is refused in words and leaves nothing behind', async (_, content, words) => {
  await mkdir(join(folder, 'added'));
  const incoming = join(folder, 'added', 'incoming');
  await writeFile(incoming, content);
  await expect(library().addWeights('mine.onnx', incoming)).rejects.toThrow(words);
  expect(await readdir(join(folder, 'added'))).toEqual([]);
});

test.each([
  ['YOLOX', [{ name: 'output', dims: [1, 84, 85] }], 'yolox'],
  ['YOLOv8', [{ name: 'output0', dims: [1, 84, 84] }], 'yolov8'],
  [
    'DETR',
    [
      { name: 'logits', dims: [1, 100, 92], value: -2 },
      { name: 'pred_boxes', dims: [1, 100, 4], value: 0.5 },
    ],
    'detr',
  ],
])(
  'a %s file without a card is recognised, installed with one, and found again',
  async (_, outputs, kind) => {
    await mkdir(join(folder, 'added'));
    const incoming = join(folder, 'added', 'incoming');
    await writeFile(incoming, onnxFile({ outputs }));
    expect((await library().addWeights('mine.onnx', incoming)).decoder.kind).toBe(kind);
    const [model] = await findModels({ modelsDir: join(folder, 'cards'), addedDir: join(folder, 'added') });
    expect(model).toMatchObject({
      card: { name: 'mine' },
      path: join(folder, 'added', 'mine.onnx'),
      problem: null,
    });
    const again = join(folder, 'added', 'again');
    await writeFile(again, onnxFile({ outputs }));
    await expect(library().addWeights('mine.onnx', again)).rejects.toThrow('is installed already');
  },
);

/** Runs the command line on a folder of its own. */
async function models(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'out/main/models.js'), ...args, '--folder', folder], {
    env: { ...process.env, THRESHOLD_MODELS: '' },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    err += text.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

test.skipIf(!existsSync(join(ROOT, 'out/main/models.js')))(
  'the command line lists, gets and adds',
  async () => {
    const known = await models('list');
    expect(known).toMatchObject({ code: 0, err: '' });
    expect(known.out).toMatch(/^yolox_tiny +not installed +Apache-2\.0 +YOLOX-Tiny/m);
    handler = serve(LARGE);
    await writeFile(join(folder, 'yolox_test.json'), JSON.stringify(card(LARGE)));
    const got = await models('get', 'yolox_test');
    expect(got.code).toBe(0);
    expect(got.err).toMatch(/^0\.3 of 0\.3 MB, 100 %$/m);
    expect(got.out).toContain('yolox_test is installed');
    await writeFile(join(folder, 'letter.txt'), 'Dear Sir');
    await writeFile(join(folder, 'source'), YOLOX);
    const bad = await models('add', join(folder, 'letter.txt'));
    expect(bad).toMatchObject({ code: 2, out: '' });
    expect(bad.err).toContain("'letter.txt' cannot be added: expected the name of an .onnx file");
    const described = join(folder, 'card.txt');
    await writeFile(described, JSON.stringify({ ...card(YOLOX), name: 'mine', file: 'mine.onnx' }));
    const added = await models('add', join(folder, 'source'), '--card', described);
    expect(added.err).toBe('');
    expect(added.out).toMatch(/^mine is installed: yolox, 80 classes, [\d.]+ ms a picture of 64x64 on cpu$/m);
    expect((await models('list')).out).toMatch(/^mine +installed/m);
    expect((await models('get', 'nonsense')).err).toMatch(/^There is no model named nonsense\. Known: /);
    expect((await models('put')).code).toBe(2);
  },
);
