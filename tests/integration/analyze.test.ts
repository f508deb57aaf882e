/** The `analyze` command over real footage with the real model: flags, rules file, result, errors, and the same twice. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const SHARED = process.env.THRESHOLD_SHARED ?? resolve(ROOT, '../shared');
const CLIP = join(SHARED, 'footage/tail_real_pair_left.mp4');
const STREET = join(SHARED, 'footage/person-bicycle-car-detection.mp4');
const MODELS = join(SHARED, 'models');
const isMissing = !existsSync(CLIP) || !existsSync(MODELS);

const LEFT = {
  name: 'left',
  points: [
    { x: 0.2, y: 0 },
    { x: 0.2, y: 1 },
  ],
  tailgating: { windowSeconds: 2 },
};

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'analyze-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Report {
  video: { durationSeconds: number; width: number; height: number; fps: number };
  model: string;
  analysedFrames: number;
  wallSeconds: number;
  tracks: Array<{
    id: number;
    label: string;
    startSeconds: number;
    endSeconds: number;
    maxConfidence: number;
  }>;
  events: Array<{
    type: string;
    label?: string;
    timeSeconds: number;
    direction?: string;
    line?: string;
    actorName?: string;
  }>;
}

function run(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const options = { env: { ...process.env, THRESHOLD_MODELS: MODELS, ...env } };
    execFile(
      process.execPath,
      [join(ROOT, 'src/main/analyze.ts'), ...args],
      options,
      (error, stdout, stderr) => {
        done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
      },
    );
  });
}

async function analyze(video: string, rules: unknown, more: string[] = []): Promise<Report> {
  const [rulesFile, out] = [join(dir, 'rules.json'), join(dir, 'out.json')];
  await writeFile(rulesFile, JSON.stringify(rules));
  const { code, stderr } = await run(['--video', video, '--rules', rulesFile, '--out', out, ...more]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(await readFile(out, 'utf8')) as Report;
}

const select = ({ events }: Report, type: string) => events.filter((event) => event.type === type);

describe.skipIf(isMissing)('analyze (skipped where ../shared/footage or ../shared/models is absent)', () => {
  test('finds two people close behind each other, the same each time', async () => {
    const report = await analyze(CLIP, { lines: [LEFT] });
    expect(report.video).toEqual({ durationSeconds: 10, width: 768, height: 432, fps: 12 });
    expect(report.model).toBe('yolox_nano_dynamic');
    expect(report.analysedFrames).toBe(50);
    expect(report.tracks.map(({ label }) => label)).toEqual(['person', 'person']);
    const crossings = select(report, 'line-crossing');
    expect(crossings.map(({ direction, label }) => [direction, label])).toEqual([
      ['forward', 'person'],
      ['forward', 'person'],
    ]);
    expect(Math.abs(crossings[0]!.timeSeconds - 5.1)).toBeLessThan(0.5);
    expect(Math.abs(crossings[1]!.timeSeconds - 5.8)).toBeLessThan(0.5);
    expect(select(report, 'tailgating')).toHaveLength(1);
    const again = await analyze(CLIP, { lines: [LEFT] });
    expect({ ...again, wallSeconds: 0 }).toEqual({ ...report, wallSeconds: 0 });
  });

  test.each([
    [
      'one unlock admits one',
      [{ timeSeconds: 4, deviceId: 'door', eventType: 'Entry Unlocked', actorName: 'Ann' }],
      ['Ann'],
    ],
    ['readers without an unlock', [], [undefined, undefined]],
  ])('%s', async (_, access, actors) => {
    const report = await analyze(CLIP, { lines: [LEFT], access });
    expect(select(report, 'tailgating').map(({ actorName }) => actorName)).toEqual(actors);
  });

  test('tells vehicles from people on the same line', async () => {
    const points = [
      { x: 0.15, y: 0 },
      { x: 0.15, y: 1 },
    ];
    const report = await analyze(STREET, { lines: [{ name: 'west', points }] });
    const of = (labels: string[]) =>
      select(report, 'line-crossing')
        .filter(({ label }) => labels.includes(label!))
        .map(({ direction, timeSeconds }) => [direction, Math.round(timeSeconds)]);
    expect(of(['car', 'truck', 'bus'])).toEqual([
      ['forward', 2],
      ['forward', 32],
    ]);
    expect(of(['person'])).toEqual([['backward', 26]]);
  });

  test('--fps and --model are heeded', async () => {
    const report = await analyze(CLIP, {}, ['--fps', '3', '--model', 'yolox_nano_dynamic']);
    expect(report.analysedFrames).toBe(30);
  });

  test.each<[string, (file: string) => string[], unknown, RegExp]>([
    ['no flags', () => [], null, /^--video: expected a file/],
    ['an unknown flag', () => ['--vidoe', 'x'], null, /--vidoe/],
    [
      'a rate out of range',
      (rules) => ['--video', CLIP, '--rules', rules, '--out', 'x.json', '--fps', '99'],
      {},
      /^--fps: /,
    ],
    [
      'rules that are no JSON',
      (rules) => ['--video', CLIP, '--rules', rules, '--out', 'x.json'],
      '{',
      /^--rules: .* is not JSON/,
    ],
    [
      'an unknown key',
      (rules) => ['--video', CLIP, '--rules', rules, '--out', 'x.json'],
      { lnes: [] },
      /^--rules: lnes: unknown key/,
    ],
    [
      'a line outside the picture',
      (rules) => ['--video', CLIP, '--rules', rules, '--out', 'x.json'],
      {
        lines: [
          {
            name: 'a',
            points: [
              { x: 0, y: 0 },
              { x: 2, y: 0 },
            ],
          },
        ],
      },
      /^--rules: lines\[0\]\.points\[1\]\.x: /,
    ],
    [
      'a line of no length',
      (rules) => ['--video', CLIP, '--rules', rules, '--out', 'x.json'],
      {
        lines: [
          {
            name: 'a',
            points: [
              { x: 0.5, y: 0.5 },
              { x: 0.5, y: 0.5 },
            ],
          },
        ],
      },
      /^--rules: lines\[0\]\.points: a line needs two different points/,
    ],
    [
      'a polygon that crosses itself',
      (rules) => ['--video', CLIP, '--rules', rules, '--out', 'x.json'],
      {
        zones: [
          {
            name: 'a',
            polygons: [
              {
                points: [
                  { x: 0, y: 0 },
                  { x: 1, y: 1 },
                  { x: 1, y: 0 },
                  { x: 0, y: 0.6 },
                ],
              },
            ],
          },
        ],
      },
      /^--rules: zones\[0\]\.polygons\[0\]\.points: a polygon must not cross itself/,
    ],
    [
      'no such video',
      (rules) => ['--video', 'none.mp4', '--rules', rules, '--out', 'x.json'],
      {},
      /^--video: there is no file none\.mp4/,
    ],
    [
      'a file that is no video',
      (rules) => ['--video', rules, '--rules', rules, '--out', 'x.json'],
      {},
      /not a video/,
    ],
    [
      'an unknown model',
      (rules) => ['--video', CLIP, '--rules', rules, '--out', 'x.json', '--model', 'none'],
      {},
      /no model named none/,
    ],
    [
      'a folder that is not there',
      (rules) => ['--video', CLIP, '--rules', rules, '--out', join('none', 'x.json')],
      {},
      /^--out: /,
    ],
  ])('%s: one line, exit 2, nothing written', async (_, args, rules, message) => {
    const file = join(dir, 'bad-rules.json');
    await writeFile(file, typeof rules === 'string' ? rules : JSON.stringify(rules));
    const { code, stdout, stderr } = await run(
      args(file).map((arg) => (arg === 'x.json' ? join(dir, arg) : arg)),
    );
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(existsSync(join(dir, 'x.json'))).toBe(false);
  });

  test('no further model: the one that comes with the program is used', async () => {
    const [rules, out] = [join(dir, 'empty.json'), join(dir, 'x.json')];
    await writeFile(rules, '{}');
    const args = ['--video', CLIP, '--rules', rules, '--out', out];
    const { code, stderr } = await run(args, { THRESHOLD_MODELS: join(dir, 'nowhere') });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({ model: 'threshold_small' });
  });
});
