import { beforeEach, expect, test } from 'vitest';
import type { EngineMessage, ShellMessage } from '../../shared/desktop.ts';
import { EngineHost, type EngineProcess } from './engine-host.ts';

class FakeEngine implements EngineProcess {
  readonly sent: ShellMessage[] = [];
  killed = false;
  readonly port: number;
  constructor(port: number) {
    this.port = port;
  }
  say: (message: EngineMessage) => void = () => {};
  die: (code: number) => void = () => {};
  postMessage(message: ShellMessage) {
    this.sent.push(message);
  }
  onMessage(listener: (message: EngineMessage) => void) {
    this.say = listener;
  }
  onExit(listener: (code: number) => void) {
    this.die = listener;
  }
  kill() {
    this.killed = true;
  }
}

let engines: FakeEngine[];
let timers: Array<{ delayMs: number; action: () => void }>;
let died: Array<[number, number | null]>;
let key: () => Promise<string | null>;
let told: unknown[];
let host: EngineHost;

beforeEach(() => {
  engines = [];
  timers = [];
  died = [];
  told = [];
  key = async () => 'ab';
  host = new EngineHost({
    spawn: (port) => {
      const engine = new FakeEngine(port);
      engines.push(engine);
      return engine;
    },
    after: (delayMs, action) => {
      const timer = { delayMs, action };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    lastPort: 8123,
    takeKey: () => key(),
    onReady: (url) => told.push(url),
    onNotice: (notice) => told.push(notice),
    onWork: (work) => told.push(work),
    onDied: (code, retry) => died.push([code, retry]),
  });
  host.start();
});

test('a dead engine is started again, later each time, until one gets ready', () => {
  engines[0]!.die(1);
  timers.pop()!.action();
  engines[1]!.die(1);
  expect(died).toEqual([
    [1, 250],
    [1, 500],
  ]);
  timers.pop()!.action();
  engines[2]!.say({ kind: 'ready', url: 'http://127.0.0.1:1' });
  engines[2]!.die(1);
  expect(died.at(-1)).toEqual([1, 250]);
});

test('an engine that cannot run with these settings is not started again', () => {
  engines[0]!.die(3);
  expect(died).toEqual([[3, null]]);
  expect(timers).toEqual([]);
});

test('stopping asks first and uses force only after the grace', async () => {
  const stopped = host.stop();
  expect(engines[0]!.sent).toEqual([{ kind: 'stop' }]);
  timers[0]!.action();
  expect(engines[0]!.killed).toBe(true);
  engines[0]!.die(0);
  await stopped;
  expect(died).toEqual([]);
});

test('a local session is answered, and null when the engine dies first', async () => {
  const first = host.localSession();
  engines[0]!.say({ kind: 'local-session', cookie: { name: 's', value: 'x' } });
  expect(await first).toEqual({ name: 's', value: 'x' });
  const second = host.localSession();
  engines[0]!.die(1);
  expect(await second).toBeNull();
});

test('the engine gets its key when it asks, and is ended when there is none to be had', async () => {
  engines[0]!.say({ kind: 'wants-key' });
  await Promise.resolve();
  expect(engines[0]!.sent).toEqual([{ kind: 'key', key: 'ab' }]);
  key = async () => Promise.reject(new Error('the folder cannot be written'));
  engines[0]!.say({ kind: 'wants-key' });
  await new Promise(setImmediate);
  expect(engines[0]!.killed).toBe(true);
});

test('a restarted engine listens where it did; one that could not come up there takes any port', () => {
  engines[0]!.die(1);
  timers.pop()!.action();
  engines[1]!.say({ kind: 'ready', url: 'http://127.0.0.1:9001' });
  engines[1]!.die(1);
  timers.pop()!.action();
  expect(engines.map(({ port }) => port)).toEqual([8123, 0, 9001]);
});

test('notices and work are passed on', () => {
  const notice = { title: 'Tailgating, Door', body: '', place: '/events/1', picture: null };
  const work = { keepsAwake: true, cameras: [], exportProgress: null };
  engines[0]!.say({ kind: 'notification', notice });
  engines[0]!.say({ kind: 'work', work });
  expect(told).toEqual([notice, work]);
});
