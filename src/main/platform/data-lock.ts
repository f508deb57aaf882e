/**
 * One engine per data folder: holds a local socket (a named pipe on Windows) for as long as the process lives.
 * The operating system lets go of it when the process dies, however it dies, so a lock never goes stale.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export type DataLock = { held: true; release(): Promise<void> } | { held: false; holderPid: number | null };

/** Longest socket path that every Unix accepts. */
const MAX_SOCKET_PATH = 100;

/**
 * Takes the lock of a data folder (made if absent). Tries for `patienceMs`, since a holder may just be dying.
 * Throws when the folder cannot be written.
 */
export async function acquireDataLock(dataDir: string, patienceMs = 1500): Promise<DataLock> {
  mkdirSync(dataDir, { recursive: true });
  const deadline = performance.now() + patienceMs;
  for (;;) {
    for (const path of socketPaths(resolve(dataDir))) {
      const server = await listen(path);
      if (server === 'unsupported') continue;
      if (server !== 'taken') return { held: true, release: () => close(server) };
      const holder = await askHolder(path);
      if (holder === 'dead') rmSync(path, { force: true });
      else if (performance.now() >= deadline) return { held: false, holderPid: holder };
      break;
    }
    await new Promise((done) => setTimeout(done, 100));
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

function listen(path: string): Promise<Server | 'taken' | 'unsupported'> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(`${process.pid}\n`);
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

function askHolder(path: string): Promise<number | null | 'dead'> {
  return new Promise((done) => {
    let answer = '';
    const socket = connect(path);
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'dead' : null),
    );
    socket.on('close', () => done(Number.parseInt(answer, 10) || null));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}
