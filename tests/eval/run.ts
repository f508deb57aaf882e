/**
 * `npm run eval -- DIR [--json] [--fps N] [--model NAME] [--variants FOLDER [--only NAME,NAME]]`: runs the analysis over every clip in DIR
 * that has a truth file beside it (`NAME.truth.json`) and prints how often it was right. With `--variants` also over harder variants of
 * the clips, which are made in FOLDER unless they are there. Exit 0 whatever the figures, 2 when there is nothing to evaluate.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findFfmpeg } from '../../src/main/media/ffmpeg.ts';
import { analyzeVideo } from '../../src/main/vision/analyze-video.ts';
import { chooseModel, findModels, MODEL_ADVICE } from '../../src/main/vision/models/catalogue.ts';
import { probeVideo } from '../../src/main/vision/pictures/file.ts';
import { AnalysisSchema } from '../../src/shared/domain-camera.ts';
import type { Observation } from '../../src/shared/domain-events.ts';
import { messageOf } from '../../src/shared/errors.ts';
import { type Score, scoreClip, sum, type Tally } from './score.ts';
import { TruthSchema } from './truth.ts';
import { type Clip, makeVariant, VARIANT_NAMES } from './variants.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface ClipResult extends Score {
  clip: string;
  /** Analysed speed as a multiple of real time. */
  speed: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    fps: { type: 'string' },
    model: { type: 'string' },
    variants: { type: 'string' },
    only: { type: 'string' },
  },
});

try {
  const clips = findClips(resolve(positionals[0] ?? join(ROOT, '../shared/footage')));
  if (values.variants) await evaluateVariants(clips, resolve(values.variants), values.only?.split(','));
  else {
    const results = await evaluateAll(clips);
    if (values.json)
      process.stdout.write(`${JSON.stringify({ clips: results, total: totals(results) }, null, 2)}\n`);
    else printTotals(results);
  }
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}

async function evaluateAll(clips: readonly Clip[]): Promise<ClipResult[]> {
  const results: ClipResult[] = [];
  for (const clip of clips) {
    const result = await evaluate(clip);
    results.push(result);
    if (!values.json) printClip(result);
  }
  return results;
}

