/** The analysis on real footage with a real model and real ffmpeg: detector, live workers, snapshots, and everything that can be broken. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from '../../src/main/platform/child.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { analyzeVideo } from '../../src/main/vision/analyze-video.ts';
import { Detector } from '../../src/main/vision/detector/detector.ts';
import { cardByName, chooseModel, findModels, MODEL_ADVICE } from '../../src/main/vision/models/catalogue.ts';
import { pictureBytes } from '../../src/main/vision/pictures/picture.ts';
import { VisionService, type VisionServiceOptions } from '../../src/main/vision/service.ts';
import type { ToWorker } from '../../src/main/vision/worker-messages.ts';
import type { Analysis } from '../../src/shared/domain-camera.ts';
import type { Observation } from '../../src/shared/domain-events.ts';
import { feedVideo } from './vision-feed.ts';

const SHARED = process.env.THRESHOLD_SHARED ?? path.join(import.meta.dirname, '../../../shared');
const MODELS = path.join(SHARED, 'models');
const FOOTAGE = path.join(SHARED, 'footage');
const MISSING = !existsSync(path.join(MODELS, 'yolox_nano_dynamic.onnx')) || !existsSync(FOOTAGE);
const why = MISSING ? ' (skipped: the shared models and footage are not here)' : '';
const FFMPEG = process.env.FFMPEG_BIN ?? 'ffmpeg';
const OWN_MODELS = path.join(import.meta.dirname, '../../models');
const ANALYSIS: Analysis = { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'threshold-vision-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder in which no model has its weights. */
async function cardsOnly(): Promise<string> {
  const cards = await mkdtemp(path.join(folder, 'cards-'));
  await cp(path.join(OWN_MODELS, 'yolox_nano.json'), path.join(cards, 'yolox_nano.json'));
  return cards;
}

async function sharedModel() {
  return chooseModel(await findModels({ modelsDir: OWN_MODELS, extraDir: MODELS }))!;
}

async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function makeClip(name: string, args: string[]): Promise<string> {
  const file = path.join(folder, name);
  const { exit } = startChild(FFMPEG, ['-v', 'error', '-y', '-nostdin', ...args, file], { stdio: 'ignore' });
  expect((await exit).code).toBe(0);
  return file;
}

test.skipIf(MISSING)(
  `people are found while they are there, at the times of their frames${why}`,
  async () => {
    const file = path.join(FOOTAGE, 'one-by-one-person-detection.mp4');
    const { video, model, pictures } = await analyzeVideo({
      ffmpegPath: FFMPEG,
      file,
      model: await sharedModel(),
      analysis: ANALYSIS,
    });
    expect(video).toEqual({ durationSeconds: 139.4, width: 768, height: 432, fps: 10 });
    expect(model).toBe('yolox_nano_dynamic');
    const seen: Array<{ atMs: number; people: number }> = [];
    for await (const { observation, detections } of pictures) {
      if (observation.atMs > 50_000) break;
      const people = detections.filter((each) => each.label === 'person' && each.confidence >= 0.4);
      for (const { box } of people) expect(box.x + box.width).toBeLessThanOrEqual(1.000001);
      seen.push({ atMs: observation.atMs, people: people.length });
    }
    expect(seen.slice(0, 4).map((each) => each.atMs)).toEqual([0, 200, 400, 600]);
    const share = (from: number, to: number) => {
      const part = seen.filter((each) => each.atMs >= from * 1000 && each.atMs <= to * 1000);
      return part.filter((each) => each.people > 0).length / part.length;
    };
    expect(share(8, 18)).toBeGreaterThan(0.95);
    expect(share(25, 43)).toBeGreaterThan(0.95);
    expect(share(0, 5)).toBe(0);
    expect(share(20.5, 22)).toBe(0);
  },
);

test.skipIf(MISSING)(`the same video twice gives the same observations${why}`, async () => {
  const file = path.join(FOOTAGE, 'tail_real_pair_left.mp4');
  const run = async () => {
    const all: Observation[] = [];
    const opened = await analyzeVideo({
      ffmpegPath: FFMPEG,
      file,
      model: await sharedModel(),
      analysis: ANALYSIS,
    });
    for await (const { observation } of opened.pictures) all.push(observation);
    return all;
  };
  expect(await run()).toEqual(await run());
});

