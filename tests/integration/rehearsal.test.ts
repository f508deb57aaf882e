/** Rules tried on footage, and run over what was recorded before they were there: a real engine, a real clip, a real model. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '../../src/main/media/ffmpeg.ts';
import type { EventPage, TimelineLane } from '../../src/shared/contract-archive.ts';
import type { Line } from '../../src/shared/domain-camera.ts';
import type { Backfill, Rehearsal, RehearsalVideo } from '../../src/shared/rehearsal.ts';
import { type RunningEngine, SHARED, startEngine, until } from '../fixtures/engine.ts';

const CLIP = join(SHARED, 'footage', 'tail_real_pair_left.mp4');
const MODELS = join(SHARED, 'models');
const MISSING = !existsSync(CLIP) || !existsSync(join(MODELS, 'yolox_nano_dynamic.onnx'));
const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const CLIP_MS = 10_000;
/** Two people cross it 5.1 and 5.8 s into the clip, from right to left. */
const LEFT: Line = {
  name: 'left',
  points: [
    { x: 0.2, y: 1 },
    { x: 0.2, y: 0 },
  ],
  tailgating: { windowSeconds: 2, peoplePerUnlock: 1, direction: 'both' },
};
const RIGHT: Line = {
  name: 'right',
  points: [
    { x: 0.75, y: 1 },
    { x: 0.75, y: 0 },
  ],
};
const analysis = { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false };

