import { expect, test } from 'vitest';
import type { EngineMessage, ShellMessage } from '../../shared/desktop.ts';
import { ShellPort } from './shell-port.ts';

function open() {
  const told: EngineMessage[] = [];
  let say: (message: ShellMessage) => void = () => {};
  let stops = 0;
  const port = new ShellPort(
    {
      postMessage: (message) => told.push(message),
      on: (_event, listener) => {
        say = (data) => listener({ data });
      },
    },
    () => stops++,
  );
  return { port, told, say: (message: ShellMessage) => say(message), stops: () => stops };
}

test('the key is asked for, and may be that of the folder', async () => {
  for (const key of ['ab', null]) {
    const { port, told, say } = open();
    const taken = port.takeKey();
    expect(told).toEqual([{ kind: 'wants-key' }]);
    say({ kind: 'key', key });
    expect(await taken).toBe(key);
  }
});

test('sessions are given once the engine is ready; it can be ended before', () => {
  const { port, told, say, stops } = open();
  say({ kind: 'local-session' });
  say({ kind: 'stop' });
  expect(stops()).toBe(1);
  port.ready('http://127.0.0.1:1', () => ({ name: 's', value: 'x' }));
  say({ kind: 'local-session' });
  expect(told).toEqual([
    { kind: 'local-session', cookie: null },
    { kind: 'ready', url: 'http://127.0.0.1:1' },
    { kind: 'local-session', cookie: { name: 's', value: 'x' } },
  ]);
});
