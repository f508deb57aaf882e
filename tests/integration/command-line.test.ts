/** The outside of `serve`: ready line, exit codes, one engine per data folder, a clean end. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, ROOT, type RunningEngine, startEngine } from '../fixtures/engine.ts';

const SERVE = join(ROOT, 'out/main/serve.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threshold-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bad input: exit 2, one line, nothing changed', () => {
  const camera = { name: 'front' };
  const points = (...pairs: Array<[number, number]>) => pairs.map(([x, y]) => ({ x, y }));
  test.each<[string, string[], unknown, RegExp]>([
    ['no --data', [], null, /--data/],
    ['an unknown flag', ['--data', 'DATA', '--colour', 'red'], null, /--colour/],
    ['a wrong --listen', ['--data', 'DATA', '--listen', 'nowhere'], null, /--listen/],
    ['a port out of range', ['--data', 'DATA', '--listen', '127.0.0.1:70000'], null, /--listen/],
    ['a missing provision file', ['--data', 'DATA', '--provision', '/nowhere/p.json'], null, /--provision/],
    ['a short password', [], { account: { email: 'a@b.test', password: 'short' } }, /account\.password/],
    ['a camera without a name', [], { cameras: [{}] }, /cameras\[0\]\.name/],
    [
      'a source of an unknown kind',
      [],
      { cameras: [{ ...camera, source: { main: 'http://x' } }] },
      /cameras\[0\]\.source\.main/,
    ],
    ['an unknown key', [], { cameras: [{ ...camera, recordng: {} }] }, /cameras\[0\].*recordng/],
    [
      'a point outside the picture',
      [],
      {
        cameras: [
          {
            ...camera,
            lines: [
              {
                name: 'l',
                points: [
                  { x: 0, y: 0 },
                  { x: 2, y: 0 },
                ],
              },
            ],
          },
        ],
      },
      /cameras\[0\]\.lines\[0\]\.points\[1\]\.x/,
    ],
    [
      'a line with one point',
      [],
      { cameras: [{ ...camera, lines: [{ name: 'l', points: [{ x: 0, y: 0 }] }] }] },
      /cameras\[0\]\.lines\[0\]\.points/,
    ],
    [
      'a line of no length',
      [],
      { cameras: [{ ...camera, lines: [{ name: 'l', points: points([0.5, 0.5], [0.5, 0.5]) }] }] },
      /cameras\[0\]\.lines\[0\]\.points: a line needs two different points/,
    ],
    [
      'a zone that crosses itself',
      [],
      {
        cameras: [
          {
            ...camera,
            zones: [{ name: 'z', polygons: [{ points: points([0, 0], [1, 1], [1, 0], [0, 0.6]) }] }],
          },
        ],
      },
      /cameras\[0\]\.zones\[0\]\.polygons\[0\]\.points: a polygon must not cross itself/,
    ],
    [
      'a mask outside the picture',
      [],
      { cameras: [{ ...camera, analysis: { masks: [{ points: points([0, 0], [1, 0], [1, 1.5]) }] } }] },
      /cameras\[0\]\.analysis\.masks\[0\]\.points\[2\]\.y/,
    ],
    ['two cameras of one name', [], { cameras: [camera, { name: 'FRONT' }] }, /cameras\[1\]\.name/],
    [
      'an unknown recording mode',
      [],
      { cameras: [{ ...camera, recording: { mode: 'sometimes' } }] },
      /cameras\[0\]\.recording\.mode/,
    ],
    ['a list instead of an object', [], [], /object/],
  ])('%s', (_what, flags, provision, expected) => {
    const data = join(folder, 'untouched');
    const args = flags.map((flag) => (flag === 'DATA' ? data : flag));
    if (provision !== null) {
      const file = join(folder, 'provision.json');
      writeFileSync(file, JSON.stringify(provision));
      args.push('--data', data, '--listen', '127.0.0.1:0', '--provision', file);
    }
    const ended = spawnSync(process.execPath, [SERVE, ...args], { encoding: 'utf8', timeout: 20_000 });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toMatch(expected);
    expect(ended.status).toBe(2);
    expect(ended.stdout).toBe('');
    expect(existsSync(data) ? readdirSync(data) : []).toEqual([]);
  });

  test('a provision file that is not JSON', () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{"account":');
    const ended = spawnSync(process.execPath, [SERVE, '--data', join(folder, 'x'), '--provision', file], {
      encoding: 'utf8',
    });
    expect([ended.status, ended.stderr.trim().split('\n').length]).toEqual([2, 1]);
  });
});

describe('a running engine', () => {
  let engine: RunningEngine;
  const data = () => join(folder, 'data');

  beforeAll(async () => {
    engine = await startEngine(data(), {
      cameras: [{ name: 'front', source: { main: 'rtsp://admin:hunter2hunter2@127.0.0.1:9/none' } }],
    });
  });
  afterAll(() => engine.kill());

  test('a second one on the same data ends with 3 and names the process', () => {
    const ended = spawnSync(process.execPath, [SERVE, '--data', data(), '--listen', '127.0.0.1:0'], {
      encoding: 'utf8',
    });
    expect(ended.status).toBe(3);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(String(engine.process.pid));
  });

  test('answers health, metrics and documentation, and shows no secret anywhere', async () => {
    expect((await fetch(`${engine.url}/healthz`)).status).toBeOneOf([200, 503]);
    expect(await (await fetch(`${engine.url}/metrics`)).text()).toMatch(/^# HELP/m);
    const paths = Object.keys(
      ((await (await fetch(`${engine.url}/docs/json`)).json()) as { paths: object }).paths,
    );
    expect(paths).toEqual(
      expect.arrayContaining(['/api/integrations/pacs/devices', '/api/integrations/pacs/webhooks']),
    );
    const cameras = JSON.stringify(await engine.get('/cameras'));
    expect(cameras).toContain('front');
    for (const text of [cameras, engine.log()]) {
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain(ACCOUNT.password);
    }
  });

  test('SIGTERM ends it with 0, and it starts again on the same data', async () => {
    expect(await engine.stop()).toBe(0);
    engine = await startEngine(data());
    expect(await engine.get<unknown[]>('/cameras')).toHaveLength(1);
  });
});

test('a killed engine does not keep its data folder locked', async () => {
  const data = join(folder, 'killed');
  const first = await startEngine(data);
  await first.kill();
  const second = await startEngine(data);
  expect(await second.stop()).toBe(0);
});

test('the launcher passes signals and exit codes on', async () => {
  const ended = spawnSync(process.execPath, [join(ROOT, 'scripts/launch.mjs'), 'serve', '--nonsense'], {
    encoding: 'utf8',
  });
  expect(ended.status).toBe(2);
  const child = spawn(process.execPath, [
    join(ROOT, 'scripts/launch.mjs'),
    'serve',
    '--data',
    join(folder, 'launched'),
    '--listen',
    '127.0.0.1:0',
  ]);
  await new Promise((done) => child.stdout.once('data', done));
  child.kill('SIGTERM');
  expect(await new Promise((done) => child.once('exit', done))).toBe(0);
});
