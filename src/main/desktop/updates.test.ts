import { beforeEach, expect, test } from 'vitest';
import { type Updater, Updates } from './updates.ts';

let done: string[];
let questions: string[];
let answers: boolean[];
let timers: Array<() => void>;
let recording: boolean;
let updater: Updater;
let updates: Updates;

beforeEach(() => {
  done = [];
  questions = [];
  answers = [];
  timers = [];
  recording = true;
  updater = {
    check: async () => '1.2.0',
    async download(onProgress) {
      onProgress(0.5);
      done.push(updates.label().label);
    },
    installAndRestart: () => void done.push('installed'),
  };
  updates = new Updates({
    updater: {
      check: () => updater.check(),
      download: (onProgress) => updater.download(onProgress),
      installAndRestart: () => updater.installAndRestart(),
    },
    isRecording: () => recording,
    ask: async ({ message, detail }) => {
      questions.push(`${message} ${detail}`);
      return answers.shift() ?? false;
    },
    say: (message) => void done.push(message),
    stopEngine: async () => void done.push('engine stopped'),
    onChanged: () => {},
    after: (_delayMs, action) => {
      timers.push(action);
      return () => {};
    },
  });
});
const settle = () => new Promise(setImmediate);

test('nothing is downloaded or installed unless the user says so, and recording is closed first', async () => {
  answers = [true, true];
  await updates.next();
  expect(done).toEqual(['Downloading version 1.2.0, 50 %', 'engine stopped', 'installed']);
  expect(questions[0]).toContain('while recording goes on');
  expect(questions[1]).toContain('Recording stops');
});

test('an update that is put off stays ready, and is installed only when asked for', async () => {
  answers = [true, false];
  await updates.next();
  expect(updates.label()).toEqual({ label: 'Install version 1.2.0 and restart', enabled: true });
  updates.start();
  timers.pop()!();
  await settle();
  expect(questions).toHaveLength(2);
  recording = false;
  answers = [true];
  await updates.next();
  expect(questions[2]).not.toContain('Recording');
  expect(done.slice(1)).toEqual(['engine stopped', 'installed']);
});

test('a refused version is not offered again by itself, a newer one is', async () => {
  updates.start();
  for (const version of ['1.2.0', '1.2.0', '1.3.0']) {
    updater.check = async () => version;
    timers.pop()!();
    await settle();
  }
  expect(questions.map((question) => question.split(' is ')[0])).toEqual(['Version 1.2.0', 'Version 1.3.0']);
  expect(updates.label().label).toBe('Download version 1.3.0');
  expect(done).toEqual([]);
});

test.each([
  ['quietly', []],
  ['asked', ['The update did not work.']],
])('without a network: %s', async (why, said) => {
  updater.check = async () => Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED'));
  updates.start();
  if (why === 'asked') await updates.next();
  else timers.pop()!();
  await settle();
  expect(done).toEqual(said);
  expect(updates.label()).toEqual({ label: 'Check for updates', enabled: true });
});

test('a download that breaks off is offered again; the newest version is said to be so', async () => {
  answers = [true];
  updater.download = async () => Promise.reject(new Error('connection reset'));
  await updates.next();
  expect(done).toEqual(['The update did not work.']);
  expect(updates.label().label).toBe('Download version 1.2.0');
  updater.check = async () => null;
  await updates.next();
  expect(done.at(-1)).toBe('This is the newest version.');
});
