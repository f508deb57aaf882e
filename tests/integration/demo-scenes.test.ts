/** The rendered demo scenes, seen by the detector, tracker and rules: what they show is found, and nothing else is. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readDemoScene } from '../../src/main/live/demo-scene.ts';
import { startChild } from '../../src/main/platform/child.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MODELS = join(process.env.THRESHOLD_SHARED ?? resolve(ROOT, '../shared'), 'models');
const folder = mkdtempSync(join(tmpdir(), 'scenes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Found {
  type: string;
  label: string;
  line?: string;
  zone?: string;
  direction?: string;
}

/** One line per event of the kinds asked for: `line-crossing Enter forward`. */
async function analyse(name: string, types: string[], models = MODELS): Promise<string[]> {
  const files = readDemoScene(join(ROOT, 'resources/demo'), name);
  if (!files) throw new Error(`no scene ${name}`);
  const { lines, zones, reader, unlocks } = files.scene;
  const access = unlocks.map(({ atSeconds }) => ({
    timeSeconds: atSeconds,
    deviceId: reader?.deviceId,
    eventType: 'Entry Unlocked',
  }));
  const [rules, out] = [join(folder, `${name}.rules.json`), join(folder, `${name}.json`)];
  writeFileSync(rules, JSON.stringify({ lines, zones, ...(reader && { access }) }));
  const args = [
    join(ROOT, 'src/main/analyze.ts'),
    '--video',
    files.videoFile,
    '--rules',
    rules,
    '--out',
    out,
  ];
  const { exit } = startChild(process.execPath, args, {
    env: { ...process.env, THRESHOLD_MODELS: models },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect((await exit).code).toBe(0);
  const { events } = JSON.parse(readFileSync(out, 'utf8')) as { events: Found[] };
  return events
    .filter(({ type }) => types.includes(type))
    .map(({ type, label, line, zone, direction }) =>
      [type, label, line ?? zone, direction].filter(Boolean).join(' '),
    );
}

// Without a detector's weights there is nothing to find them with.
describe.skipIf(!existsSync(join(MODELS, 'yolox_nano_dynamic.onnx')))('with YOLOX-nano', () => {
  test('entrance: four come in, the third behind the second without a badge; one goes out', async () => {
    expect(await analyse('entrance', ['line-crossing', 'tailgating'])).toEqual([
      'line-crossing person Enter forward',
      'line-crossing person Enter forward',
      'line-crossing person Enter forward',
      'tailgating person Enter forward',
      'line-crossing person Enter forward',
      'line-crossing person Enter backward',
    ]);
  });

  test('car park: cars over the lane both ways, people along the footpath', async () => {
    const found = await analyse('carpark', ['line-crossing']);
    expect(found.filter((line) => /(car|truck|bus) Lane/.test(line))).toHaveLength(3);
    expect(found.filter((line) => line.includes('person Footpath')).length).toBeGreaterThanOrEqual(2);
  });

  test('corridor: somebody hangs about by the storeroom, four stand together', async () => {
    const found = await analyse('corridor', ['loitering', 'crowd']);
    expect(found.filter((line) => line.startsWith('loitering')).length).toBeGreaterThanOrEqual(1);
    expect(found.filter((line) => line.startsWith('crowd'))).toHaveLength(1);
  });
});

// A fresh clone without a network has no other.
describe('with the model that comes with the program', () => {
  test('entrance: people come in and go out, and the one without a badge is noticed', async () => {
    const found = await analyse('entrance', ['line-crossing', 'tailgating'], '');
    expect(found.filter((line) => line === 'line-crossing person Enter forward')).toHaveLength(4);
    expect(found.filter((line) => line === 'line-crossing person Enter backward')).toHaveLength(1);
    expect(found.filter((line) => line.startsWith('tailgating'))).toEqual([
      'tailgating person Enter forward',
    ]);
  });

  test('car park: cars over the lane, people along the footpath', async () => {
    const found = await analyse('carpark', ['line-crossing'], '');
    expect(found.filter((line) => /(car|truck|bus) Lane/.test(line))).toHaveLength(3);
    expect(found.filter((line) => /person Footpath/.test(line))).not.toHaveLength(0);
  });

  test('corridor: somebody hangs about by the storeroom, four stand together', async () => {
    const found = await analyse('corridor', ['loitering', 'crowd'], '');
    expect(found.filter((line) => line.startsWith('loitering'))).not.toHaveLength(0);
    expect(found.filter((line) => line.startsWith('crowd'))).not.toHaveLength(0);
  });
});