test.skipIf(MISSING)(`portrait, tiny, huge and variable frame rates are analysed${why}`, async () => {
  const model = await sharedModel();
  const source = ['-f', 'lavfi', '-t', '1', '-i'];
  const files = [
    await makeClip('tiny.mp4', [...source, 'testsrc2=s=32x32:r=25']),
    await makeClip('portrait.mp4', [...source, 'testsrc2=s=360x640:r=25']),
    await makeClip('huge.mkv', [...source, 'testsrc2=s=8000x6000:r=2', '-c:v', 'mjpeg']),
    await makeClip('variable.mkv', [
      ...source,
      "testsrc2=s=640x360:r=25,select='not(mod(n,7))+not(mod(n,5))'",
      '-fps_mode',
      'vfr',
    ]),
  ];
  const counts = [];
  for (const file of files) {
    const { pictures } = await analyzeVideo({ ffmpegPath: FFMPEG, file, model, analysis: ANALYSIS });
    const times: number[] = [];
    for await (const { observation } of pictures) times.push(observation.atMs);
    counts.push(times.length);
    expect(times.every((atMs, i) => i === 0 || atMs > times[i - 1]!)).toBe(true);
  }
  expect(counts).toEqual([5, 5, 2, 5]);
});

test.skipIf(MISSING)(`a damaged or misfitting model is told in words${why}`, async () => {
  const real = (await sharedModel()).path;
  const damaged = path.join(folder, 'yolox_damaged.onnx');
  await writeFile(damaged, 'not a model');
  const load = (card: NonNullable<ReturnType<typeof cardByName>>, file: string) =>
    Detector.load({ card, path: file });
  await expect(load(cardByName('yolox_damaged.onnx')!, damaged)).rejects.toThrow(
    'The model yolox_damaged.onnx cannot be loaded',
  );
  await expect(load(cardByName('yolov8n.onnx')!, real)).rejects.toThrow(
    /^yolov8n\.onnx does not fit its model card: its output is /,
  );
  await expect(load({ ...cardByName('yolox.onnx')!, classes: ['person'] }, real)).rejects.toThrow(
    'does not fit its model card',
  );
  await expect(load({ ...cardByName('yolox.onnx')!, sha256: '0'.repeat(64) }, real)).rejects.toThrow(
    'is damaged or another file',
  );
});

test('a file that is no video is told in words', async () => {
  const file = path.join(folder, 'letter.mp4');
  await writeFile(file, 'Dear Sir or Madam');
  const open = (name: string) =>
    analyzeVideo({ ffmpegPath: FFMPEG, file: name, model: null, analysis: ANALYSIS });
  await expect(open(file)).rejects.toThrow('letter.mp4 is not a video that ffmpeg can read.');
  await expect(open(path.join(folder, 'none.mp4'))).rejects.toThrow('There is no file');
});

/** A started service that notes what it hears. */
async function startService(options: Partial<VisionServiceOptions> = {}) {
  const observations: Array<Observation & { cameraId: string; arrivedMs: number }> = [];
  const problems: Array<string | null> = [];
  const service = new VisionService({
    clock: systemClock,
    onGone: () => {},
    ffmpegPath: FFMPEG,
    folders: { modelsDir: OWN_MODELS, extraDir: MODELS },
    logger: silentLogger,
    onObservation: (cameraId, observation) =>
      observations.push({ ...observation, cameraId, arrivedMs: Date.now() }),
    onProblem: (_, problem) => problems.push(problem),
    ...options,
  });
  await service.start();
  return { service, observations, problems };
}

