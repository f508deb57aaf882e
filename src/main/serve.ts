/** The engine headless, in plain Node, and in the desktop app's utility process: flags, provision file, lock, signals, exit codes. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError, messageOf } from '../shared/errors.ts';
import { buildNotification } from './alerts/alert-message.ts';
import { acquireDataLock, type DataLock } from './platform/data-lock.ts';
import { tuneHeapForMedia } from './platform/heap.ts';
import { createLogger } from './platform/log.ts';
import { findShellPort } from './platform/shell-port.ts';
import { Shutdown } from './platform/shutdown.ts';

const USAGE = 'usage: serve --data DIR [--listen HOST:PORT] [--provision FILE] [--demo]';
const HELP = `${USAGE}
  --data DIR            the folder for everything that is written: database, recordings, secrets
  --listen HOST:PORT    where requests are accepted, whatever Settings, Network says; port 0 picks a free one.
                        Without it and without that setting: 127.0.0.1:8480
  --provision FILE      JSON with the account, cameras and credentials to create or update
  --demo                adds the built-in demo cameras; --data is then data/demo by default
`;
const EXIT = { ok: 0, failed: 1, badInput: 2, dataInUse: 3 } as const;

interface Flags {
  dataDir: string;
  listen: { host: string; port: number } | null;
  windowPort: number | undefined;
  provisionFile: string | null;
  demo: boolean;
}

await main();

async function main(): Promise<void> {
  checkNode();
  tuneHeapForMedia();
  const flags = parseFlags(process.argv.slice(2));
  const { parseProvision } = await import('./settings/provision.ts');
  const provision = flags.provisionFile === null ? null : readProvision(flags.provisionFile, parseProvision);
  const log = createLogger();
  const shutdown = new Shutdown(log);
  const lock = await takeLock(flags.dataDir);
  shutdown.onEnd(() => lock.release());
  const shell = findShellPort(() => void shutdown.end('the desktop app', EXIT.ok));
  const key = (await shell?.takeKey()) ?? null;
  const { Engine } = await import('./compose.ts');
  const engine = new Engine({
    ...flags,
    provision,
    key,
    onAlert: (...told) => {
      const notice = { ...buildNotification(...told), picture: null };
      shell?.tell({ kind: 'notification', notice });
    },
    ...(shell && { tellDesktop: (message) => shell.tell(message) }),
    log,
  });
  shutdown.onEnd(() => {
    lock.noteStopping();
    return engine.stop();
  });

  try {
    const url = await engine.start();
    process.stdout.write(`${JSON.stringify({ event: 'ready', url, version: engine.version })}\n`);
    if (flags.demo) process.stderr.write(`Threshold NVR demo: open ${url} in a browser.\n`);
    shell?.ready(url, () => engine.localSession());
  } catch (error) {
    // Stopped before it was ready: nothing is wrong.
    if (shutdown.isEnding) return;
    await engine.stop();
    // The provision file fits its schema but contradicts what is stored.
    if (error instanceof AppError && error.kind === 'invalid-input')
      quit(EXIT.badInput, `--provision: ${error.message}`);
    if (!(error instanceof AppError)) log.error({ err: error }, 'the engine could not start');
    quit(EXIT.failed, messageOf(error));
  }
}

/** better-sqlite3 needs Node-API 10 and crashes below: say so before it is loaded. */
function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return;
  quit(EXIT.badInput, `Node 22.19 or later is needed; this is ${process.versions.node}`);
}

function parseFlags(argv: string[]): Flags {
  const options = {
    data: { type: 'string' },
    listen: { type: 'string' },
    // Of the desktop app, for its windows.
    'window-port': { type: 'string' },
    provision: { type: 'string' },
    demo: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args: argv, options, strict: true, allowPositionals: false }));
  } catch (error) {
    return quit(EXIT.badInput, `${messageOf(error).split('. ')[0]}; ${USAGE}`);
  }
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(EXIT.ok);
  }
  const demo = values.demo === true;
  const data = values.data ?? (demo ? join('data', 'demo') : undefined);
  if (!data) return quit(EXIT.badInput, `--data: expected the folder to write to; ${USAGE}`);
  return {
    dataDir: resolve(data),
    listen: values.listen === undefined ? null : parseListen(values.listen),
    windowPort: values['window-port'] === undefined ? undefined : Number(values['window-port']),
    provisionFile: values.provision ?? null,
    demo,
  };
}

function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:\s]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (!host || !(port >= 0 && port <= 65_535))
    return quit(EXIT.badInput, `--listen: expected HOST:PORT with a port from 0 to 65535, not '${text}'`);
  return { host, port };
}

function readProvision<T>(
  file: string,
  parse: (value: unknown) => { ok: true; provision: T } | { ok: false; problems: string[] },
): T {
  let text: string;
  let value: unknown;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return quit(EXIT.badInput, `--provision: ${file} cannot be read: ${messageOf(error)}`);
  }
  try {
    // Some editors on Windows begin a file with a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The parser quotes the text around the fault, which may be a password: only where it stands is said.
    const place = /at position \d+.*$/.exec(messageOf(error))?.[0];
    return quit(EXIT.badInput, `--provision: ${file} is not JSON${place ? `: ${place}` : ''}`);
  }
  const parsed = parse(value);
  return parsed.ok ? parsed.provision : quit(EXIT.badInput, `--provision: ${parsed.problems.join('; ')}`);
}

async function takeLock(dataDir: string): Promise<Extract<DataLock, { held: true }>> {
  try {
    const lock = await acquireDataLock(dataDir);
    if (lock.held) return lock;
    const holder = lock.holderPid === null ? 'another process' : `process ${lock.holderPid}`;
    return quit(EXIT.dataInUse, `--data: ${dataDir} is in use by ${holder}`);
  } catch (error) {
    return quit(EXIT.badInput, `--data: ${dataDir} cannot be written: ${messageOf(error)}`);
  }
}

/** One line on stderr, and the end. */
function quit(code: number, line: string): never {
  process.stderr.write(`${line.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  process.exit(code);
}
