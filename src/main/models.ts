/** Command line: `models list`, `models get NAME`, `models add FILE`: which detectors there are, and how one comes onto this machine. */
import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError, messageOf } from '../shared/errors.ts';
import { modelsFolder } from './platform/entry.ts';
import { chooseModel, findModels, recommendModel } from './vision/models/catalogue.ts';
import { type DownloadProgress, downloadModel, PARTIAL } from './vision/models/download.ts';
import { installModel, parseCard, parseFileName } from './vision/models/install.ts';
import { tryInThread } from './vision/trial-thread.ts';

const USAGE = 'usage: models list | models get NAME | models add FILE [--card FILE]   (all: [--folder DIR])';
const HELP = `${USAGE}
  list            the models that are known, which of them are installed, and which one is used
  get NAME        downloads a model's weights; started again, it goes on where it was cut
  add FILE        tries out an .onnx file and installs it; --card FILE describes it where its shapes do not
  --folder DIR    where weights are put: models/ by default; DATA/models is the folder of the engine that runs with --data DATA
`;
const EXIT = { ok: 0, failed: 1, badInput: 2 } as const;
const PROGRESS_MS = 500;

await main();

async function main(): Promise<void> {
  try {
    const { command, subject, folder, card } = parseFlags(process.argv.slice(2));
    if (command === 'list') await list(folder);
    else if (command === 'get') await get(subject, folder);
    else if (command === 'add') await add(subject, folder, card);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    const isBadInput =
      error instanceof AppError && ['invalid-input', 'not-found', 'conflict'].includes(error.kind);
    process.exitCode = isBadInput ? EXIT.badInput : EXIT.failed;
  }
}

function parseFlags(argv: string[]) {
  const text = { type: 'string' } as const;
  let parsed: { values: { folder?: string; card?: string; help?: boolean }; positionals: string[] };
  try {
    const options = { folder: text, card: text, help: { type: 'boolean', short: 'h' } } as const;
    parsed = parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    throw new AppError('invalid-input', `${messageOf(error).split('. ')[0]}; ${USAGE}`);
  }
  const { values, positionals } = parsed;
  const [command = '', subject = '', ...rest] = positionals;
  if (values.help) {
    process.stdout.write(HELP);
    return { command: 'help' as const, subject, folder: '', card: undefined };
  }
  const fits = command === 'list' ? !subject : (command === 'get' || command === 'add') && subject;
  if (!fits || rest.length > 0 || (values.card && command !== 'add'))
    throw new AppError('invalid-input', USAGE);
  return { command, subject, folder: resolve(values.folder ?? modelsFolder()), card: values.card };
}

function knownModels(folder: string) {
  return findModels({ modelsDir: modelsFolder(), addedDir: folder, extraDir: process.env.THRESHOLD_MODELS });
}

async function list(folder: string): Promise<void> {
  const models = await knownModels(folder);
  const used = chooseModel(models)?.card.name;
  const rows = models.map(({ card, path, problem }) => {
    const state = problem
      ? 'unusable'
      : card.name === used
        ? 'installed, used'
        : path
          ? 'installed'
          : 'not installed';
    return [card.name, state, card.licence, problem ?? card.title];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column < 3 ? cell.padEnd(widths[column]!) : cell.replaceAll(/\s*\n\s*/g, ' '),
    );
    process.stdout.write(`${cells.join('  ')}\n`);
  }
  const better = recommendModel(models, models.find(({ card }) => card.name === used)?.card ?? null);
  if (better)
    process.stdout.write(
      `\nThe basic model that comes with the program is used. Get a better one with: npm run models -- get ${better.name}\n`,
    );
  if (!used) process.stdout.write('\nNone is installed. Get one with: npm run models -- get NAME\n');
}

async function get(name: string, folder: string): Promise<void> {
  const models = await knownModels(folder);
  const model = models.find((each) => each.card.name === name);
  if (!model) {
    const names = models.filter((each) => each.card.sourceUrl).map((each) => each.card.name);
    throw new AppError('not-found', `There is no model named ${name}. Known: ${names.join(', ')}.`);
  }
  if (model.problem) throw new AppError('invalid-input', model.problem);
  if (model.path) {
    process.stdout.write(`${name} is installed already.\n`);
    return;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    await downloadModel({ card: model.card, folder, signal: stop.signal, onProgress: progressLine() });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new AppError('unavailable', 'Stopped. The same command goes on where it was cut.');
  }
  process.stdout.write(`${name} is installed: ${model.card.file} in ${folder}\n`);
}

async function add(source: string, folder: string, cardFile: string | undefined): Promise<void> {
  if (!(await stat(source).catch(() => null))?.isFile())
    throw new AppError('not-found', `There is no file ${source}.`);
  const card = cardFile === undefined ? null : parseCard(await readCard(cardFile));
  const file = parseFileName(card?.file ?? basename(source));
  await mkdir(folder, { recursive: true });
  const incoming = join(folder, `${file}${PARTIAL}`);
  await copyFile(source, incoming);
  const models = await knownModels(folder);
  const result = await installModel({ incoming, file, card, folder, models, tryModel: tryInThread });
  const best = result.trials.find(({ provider }) => provider === result.provider)?.milliseconds ?? 0;
  process.stdout.write(
    `${result.card.name} is installed: ${result.card.decoder.kind}, ${result.card.classes.length} classes, ${best.toFixed(1)} ms a picture of ${result.inputWidth}x${result.inputHeight} on ${result.provider}\n`,
  );
}

async function readCard(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('not-found', `The card ${file} cannot be read: ${messageOf(error)}`);
  });
}

/** Writes progress on stderr now and then. */
function progressLine(): (progress: DownloadProgress) => void {
  let nextMs = 0;
  return ({ receivedBytes, totalBytes }) => {
    const now = performance.now();
    if (now < nextMs && receivedBytes !== totalBytes) return;
    nextMs = now + PROGRESS_MS;
    const of = totalBytes
      ? ` of ${(totalBytes / 1e6).toFixed(1)} MB, ${Math.floor((100 * receivedBytes) / totalBytes)} %`
      : ' MB';
    process.stderr.write(`${(receivedBytes / 1e6).toFixed(1)}${of}\n`);
  };
}