describe.skipIf(MISSING)('rules tried on footage (skipped without the shared clip and model)', () => {
  let folder: string;
  let data: string;
  let engine: RunningEngine;
  let recorded: { fromEpochMs: number; toEpochMs: number };

  const provision = {
    cameras: [
      {
        ...{ id: CAMERA, name: 'door', analysis: { enabled: false } },
        source: { main: pathToFileURL(CLIP).href },
      },
    ],
  };
  const start = () => startEngine(data, provision, { THRESHOLD_MODELS: MODELS });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-rehearsal-'));
    data = join(folder, 'data');
    engine = await start();
    recorded = await until('a round of the clip', async () => {
      const now = Date.now();
      const [lane] = await engine.get<TimelineLane[]>(
        `/archive/timeline?cameraIds=${CAMERA}&fromEpochMs=${now - 3_600_000}&toEpochMs=${now}`,
      );
      const [span] = lane!.spans;
      if (!span || span[1] - span[0] < 1.2 * CLIP_MS) return null;
      return { fromEpochMs: Math.floor(span[0]), toEpochMs: Math.floor(span[0]) + CLIP_MS };
    });
  });
  afterAll(async () => {
    await engine?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const ended = (id: string) =>
    until('the end of the rehearsal', async () => {
      const now = await engine.get<Rehearsal>(`/rehearsals/${id}`);
      if (now.state === 'failed') throw new Error(now.problem ?? 'failed');
      return now.state === 'ended' ? now : null;
    });
  const crossings = ({ hits }: Rehearsal) => hits.filter(({ type }) => type === 'line-crossing');

  test('a line shows its crossings and its tailgater on recorded footage, and stores nothing', async () => {
    const { id } = await engine.send<Rehearsal>('POST', `/cameras/${CAMERA}/rehearsals`, {
      rules: { lines: [LEFT], analysis },
      footage: recorded,
    });
    const rehearsal = await ended(id);
    expect(rehearsal).toMatchObject({ progress: 1, problem: null, toMs: recorded.toEpochMs });
    expect(rehearsal.pictures).toBeGreaterThan(45);
    const times = crossings(rehearsal).map(({ atMs }) => (atMs - recorded.fromEpochMs) / 1000);
    expect(times).toHaveLength(2);
    for (const [index, expected] of [5.1, 5.8].entries())
      expect(Math.abs(times[index]! - expected)).toBeLessThan(0.75);
    expect(rehearsal.hits.filter(({ type }) => type === 'tailgating')).toHaveLength(1);
    expect((await engine.get<EventPage>('/events')).items).toEqual([]);

    const moved = await engine.send<Rehearsal>('PUT', `/rehearsals/${id}/rules`, {
      lines: [RIGHT],
      analysis,
    });
    expect(moved).toMatchObject({ id, state: 'ended' });
    expect(crossings(moved)).toEqual([]);
    const back = await engine.send<Rehearsal>('PUT', `/rehearsals/${id}/rules`, { lines: [LEFT], analysis });
    expect(back.hits).toEqual(rehearsal.hits);
    await engine.send('DELETE', `/rehearsals/${id}`);
    await expect(engine.get(`/rehearsals/${id}`)).rejects.toThrow('404');
  });

  test('a video file is rehearsed like footage; what is no video is refused', async () => {
    const send = (body: Buffer) =>
      fetch(`${engine.url}/app/v1/rehearsal-videos`, {
        method: 'POST',
        headers: { cookie: engine.cookie, origin: engine.url },
        body: new Uint8Array(body),
      });
    const refused = await send(Buffer.from('no video at all'));
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('is not a video');
    const answer = await send(readFileSync(CLIP));
    expect(answer.status).toBe(201);
    const { videoId, durationSeconds } = (await answer.json()) as RehearsalVideo;
    expect(durationSeconds).toBe(10);
    const { id } = await engine.send<Rehearsal>('POST', `/cameras/${CAMERA}/rehearsals`, {
      rules: { lines: [LEFT], analysis },
      footage: { videoId },
    });
    const rehearsal = await ended(id);
    expect(crossings(rehearsal).map(({ detail }) => detail.direction)).toHaveLength(2);
  });

  test('a bare stream that does not say how long it is, and readers that know nothing of it', async () => {
    const bare = join(folder, 'clip.h264');
    const { path: ffmpeg } = await findFfmpeg();
    execFileSync(ffmpeg, ['-v', 'error', '-i', CLIP, '-an', '-c', 'copy', '-f', 'h264', bare]);
    const answer = await fetch(`${engine.url}/app/v1/rehearsal-videos`, {
      method: 'POST',
      headers: { cookie: engine.cookie, origin: engine.url },
      body: new Uint8Array(readFileSync(bare)),
    });
    const { videoId, durationSeconds } = (await answer.json()) as RehearsalVideo;
    expect(durationSeconds).toBe(0);
    const { id } = await engine.send<Rehearsal>('POST', `/cameras/${CAMERA}/rehearsals`, {
      rules: { lines: [LEFT], analysis, readers: ['door-reader'] },
      footage: { videoId },
    });
    const rehearsal = await ended(id);
    expect(rehearsal.toMs).toBeGreaterThan(9000);
    expect(rehearsal.toMs).toBeLessThan(10_500);
    expect(crossings(rehearsal)).toHaveLength(2);
    expect(rehearsal.hits.filter(({ type }) => type === 'tailgating')).toMatchObject([
      { detail: { tailgating: { mode: 'no-readers' } } },
    ]);
  });

  test.each([
    ['nothing recorded', { fromEpochMs: 1000, toEpochMs: 2000 }, '404'],
    ['an end before the start', { fromEpochMs: 2000, toEpochMs: 1000 }, '400'],
    ['days', { fromEpochMs: 0, toEpochMs: 86_400_000 }, '400'],
    ['a video that is not there', { videoId: CAMERA }, '404'],
  ])('refuses %s', async (_, footage, status) => {
    const asked = engine.send('POST', `/cameras/${CAMERA}/rehearsals`, { rules: { analysis }, footage });
    await expect(asked).rejects.toThrow(status);
  });

  test('the rules of today find events in the footage of yesterday, once, with pictures', async () => {
    await engine.send('PATCH', `/cameras/${CAMERA}`, { lines: [LEFT] });
    const run = async () => {
      const { id } = await engine.send<Backfill>('POST', '/backfills', { cameraId: CAMERA, ...recorded });
      return until('the end of the search', async () => {
        const job = (await engine.get<Backfill[]>('/backfills')).find((one) => one.id === id);
        return job?.state === 'done' ? job : null;
      });
    };
    const first = await run();
    expect(first).toMatchObject({ known: 0, problem: null, reachedEpochMs: recorded.toEpochMs });
    const { items } = await engine.get<EventPage>('/events?limit=500');
    expect(items).toHaveLength(first.added);
    expect(items.filter(({ type }) => type === 'line-crossing')).toHaveLength(2);
    const tailgating = items.find(({ type }) => type === 'tailgating')!;
    expect(tailgating).toMatchObject({ cameraId: CAMERA, hasSnapshot: true });
    const picture = await fetch(`${engine.url}/app/v1/events/${tailgating.id}/snapshot.jpg`, {
      headers: { cookie: engine.cookie },
    });
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(await run()).toMatchObject({ added: 0, known: first.added });
  });

  test('a search is paused, survives a restart, goes on, and finds what it would have found', async () => {
    const before = (await engine.get<EventPage>('/events?limit=500')).items.length;
    const { id } = await engine.send<Backfill>('POST', '/backfills', { cameraId: CAMERA, ...recorded });
    const paused = await engine.send<Backfill>('POST', `/backfills/${id}/pause`);
    expect(paused.state).toBe('paused');
    await engine.stop();
    engine = await start();
    const left = (await engine.get<Backfill[]>('/backfills')).find((job) => job.id === id);
    expect(left?.state).toBe('paused');
    await engine.send('POST', `/backfills/${id}/resume`);
    await until('the end of the search', async () =>
      (await engine.get<Backfill[]>('/backfills')).some((job) => job.id === id && job.state === 'done'),
    );
    expect((await engine.get<EventPage>('/events?limit=500')).items).toHaveLength(before);
    await engine.send('DELETE', `/backfills/${id}`);
    expect((await engine.get<Backfill[]>('/backfills')).some((job) => job.id === id)).toBe(false);
  });
});