async function evaluateVariants(
  clips: readonly Clip[],
  folder: string,
  names: readonly string[] = VARIANT_NAMES,
): Promise<void> {
  const { path: ffmpegPath } = await findFfmpeg();
  const rows: Array<{ variant: string; total: ReturnType<typeof totals> }> = [];
  for (const name of names) {
    const made = join(folder, name);
    for (const clip of clips)
      await makeVariant(name, clip, await probeVideo(ffmpegPath, clip.file), { ffmpegPath, folder: made });
    if (!values.json) process.stdout.write(`${name}\n`);
    rows.push({ variant: name, total: totals(await evaluateAll(findClips(made))) });
  }
  if (values.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else for (const { variant, total } of rows) process.stdout.write(`${rowOf(variant, total)}\n`);
}

/** Truth files of a folder with their videos: named in the truth, or the one beside it with the same name. */
function findClips(dir: string): Clip[] {
  const clips = readdirSync(dir)
    .filter((name) => name.endsWith('.truth.json'))
    .sort()
    .map((name) => {
      const truth = TruthSchema.parse(JSON.parse(readFileSync(join(dir, name), 'utf8')));
      const stem = name.replace(/\.truth\.json$/, '');
      const candidates = [
        basename(truth.clip),
        ...['mp4', 'mkv', 'mov', 'avi', 'webm'].map((type) => `${stem}.${type}`),
      ];
      const found = candidates.toReversed().find((candidate) => existsSync(join(dir, candidate)));
      if (!found) throw new Error(`There is no video for ${name}.`);
      return { name: stem, file: join(dir, found), truth };
    });
  if (clips.length === 0) throw new Error(`${dir} holds no NAME.truth.json.`);
  return clips;
}

async function evaluate({ file, truth }: Clip): Promise<ClipResult> {
  const extraDir = process.env.THRESHOLD_MODELS ?? join(ROOT, '../shared/models');
  const model = chooseModel(await findModels({ modelsDir: join(ROOT, 'models'), extraDir }), values.model);
  if (!model) throw new Error(MODEL_ADVICE);
  const { path: ffmpegPath } = await findFfmpeg();
  const analysis = AnalysisSchema.parse(values.fps ? { fps: Number(values.fps) } : {});
  const startedMs = performance.now();
  const { video, pictures } = await analyzeVideo({ ffmpegPath, file, model, analysis });
  const observations: Observation[] = [];
  for await (const { observation } of pictures) observations.push(observation);
  const speed = (video.durationSeconds * 1000) / (performance.now() - startedMs);
  return { clip: basename(file), speed, ...scoreClip(truth, observations) };
}

function printClip(result: ClipResult): void {
  const show = (tally: Tally) => `${tally.hits}/${tally.expected} +${tally.invented.length}`.padEnd(9);
  const parts = [
    result.clip.slice(0, 44).padEnd(44),
    `crossings ${show(result.crossings)}`,
    `zones ${show(result.zones)}`,
    `loitering ${show(result.loitering)}`,
    `tailgating ${show(result.tailgating)}`,
    `objects ${result.objects}`,
    `${result.speed.toFixed(1)}x`,
  ];
  process.stdout.write(`${parts.join('  ')}\n`);
  for (const tally of [result.crossings, result.zones, result.loitering, result.tailgating]) {
    for (const words of tally.missed) process.stdout.write(`    missed    ${words}\n`);
    for (const words of tally.invented) process.stdout.write(`    invented  ${words}\n`);
  }
}

function totals(results: readonly ClipResult[]) {
  const rates = (tally: Tally) => ({
    expected: tally.expected,
    hits: tally.hits,
    invented: tally.invented.length,
    precision: tally.found ? tally.hits / (tally.hits + tally.invented.length) : 1,
    recall: tally.expected ? tally.hits / tally.expected : 1,
  });
  const errors = results.flatMap((result) => result.zones.errorsSeconds).sort((a, b) => a - b);
  return {
    crossings: rates(sum(results.map((result) => result.crossings))),
    zones: {
      ...rates(sum(results.map((result) => result.zones))),
      medianErrorSeconds: errors[Math.floor(errors.length / 2)] ?? 0,
      largestErrorSeconds: errors.at(-1) ?? 0,
    },
    loitering: rates(sum(results.map((result) => result.loitering))),
    tailgating: rates(sum(results.map((result) => result.tailgating))),
    falseObjects: results.reduce((count, result) => count + result.falseObjects, 0),
  };
}

/** A row of a table: what was found of all, and how many were invented. */
function rowOf(name: string, { crossings, zones, loitering, tailgating }: ReturnType<typeof totals>): string {
  const show = ({ hits, expected, invented }: typeof crossings) => `${hits} of ${expected} + ${invented}`;
  const off = `${zones.medianErrorSeconds.toFixed(2)} s, ${zones.largestErrorSeconds.toFixed(2)} s`;
  return `| ${name} | ${show(crossings)} | ${show(zones)} | ${off} | ${show(loitering)} | ${show(tailgating)} |`;
}

function printTotals(results: readonly ClipResult[]): void {
  const { zones, falseObjects, ...rest } = totals(results);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  process.stdout.write(`\n${results.length} clips\n`);
  for (const [name, rate] of Object.entries({ ...rest, zones })) {
    const figures = `precision ${percent(rate.precision)}, recall ${percent(rate.recall)}`;
    process.stdout.write(
      `  ${name.padEnd(11)} ${figures} (${rate.hits} of ${rate.expected}, ${rate.invented} invented)\n`,
    );
  }
  const [median, largest] = [zones.medianErrorSeconds.toFixed(2), zones.largestErrorSeconds.toFixed(2)];
  process.stdout.write(`  zone times off by ${median} s (median), ${largest} s (largest)\n`);
  process.stdout.write(`  objects reported where nothing is: ${falseObjects}\n`);
}
