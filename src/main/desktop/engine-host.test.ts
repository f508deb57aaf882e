import { beforeEach, expect, test } from 'vitest';
import type { EngineMessage, ShellMessage } from '../../shared/desktop.ts';
import { EngineHost, type EngineProcess } from './engine-host.ts';

class FakeEngine implements EngineProcess {
  readonly sent: ShellMessage[] = [];
  killed = false;
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
let host: EngineHost;

beforeEach(() => {
  engines = [];
  timers = [];
  died = [];
  host = new EngineHost({
    spawn: () => {
      const engine = new FakeEngine();
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
    onReady: () => {},
    onNotification: () => {},
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
