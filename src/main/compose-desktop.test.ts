import { expect, test } from 'vitest';
import type { EngineMessage } from '../shared/desktop.ts';
import { RecordingSchema } from '../shared/domain-camera.ts';
import type { NvrEvent } from '../shared/domain-events.ts';
import { type DesktopReportDeps, reportToDesktop } from './compose-desktop.ts';
import { silentLogger } from './platform/log.ts';

const TAILGATING = {
  ...{ id: 'e1', cameraId: 'a', cameraName: 'Door', type: 'tailgating' },
  detail: { direction: 'forward', line: 'Enter' },
} as NvrEvent;

function report(picture: () => Promise<Buffer | null>) {
  const told: EngineMessage[] = [];
  let tell: (event: NvrEvent) => void = () => {};
  let look = () => {};
  const camera = {
    status: { recording: true, state: 'online' } as Record<string, unknown>,
    recording: RecordingSchema.parse({}),
  };
  const jobs: Array<{ state: string; progress: number }> = [];
  const stop = reportToDesktop({
    parts: {
      events: {
        subscribe: (listener: typeof tell) => {
          tell = listener;
          return () => {};
        },
        picture,
      },
      cameras: { status: () => camera.status },
      archive: { exports: { list: () => jobs } },
    },
    stores: { cameras: { list: () => [{ id: 'a', name: 'Door', recording: camera.recording }] } },
    tell: (message: EngineMessage) => told.push(message),
    clock: {
      after: (_delayMs: number, action: () => void) => {
        look = action;
        return () => {
          look = () => {};
        };
      },
    },
    log: silentLogger,
  } as unknown as DesktopReportDeps);
  return { told, camera, jobs, stop, look: () => look(), tell: (event: NvrEvent) => tell(event) };
}

test('the work is told when it changes, and not again', () => {
  const { told, camera, jobs, look } = report(async () => null);
  look();
  jobs.push({ state: 'running', progress: 0.25 }, { state: 'queued', progress: 0 });
  look();
  camera.status = { recording: false, state: 'online', recordingOffBecause: 'Outside its recording hours' };
  jobs.splice(0);
  look();
  look();
  const works = told.map((message) => (message.kind === 'work' ? message.work : null));
  expect(works).toMatchObject([
    { keepsAwake: true, exportProgress: null, cameras: [{ name: 'Door', recording: true }] },
    { keepsAwake: true, exportProgress: 0.25 },
    { keepsAwake: false, exportProgress: null, cameras: [{ recording: false }] },
  ]);
});

test.each([
  ['offline', { recording: false, state: 'retrying' }, {}, true],
  ['paused', { recording: false, state: 'paused' }, {}, false],
  ['without a stream', { recording: false, state: 'no-source' }, {}, false],
  ['not to be recorded', { recording: false, state: 'online' }, { mode: 'off' }, false],
  ['waiting for an event', { recording: false, state: 'online' }, { mode: 'events' }, true],
])('the computer may sleep or not while the camera is %s', (_case, status, recording, keepsAwake) => {
  const { told, camera, look } = report(async () => null);
  camera.status = status;
  camera.recording = RecordingSchema.parse(recording);
  look();
  expect(told.at(-1)).toMatchObject({ kind: 'work', work: { keepsAwake } });
});

test('an alarm comes with its picture, and without it where that cannot be read; other events do not come', async () => {
  const jpeg = Buffer.from('jpeg');
  for (const [picture, shown] of [
    [async () => jpeg, jpeg],
    [async () => Promise.reject(new Error('the disk fails')), null],
  ] as const) {
    const { told, tell } = report(picture);
    tell({ ...TAILGATING, type: 'line-crossing' } as NvrEvent);
    tell(TAILGATING);
    await new Promise(setImmediate);
    const notice = { title: 'Tailgating, Door', body: 'On Enter', place: '/events/e1', picture: shown };
    expect(told.slice(1)).toEqual([{ kind: 'notification', notice }]);
  }
});
