/**
 * Whether a detector takes the rendered people and cars for real: how many of those wholly visible it finds, and what else it sees.
 *
 *   node scripts/render-demo/measure.ts scene.mp4 truth.json yolox.onnx [every-nth-frame]
 *
 * The model is a YOLOX with free height and width (BGR, 0-255, letterboxed top-left with 114), run at 640x384.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Truth } from './page/stage.ts';

const WIDTH = 640;
const HEIGHT = 384;
const PICTURE_HEIGHT = 360;
const SCORES = [0.4, 0.45, 0.6];
const MIN_OVERLAP = 0.4;
const CLASSES = { person: [0], car: [2, 5, 7] };

interface Found {
  label: Truth['label'];
  score: number;
  box: Truth['box'];
}

const [video, truthFile, model, step = '3'] = process.argv.slice(2);
if (!video || !truthFile || !model) throw new Error('scene.mp4 truth.json model.onnx');
const truth = JSON.parse(readFileSync(truthFile, 'utf8')) as Array<{ seconds: number; truths: Truth[] }>;
const session = await InferenceSession.create(model, { intraOpNumThreads: 1, graphOptimizationLevel: 'all' });
const frames = decode(video);
const tally = new Map<string, { whole: number; found: number[] }>();
const strangers: string[] = [];
const missed: string[] = [];
for (let index = 0; index < Math.min(frames.length, truth.length); index += Number(step)) {
  const found = await detect(frames[index]!);
  const { seconds, truths } = truth[index]!;
  for (const one of truths.filter(({ whole }) => whole)) {
    const best = Math.max(
      0,
      ...found
        .filter(({ label, box }) => label === one.label && overlap(box, one.box) >= MIN_OVERLAP)
        .map(({ score }) => score),
    );
    const entry = tally.get(`${one.label} ${one.name}`) ?? { whole: 0, found: SCORES.map(() => 0) };
    tally.set(`${one.label} ${one.name}`, entry);
    entry.whole += 1;
    SCORES.forEach((score, at) => {
      if (best >= score) entry.found[at]! += 1;
    });
    if (best < 0.45) missed.push(`${one.name}@${seconds.toFixed(1)}:${best.toFixed(2)}`);
  }
  for (const { label, score, box } of found) {
    if (score < 0.4 || truths.some((one) => overlap(box, one.box) > 0.2)) continue;
    strangers.push(
      `${label}@${seconds.toFixed(1)}:${score.toFixed(2)} ${Object.values(box).map((side) => side.toFixed(2))}`,
    );
  }
}
for (const [name, { whole, found }] of [...tally].sort()) console.log(name, whole, percent(found, whole));
for (const label of ['person', 'car']) {
  const entries = [...tally].filter(([name]) => name.startsWith(`${label} `)).map(([, entry]) => entry);
  const whole = entries.reduce((sum, entry) => sum + entry.whole, 0);
  if (whole > 0)
    console.log(
      `ALL ${label}`,
      whole,
      percent(
        SCORES.map((_, at) => entries.reduce((sum, entry) => sum + entry.found[at]!, 0)),
        whole,
      ),
    );
}
console.log('missed', missed.slice(0, 60).join(' '));
console.log('strangers', strangers.length, strangers.slice(0, 20).join(' | '));

function percent(found: number[], whole: number): string {
  return found.map((count, at) => `>=${SCORES[at]}: ${((100 * count) / whole).toFixed(1)} %`).join('  ');
}

function decode(file: string): Buffer[] {
  const filter = `scale=${WIDTH}:${PICTURE_HEIGHT},pad=${WIDTH}:${HEIGHT}:0:0:color=0x727272`;
  const { stdout } = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-vf', filter, '-pix_fmt', 'bgr24', '-f', 'rawvideo', '-'],
    { maxBuffer: 2 ** 31 },
  );
  const size = WIDTH * HEIGHT * 3;
  return Array.from({ length: Math.floor(stdout.length / size) }, (_, index) =>
    stdout.subarray(index * size, (index + 1) * size),
  );
}

async function detect(frame: Buffer): Promise<Found[]> {
  const plane = WIDTH * HEIGHT;
  const input = new Float32Array(3 * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      input[channel * plane + pixel] = frame[pixel * 3 + channel]!;
  }
  const outputs = await session.run({
    [session.inputNames[0]!]: new Tensor('float32', input, [1, 3, HEIGHT, WIDTH]),
  });
  const rows = outputs[session.outputNames[0]!]!.data as Float32Array;
  const found: Found[] = [];
  let row = 0;
  for (const stride of [8, 16, 32]) {
    for (let gy = 0; gy < HEIGHT / stride; gy++) {
      for (let gx = 0; gx < WIDTH / stride; gx++, row += 85) {
        for (const label of ['person', 'car'] as const) {
          const score = rows[row + 4]! * Math.max(...CLASSES[label].map((id) => rows[row + 5 + id]!));
          if (score < 0.1) continue;
          const [width, height] = [Math.exp(rows[row + 2]!) * stride, Math.exp(rows[row + 3]!) * stride];
          const x = ((rows[row]! + gx) * stride - width / 2) / WIDTH;
          const y = ((rows[row + 1]! + gy) * stride - height / 2) / PICTURE_HEIGHT;
          found.push({ label, score, box: { x, y, width: width / WIDTH, height: height / PICTURE_HEIGHT } });
        }
      }
    }
  }
  const kept: Found[] = [];
  for (const one of found.sort((a, b) => b.score - a.score)) {
    if (!kept.some((other) => other.label === one.label && overlap(other.box, one.box) > 0.45))
      kept.push(one);
  }
  return kept;
}

/** Intersection over union. */
function overlap(a: Truth['box'], b: Truth['box']): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
