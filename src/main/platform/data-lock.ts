/**
 * One engine per data folder: holds a local socket (a named pipe on Windows) for as long as the process lives.
 * The operating system lets go of it when the process dies, however it dies, so a lock never goes stale.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export type DataLock =
  | {
      held: true;
      /** Whoever asks for the folder from now on waits for the end of this process instead of being refused. */
      noteStopping(): void;
      release(): Promise<void>;
    }
  | { held: false; holderPid: number | null };

/** Longest socket path that every Unix accepts. */
const MAX_SOCKET_PATH = 100;
/** A holder that is stopping is waited for: it has promised to be gone within this time. */
const STOPPING_MS = 10_000;

interface Holder {
  pid: number | null;
  stopping: boolean;
}

/**
 * Takes the lock of a data folder (made if absent). Tries for `patienceMs`, since a holder may just be dying, and longer
 * where the holder says that it is stopping. Throws when the folder cannot be written.
 */
export async function acquireDataLock(dataDir: string, patienceMs = 1500): Promise<DataLock> {
  makeFolder(resolve(dataDir));
  const began = performance.now();
  for (;;) {
    for (const path of socketPaths(resolve(dataDir))) {
      const own: Holder = { pid: process.pid, stopping: false };
      const server = await listen(path, own);
      if (server === 'unsupported') continue;
      if (server !== 'taken') return held(server, own);
      const holder = await askHolder(path);
      const patience = holder !== 'dead' && holder.stopping ? STOPPING_MS : patienceMs;
      if (holder === 'dead') rmSync(path, { force: true });
      else if (performance.now() - began >= patience) return { held: false, holderPid: holder.pid };
      break;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

function held(server: Server, own: Holder): DataLock {
  return {
    held: true,
    noteStopping: () => {
      own.stopping = true;
    },
    release: () => close(server),
  };
}

/** Step by step: `mkdir` with `recursive` never returns where a file system (as /proc) says that a present folder is absent. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(folder).isDirectory()) throw error;
  }
}

/** In the folder itself where its path is short and its file system knows sockets, otherwise among the temporary files. */
function socketPaths(dataDir: string): string[] {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return [`\\\\.\\pipe\\threshold-nvr-${hash}`];
  const inside = join(dataDir, 'engine.sock');
  const outside = join(tmpdir(), `threshold-nvr-${hash}.sock`);
  return inside.length <= MAX_SOCKET_PATH ? [inside, outside] : [outside];
}

function listen(path: string, own: Holder): Promise<Server | 'taken' | 'unsupported'> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(`${own.pid}${own.stopping ? ' stopping' : ''}\n`);
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') done('taken');
      else if (error.code === 'ENOTSUP' || error.code === 'EOPNOTSUPP' || error.code === 'EPERM')
        done('unsupported');
      else fail(error);
    });
    server.listen(path, () => {
      server.unref();
      done(server);
    });
  });
}

function askHolder(path: string): Promise<Holder | 'dead'> {
  return new Promise((done) => {
    let answer = '';
    const socket = connect(path);
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      done(
        error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'dead' : { pid: null, stopping: false },
      ),
    );
    socket.on('close', () =>
      done({ pid: Number.parseInt(answer, 10) || null, stopping: answer.includes('stopping') }),
    );
  });
}

function close(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}
