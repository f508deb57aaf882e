/**
 * Renders the scenes of the demo cameras into resources/demo/NAME/{scene.mp4,scene.json}.
 *
 *   node scripts/render-demo/render.ts NAME                      the whole loop
 *   node scripts/render-demo/render.ts NAME --still 8.5 a.png    one picture
 *   node scripts/render-demo/render.ts NAME --from 5 --to 15 --out FOLDER   a part, for trials
 *   node scripts/render-demo/render.ts NAME --fps 1 --out FOLDER           few pictures of the whole loop, for measure.ts
 *
 * Needs Chromium (CHROMIUM_BIN, else /usr/bin/chromium) and ffmpeg (FFMPEG_BIN, else on the PATH). Beside the video goes
 * `truth.json` into --out (or the system's temporary folder): what is to be seen in every frame, for `measure.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import type { RenderedFrame, RenderPage } from './page/main.ts';
import type { SceneDescription } from './page/stage.ts';
import { servePage } from './serve-page.ts';

const DEFAULT_FRAMES_PER_SECOND = 12;
/** Pictures between those whose truth is worked out; a trial at a low rate has it for all. */
const TRUTH_EVERY = 3;
const DEMO_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../resources/demo');
/** What a real camera does to a picture: its lens is a little soft, its sensor noisy, its encoder sparing. */
const CAMERA_FILTERS =
  'gblur=sigma=0.55,eq=contrast=1.03:saturation=0.9,noise=c0s=5:c0f=t+u:c1s=2:c1f=t:c2s=2:c2f=t';

interface RenderGlobal {
  renderPage: RenderPage;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    still: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    out: { type: 'string' },
    fps: { type: 'string' },
  },
});
const [name, stillFile] = positionals;
const framesPerSecond = Number(values.fps ?? DEFAULT_FRAMES_PER_SECOND);
if (!name) throw new Error('which scene?');
const server = await servePage();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: [
    ...['--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    ...[
      '--disable-component-update',
      '--disable-sync',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  ],
});
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
  await page.goto(server.url);
  await page.waitForFunction(() => 'renderPage' in globalThis);
  const description = await page.evaluate(
    (scene) => (globalThis as unknown as RenderGlobal).renderPage.open(scene),
    name,
  );
  if (values.still !== undefined) await renderStill(page, Number(values.still), stillFile ?? `${name}.jpg`);
  else await renderLoop(page, name, description);
} finally {
  await browser.close();
  server.close();
}

function renderFrame(page: Page, seconds: number, withTruths: boolean): Promise<RenderedFrame> {
  return page.evaluate(
    ([at, wanted]) => (globalThis as unknown as RenderGlobal).renderPage.frame(at, wanted),
    [seconds, withTruths] as const,
  );
}

async function renderStill(page: Page, seconds: number, file: string): Promise<void> {
  const { picture, truths } = await renderFrame(page, seconds, true);
  const ffmpeg = startFfmpeg(['-vf', CAMERA_FILTERS, '-frames:v', '1', file]);
  ffmpeg.stdin.end(decodePicture(picture));
  await once(ffmpeg, 'close');
  console.log(
    JSON.stringify(
      truths.map((truth) => ({ ...truth, box: Object.values(truth.box).map((side) => side.toFixed(2)) })),
    ),
  );
}

async function renderLoop(page: Page, scene: string, description: SceneDescription): Promise<void> {
  const from = Number(values.from ?? 0);
  const to = Number(values.to ?? description.durationSeconds);
  const folder = values.out ?? (values.from || values.to ? tmpdir() : join(DEMO_FOLDER, scene));
  mkdirSync(folder, { recursive: true });
  const ffmpeg = startFfmpeg([
    ...[
      '-vf',
      `${CAMERA_FILTERS},format=yuv420p`,
      '-c:v',
      'libx264',
      '-preset',
      'slow',
      '-threads',
      '1',
      '-profile:v',
      'main',
    ],
    ...['-crf', '27', '-maxrate', '700k', '-bufsize', '1400k', '-bf', '0', '-g', String(2 * framesPerSecond)],
    ...['-movflags', '+faststart', '-map_metadata', '-1', join(folder, 'scene.mp4')],
  ]);
  const frames = Math.round((to - from) * framesPerSecond);
  const truth: unknown[] = [];
  const startedMs = performance.now();
  for (let index = 0; index < frames; index++) {
    const seconds = from + index / framesPerSecond;
    const { picture, truths } = await renderFrame(
      page,
      seconds,
      values.fps !== undefined || index % TRUTH_EVERY === 0,
    );
    truth.push({ seconds, truths });
    if (!ffmpeg.stdin.write(decodePicture(picture))) await once(ffmpeg.stdin, 'drain');
    if (index % 60 === 0)
      console.log(`${index}/${frames}, ${Math.round((performance.now() - startedMs) / (index + 1))} ms each`);
  }
  ffmpeg.stdin.end();
  await once(ffmpeg, 'close');
  writeFileSync(join(values.out ?? tmpdir(), `${scene}.truth.json`), JSON.stringify(truth));
  const facts = { ...description, framesPerSecond };
  writeFileSync(join(folder, 'scene.json'), `${JSON.stringify(facts, null, 2)}\n`);
}

function startFfmpeg(output: string[]) {
  const input = [
    '-v',
    'error',
    '-y',
    '-f',
    'image2pipe',
    '-framerate',
    String(framesPerSecond),
    '-c:v',
    'mjpeg',
    '-i',
    'pipe:0',
  ];
  return spawn(process.env.FFMPEG_BIN ?? 'ffmpeg', [...input, ...output], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
}

function decodePicture(dataUrl: string): Buffer {
  return Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
}