test.skipIf(MISSING)(
  `live: people are followed with the times at which they were captured, with snapshots${why}`,
  async () => {
    const { service, observations, problems } = await startService();
    const camera = service.addCamera({ cameraId: 'door', analysis: ANALYSIS });
    const feed = feedVideo(path.join(FOOTAGE, 'tail_real_pair_left.mp4'), camera.sink);
    await until('two people', () => observations.some((each) => each.tracks.length === 2));
    const pair = observations.find((each) => each.tracks.length === 2)!;
    const snapshot = await service.snapshot('door', pair.atMs, pair.tracks[0]!.box);
    for (const jpeg of [snapshot!.picture, snapshot!.crop!])
      expect(jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(snapshot!.colour).not.toBeNull();
    expect(await service.snapshot('door', pair.atMs - 60_000, null)).toBeNull();
    await feed.ended;
    expect(service.analysedFps('door')).toBeGreaterThan(2);
    await service.stop();
    // Twelve frames a second: every picture lies on a frame, and 5 of them are taken in a second.
    const clipMs = observations.map((each) => each.atMs - feed.startEpochMs);
    for (const ms of clipMs)
      expect(Math.abs(ms / (1000 / 12) - Math.round(ms / (1000 / 12)))).toBeLessThan(0.02);
    expect(observations.length).toBeGreaterThanOrEqual(30);
    const firstPerson = observations.find((each) => each.tracks.length > 0)!;
    expect(firstPerson.atMs - feed.startEpochMs).toBeGreaterThan(1500);
    expect(firstPerson.atMs - feed.startEpochMs).toBeLessThan(4000);
    const delays = observations.map((each) => each.arrivedMs - each.atMs).sort((a, b) => a - b);
    expect(delays[Math.floor(delays.length * 0.9)]).toBeLessThan(2000);
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  },
);

test(`live, without a model: motion is analysed and the advice is given`, async () => {
  const clip = await makeClip('moving.mp4', [
    '-f',
    'lavfi',
    '-t',
    '4',
    '-i',
    'testsrc2=s=320x180:r=10',
    '-g',
    '10',
    '-pix_fmt',
    'yuv420p',
  ]);
  const folders = { modelsDir: await cardsOnly() };
  const { service, observations, problems } = await startService({ folders });
  expect(service.modelAdvice).toBe(MODEL_ADVICE);
  const camera = service.addCamera({ cameraId: 'yard', analysis: ANALYSIS });
  expect(problems).toEqual([MODEL_ADVICE]);
  const feed = feedVideo(clip, camera.sink);
  await until('motion', () => observations.some((each) => each.motion.boxes.length > 0));
  camera.update({ ...ANALYSIS, enabled: false });
  expect(problems).toEqual([MODEL_ADVICE, null]);
  expect(service.analysedFps('yard')).toBeNull();
  feed.stop();
  await service.stop();
});

test('live: a decoder that dies is started again at the next keyframe', async () => {
  const clip = await makeClip('again.mp4', [
    '-f',
    'lavfi',
    '-t',
    '8',
    '-i',
    'testsrc2=s=320x180:r=10',
    '-g',
    '10',
    '-pix_fmt',
    'yuv420p',
  ]);
  // An ffmpeg that ends by itself after 0.9 s of its input, every time.
  const script = path.join(folder, 'weak-ffmpeg');
  await writeFile(script, `#!/bin/sh\nexec "${FFMPEG}" -t 0.9 "$@"\n`, { mode: 0o755 });
  const { service, observations, problems } = await startService({
    ffmpegPath: script,
    folders: { modelsDir: await cardsOnly() },
  });
  const camera = service.addCamera({ cameraId: 'yard', analysis: ANALYSIS });
  const feed = feedVideo(clip, camera.sink);
  await until('pictures of a second decoder', () => {
    const times = observations.map((each) => each.atMs);
    return times.some((atMs, i) => i > 0 && atMs - times[i - 1]! > 900);
  });
  expect(problems).toContain(MODEL_ADVICE);
  feed.stop();
  await service.stop();
});

test.skipIf(MISSING)(`live: a damaged model is a problem in words while motion goes on${why}`, async () => {
  const models = await mkdtemp(path.join(folder, 'models-'));
  await cp(path.join(OWN_MODELS, 'yolox_nano.json'), path.join(models, 'yolox_nano.json'));
  await writeFile(path.join(models, 'yolox_nano.onnx'), 'half a down');
  const { service, problems } = await startService({ folders: { modelsDir: models } });
  service.addCamera({ cameraId: 'yard', analysis: ANALYSIS });
  await until('the problem', () => problems.length > 0);
  expect(problems[0]).toContain('yolox_nano.onnx is damaged or another file');
  expect(service.listModels()[0]).toMatchObject({ name: 'yolox_nano', active: false });
  await service.stop();
});

test.skipIf(MISSING)(
  `live: another model is used without a restart, and one that cannot be used changes nothing${why}`,
  async () => {
    const models = await mkdtemp(path.join(folder, 'models-'));
    await cp(path.join(MODELS, 'yolox_nano_dynamic.onnx'), path.join(models, 'yolox_nano_dynamic.onnx'));
    await cp(path.join(MODELS, 'yolox_nano_dynamic.onnx'), path.join(models, 'my_yolox.onnx'));
    await writeFile(path.join(models, 'yolox_bad.onnx'), 'half a down');
    const { service, observations, problems } = await startService({
      folders: { modelsDir: models },
      // The one that was chosen is broken since: the best other one takes over.
      modelName: () => 'yolox_bad',
    });
    const camera = service.addCamera({ cameraId: 'door', analysis: ANALYSIS });
    const active = () => service.listModels().find((model) => model.active)?.name;
    await until('the trials', () => service.provider !== null);
    expect(active()).toBe('yolox_nano_dynamic');
    expect(service.provider?.provider).toBe('cpu');
    const bad = service.listModels().find((model) => model.name === 'yolox_bad');
    expect(bad?.problem).toContain('yolox_bad.onnx cannot be loaded: it is damaged or no ONNX file');
    const feed = feedVideo(path.join(FOOTAGE, 'tail_real_pair_left.mp4'), camera.sink, [
      '-stream_loop',
      '-1',
    ]);
    await until('people', () => observations.some((each) => each.tracks.length > 0));
    await expect(service.useModel('yolox_bad')).rejects.toThrow('is damaged or no ONNX file');
    expect(active()).toBe('yolox_nano_dynamic');
    await service.useModel('my_yolox');
    expect(active()).toBe('my_yolox');
    const before = observations.length;
    await until('people, with the other model', () =>
      observations
        .slice(before)
        .some((each) => each.tracks.some((track) => track.firstSeenMs > observations[before]!.atMs)),
    );
    feed.stop();
    await service.stop();
    expect(problems.filter((problem) => problem?.includes('yolox_nano_dynamic'))).toEqual([]);
  },
  60_000,
);

test.skipIf(MISSING)(
  `live: where a provider does not run after all the processor takes over, and the reason is told${why}`,
  async () => {
    const { service, observations, problems } = await startService({
      // As if it had been measured well: no machine of the tests has it.
      tryModel: async ({ card }) => ({
        ...{ card: card!, inputWidth: 640, inputHeight: 384, provider: 'cuda' },
        trials: [
          { provider: 'cpu', milliseconds: 20, reason: 'slower' },
          { provider: 'cuda', milliseconds: 2, reason: null },
        ],
      }),
    });
    const camera = service.addCamera({ cameraId: 'door', analysis: ANALYSIS });
    await service.refreshModels();
    await until('the processor', () => service.provider?.provider === 'cpu');
    expect(service.provider!.trials[0]).toMatchObject({ provider: 'cpu', reason: null });
    expect(service.provider!.trials[1]!.reason).toMatch(/^it failed in use: \S/);
    const feed = feedVideo(path.join(FOOTAGE, 'tail_real_pair_left.mp4'), camera.sink, [
      '-stream_loop',
      '-1',
    ]);
    await until('people', () => observations.some((each) => each.tracks.length > 0));
    feed.stop();
    await service.stop();
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  },
);

test.skipIf(MISSING)(`a detector says why a picture could not be run${why}`, async () => {
  const detector = await Detector.load(await sharedModel());
  const letterbox = detector.planLetterbox(640, 360);
  const { pictureWidth: width, pictureHeight: height } = letterbox;
  const picture = { width, height, atMs: 0, data: new Uint8Array(pictureBytes(width, height)) };
  await detector.detect(picture, letterbox, { overheadView: false });
  expect(detector.failure).toBeNull();
  await detector.close();
  await expect(detector.detect(picture, letterbox, { overheadView: false })).rejects.toThrow();
  expect(detector.failure).toMatch(/\S/);
});

test.skipIf(MISSING)(
  `live: where the detector is slow every camera gets as much of it as the others, also one that asks for more, and is told${why}`,
  async () => {
    // The same model over pictures of nine times the area.
    const models = await mkdtemp(path.join(folder, 'models-'));
    await cp(path.join(MODELS, 'yolox_nano_dynamic.onnx'), path.join(models, 'slow.onnx'));
    const known = cardByName('yolox_nano_dynamic.onnx')!;
    const slow = {
      ...known,
      name: 'slow',
      file: 'slow.onnx',
      input: { ...known.input, defaultSize: [1152, 1920] },
    };
    await writeFile(path.join(models, 'slow.json'), JSON.stringify(slow));
    const { service, observations, problems } = await startService({
      ...{ folders: { modelsDir: models }, workerCount: 1 },
    });
    const names = ['a', 'b', 'c', 'd'];
    const feeds = names.map((cameraId, index) => {
      const { sink } = service.addCamera({ cameraId, analysis: { ...ANALYSIS, fps: index % 2 ? 10 : 5 } });
      return feedVideo(path.join(FOOTAGE, 'one-by-one-person-detection.mp4'), sink, ['-ss', '8']);
    });
    for (const fps of [5, 10])
      await until(
        'the words',
        () =>
          problems.some(
            (problem) => problem?.includes('too slow') && problem.includes(`the ${fps} pictures`),
          ),
        40_000,
      );
    const before = observations.length;
    await until('many pictures', () => observations.length >= before + 60, 40_000);
    const rates = names.map((cameraId) => service.analysedFps(cameraId)!);
    const counts = names.map(
      (name) => observations.slice(before).filter((each) => each.cameraId === name).length,
    );
    for (const feed of feeds) feed.stop();
    await service.stop();
    const share = counts.reduce((sum, count) => sum + count, 0) / names.length;
    for (const count of counts) expect(Math.abs(count - share)).toBeLessThanOrEqual(0.1 * share);
    for (const rate of rates) expect(rate).toBeLessThan(0.85 * ANALYSIS.fps);
  },
  120_000,
);

test.skipIf(MISSING)(
  `live: a worker that ends unexpectedly is started again, and nobody is followed across${why}`,
  async () => {
    const clip = await makeClip('pair.mp4', [
      ...[
        '-i',
        path.join(FOOTAGE, 'tail_real_pair_left.mp4'),
        '-an',
        '-ss',
        '2',
        '-t',
        '5',
        '-g',
        '6',
        '-bf',
        '0',
      ],
    ]);
    const { service, observations, problems } = await startService();
    const camera = service.addCamera({ cameraId: 'door', analysis: ANALYSIS });
    const feed = feedVideo(clip, camera.sink);
    await until('people', () => observations.some((each) => each.tracks.length > 0));
    const [thread] = (service as unknown as { workers: Array<{ worker: Worker }> }).workers;
    // It fails of a message that it cannot understand, while it has a model in the runtime.
    const exited = new Promise((done) => thread!.worker.once('exit', done));
    thread!.worker.postMessage({
      type: 'fragment',
      cameraId: 'door',
      fragment: null as never,
    } satisfies ToWorker);
    await exited;
    const before = observations.flatMap((each) => each.tracks.map((track) => track.trackId));
    await until('the end of all tracks', () => observations.at(-1)!.endedTrackIds.length > 0);
    expect(problems.at(-1)).toMatch(/^The analysis ended unexpectedly and is started again.*null/);
    await until('people again', () => observations.at(-1)!.tracks.length > 0);
    for (const track of observations.at(-1)!.tracks) expect(before).not.toContain(track.trackId);
    await until('all is well', () => problems.at(-1) === null);
    feed.stop();
    await service.stop();
  },
);
