/**
 * `analyze`: detection, tracking and rules over a video file, as fast as the machine can; writes what it found as JSON.
 * The command-line form of rehearsing a rule: the code is the live one, and the same video twice gives the same events.
 */
import { access, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { AnalysisSchema, LineSchema, uniquelyNamed, ZoneSchema } from '../shared/domain-camera.ts';
import {
  ACCESS_EVENT_TYPES,
  type AccessEvent,
  type Finding,
  type TrackedObject,
} from '../shared/domain-events.ts';
import { AppError, messageOf } from '../shared/errors.ts';
import { findFfmpeg } from './media/ffmpeg.ts';
import { withoutHours } from './rules/rule-hours.ts';
import { RuleRun } from './rules/rule-run.ts';
import type { CameraRules } from './rules/step-camera.ts';
import { problemLine, problemsOf } from './settings/issue-words.ts';
import { analyzeVideo } from './vision/analyze-video.ts';
import { chooseModel, findModels, MODEL_ADVICE } from './vision/models/catalogue.ts';

const USAGE = 'usage: analyze --video FILE --rules FILE --out FILE [--fps N] [--model NAME]';
const EXIT = { failed: 1, badInput: 2 } as const;
/** `models/` of the program, from the sources (src/main) as well as from the build (out/main). */
const MODELS_DIR = fileURLToPath(new URL('../../models', import.meta.url));

interface Flags {
  video: string;
  rules: string;
  out: string;
  fps: number | null;
  model: string | undefined;
}

const AccessReportSchema = z.strictObject({
  timeSeconds: z.number(),
  deviceId: z.string().min(1),
  eventType: z.string().min(1),
  labels: z.array(z.string()).default([]),
  actorId: z.string().optional(),
  actorName: z.string().optional(),
  actorEmail: z.string().optional(),
});

/** The rules file: one camera's part of a provision file, and what its readers reported in clip time. */
const RulesFileSchema = z.strictObject({
  zones: uniquelyNamed(z.array(ZoneSchema)).default([]),
  lines: uniquelyNamed(z.array(LineSchema)).default([]),
  analysis: AnalysisSchema.prefault({}),
  access: z.array(AccessReportSchema).optional(),
});

await main();

async function main(): Promise<void> {
  try {
    const flags = parseFlags(process.argv.slice(2));
    const { rules, reports } = await readRules(flags);
    await access(dirname(resolve(flags.out))).catch(() => {
      throw new AppError('invalid-input', `--out: the folder of ${flags.out} does not exist`);
    });
    const report = await analyze(flags, rules, reports);
    // Written beside and renamed, so that a reader never sees half a result.
    const unfinished = `${flags.out}.part`;
    await writeFile(unfinished, `${JSON.stringify(report, null, 2)}\n`);
    await rename(unfinished, flags.out);
  } catch (error) {
    const isBadInput =
      error instanceof AppError && (error.kind === 'invalid-input' || error.kind === 'not-found');
    process.stderr.write(`${messageOf(error).replaceAll(/\s*\n\s*/g, '; ')}\n`);
    process.exitCode = isBadInput ? EXIT.badInput : EXIT.failed;
  }
}

function parseFlags(argv: string[]): Flags {
  const text = { type: 'string' } as const;
  const options = { video: text, rules: text, out: text, fps: text, model: text };
  let values: Partial<Record<keyof typeof options, string>>;
  try {
    ({ values } = parseArgs({ args: argv, options, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new AppError('invalid-input', `${messageOf(error).split('. ')[0]}; ${USAGE}`);
  }
  const { video, rules, out, fps, model } = values;
  for (const [name, value] of Object.entries({ video, rules, out })) {
    if (!value) throw new AppError('invalid-input', `--${name}: expected a file; ${USAGE}`);
  }
  const parsedFps = fps === undefined ? null : AnalysisSchema.shape.fps.safeParse(Number(fps));
  if (parsedFps?.success === false) {
    throw new AppError('invalid-input', `--fps: expected a number from 0.5 to 30, not '${fps}'`);
  }
  return { video: video!, rules: rules!, out: out!, fps: parsedFps?.data ?? null, model };
}

async function readRules(flags: Flags): Promise<{ rules: CameraRules; reports: AccessEvent[] }> {
  let value: unknown;
  try {
    value = JSON.parse((await readFile(flags.rules, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new AppError('invalid-input', `--rules: ${flags.rules} ${what}: ${messageOf(error)}`);
  }
  const parsed = RulesFileSchema.safeParse(value);
  if (!parsed.success) {
    throw new AppError('invalid-input', `--rules: ${problemLine(problemsOf(parsed.error.issues))}`);
  }
  const { zones, lines, analysis, access: reported } = parsed.data;
  const reports = (reported ?? []).map(toAccessEvent);
  // That reports are given, even none, says that the camera has readers.
  const readers = reported === undefined ? null : [...new Set(reports.map((report) => report.deviceId))];
  return {
    rules: { zones, lines, readers, analysis: { ...analysis, fps: flags.fps ?? analysis.fps } },
    reports,
  };
}

function toAccessEvent({ timeSeconds, eventType, ...rest }: z.infer<typeof AccessReportSchema>): AccessEvent {
  const known = ACCESS_EVENT_TYPES.find((type) => type === eventType.trim().toLowerCase());
  return { ...rest, atMs: timeSeconds * 1000, eventType: known ?? null };
}

async function analyze(flags: Flags, rules: CameraRules, reports: AccessEvent[]) {
  const startedMs = performance.now();
  if (!(await stat(flags.video).catch(() => null))?.isFile()) {
    throw new AppError('not-found', `--video: there is no file ${flags.video}`);
  }
  const model = chooseModel(
    await findModels({ modelsDir: MODELS_DIR, extraDir: process.env.THRESHOLD_MODELS }),
    flags.model,
  );
  if (!model) throw new AppError('not-found', MODEL_ADVICE);
  const { path: ffmpegPath } = await findFfmpeg();
  const { video, pictures } = await analyzeVideo({
    ffmpegPath,
    file: flags.video,
    model,
    analysis: rules.analysis,
  });
  const tracks = new Map<number, TrackedObject>();
  const findings: Finding[] = [];
  const run = new RuleRun(withoutHours(rules), reports);
  let analysedFrames = 0;
  let lastMs = 0;
  for await (const { observation } of pictures) {
    analysedFrames++;
    lastMs = observation.atMs;
    for (const track of observation.tracks) tracks.set(track.trackId, track);
    findings.push(...run.observe(observation));
  }
  findings.push(...run.end(lastMs));
  return {
    video,
    model: model.card.name,
    analysedFrames,
    wallSeconds: round((performance.now() - startedMs) / 1000),
    tracks: [...tracks.values()].sort((a, b) => a.trackId - b.trackId).map(trackWords),
    events: findings.sort((a, b) => a.atMs - b.atMs).map(eventWords),
  };
}

function trackWords(track: TrackedObject) {
  return {
    id: track.trackId,
    label: track.label,
    startSeconds: round(track.firstSeenMs / 1000),
    endSeconds: round(track.lastSeenMs / 1000),
    maxConfidence: round(track.maxConfidence),
    moved: track.hasMoved,
  };
}

/** An event flat, without the path and box that only pictures need; what does not apply is left out. */
function eventWords({ type, atMs, startMs, detail }: Finding) {
  const { label, trackId, line, zone, direction, confidence, dwellSeconds, count, movement, sabotage } =
    detail;
  const { unlock, people } = detail.tailgating ?? {};
  return {
    type,
    label,
    trackId,
    timeSeconds: round(atMs / 1000),
    startSeconds: startMs === undefined ? undefined : round(startMs / 1000),
    line,
    zone,
    direction,
    confidence: confidence === undefined ? undefined : round(confidence),
    dwellSeconds: dwellSeconds === undefined ? undefined : round(dwellSeconds),
    count,
    movement,
    sabotage,
    actorId: unlock?.actorId,
    actorName: unlock?.actorName,
    unlock: unlock && { deviceId: unlock.deviceId, timeSeconds: round(unlock.atMs / 1000) },
    people: people?.map((person) => ({
      trackId: person.trackId,
      timeSeconds: round(person.crossedAtMs / 1000),
      admitted: person.admitted,
    })),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
