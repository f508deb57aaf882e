/** Finding ffmpeg and running it for one job. Long-lived captures and decoders supervise their own child. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { AppError, messageOf } from '../../shared/errors.ts';
import { startChild, stopChild } from '../platform/child.ts';
import { redact } from '../platform/log.ts';
import { standBack } from '../platform/priority.ts';

export const OLDEST_FFMPEG = '5.1';

export interface Ffmpeg {
  path: string;
  /** As it calls itself, e.g. `5.1.6-0+deb12u1`. */
  version: string;
}

/**
 * The ffmpeg to use: the path given, FFMPEG_BIN, ffmpeg-static where its file exists, `ffmpeg` on PATH. A path that was given but
 * does not work is an error, never passed over. Throws AppError (unavailable) that says how to install one.
 */
export async function findFfmpeg(
  explicitPath?: string | null,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ffmpeg> {
  const path = explicitPath || env.FFMPEG_BIN || (await findStatic()) || (await findOnPath(env));
  if (!path) throw new AppError('unavailable', `ffmpeg was not found. ${installAdvice(process.platform)}`);
  const result = await runFfmpeg(path, ['-hide_banner', '-version']);
  const version = /^ffmpeg version (\S+)/.exec(result.stdout.toString())?.[1];
  if (!version)
    throw new AppError('unavailable', `${path} is not ffmpeg. ${installAdvice(process.platform)}`);
  if (!isRecentEnough(version)) {
    throw new AppError(
      'unavailable',
      `ffmpeg ${version} is too old: ${OLDEST_FFMPEG} or newer is needed. ${installAdvice(process.platform)}`,
    );
  }
  return { path, version };
}

/** Development builds (`N-109542-g…`, dates) count as recent: their numbers say nothing. */
export function isRecentEnough(version: string): boolean {
  const numbers = /^n?(\d{1,3})(?:\.(\d+))?/.exec(version);
  if (!numbers) return true;
  const [major = 0, minor = 0] = [Number(numbers[1]), Number(numbers[2] ?? 0)];
  return major > 5 || (major === 5 && minor >= 1);
}

/** One sentence: how this system gets an ffmpeg. */
export function installAdvice(platform: NodeJS.Platform): string {
  const command: Partial<Record<NodeJS.Platform, string>> = {
    linux: 'sudo apt-get install ffmpeg  (Fedora: sudo dnf install ffmpeg-free)',
    darwin: 'brew install ffmpeg',
    win32: 'winget install Gyan.FFmpeg',
  };
  return `Install it with: ${command[platform] ?? 'your package manager'} – or set FFMPEG_BIN to its path.`;
}

export interface FfmpegResult {
  stdout: Buffer;
  /** The last lines it wrote, without credentials. */
  stderr: string;
}

export interface FfmpegOptions {
  /** Ends the program; `runFfmpeg` then throws the signal's reason. */
  signal?: AbortSignal;
  stdin?: Buffer | Readable;
  /** Takes its output as it comes; the result then has none. What it throws ends the program. */
  onOutput?(chunk: Buffer): void;
  /** What it reads from `pipe:3`, `pipe:4` and so on. */
  pipes?: readonly Buffer[];
  timeoutMs?: number;
  /** As of `nice`; default: that of the program. */
  niceness?: number;
  /** More output than this is an error. */
  maxStdoutBytes?: number;
}

/** Only the end of stderr tells why ffmpeg failed; more is not kept. */
const STDERR_KEPT = 8192;

/**
 * Runs ffmpeg to its end. Throws AppError (unavailable) with its last words when it fails, cannot be started, or takes too long.
 * Nothing secret may stand in `args`: process lists show them.
 */
export async function runFfmpeg(
  path: string,
  args: readonly string[],
  options: FfmpegOptions = {},
): Promise<FfmpegResult> {
  const { signal, stdin, onOutput, pipes = [], timeoutMs = 30_000 } = options;
  const { maxStdoutBytes = 64 * 1024 * 1024 } = options;
  signal?.throwIfAborted();
  const further = pipes.map(() => 'pipe' as const);
  const handle = startChild(path, args, { stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe', ...further] });
  const { child, exit } = handle;
  if (options.niceness !== undefined) standBack(child.pid, options.niceness);
  const chunks: Buffer[] = [];
  let stdoutBytes = 0;
  let stderr = '';
  let problem: string | null = null;
  const end = (reason: string) => {
    problem ??= reason;
    void stopChild(handle, 500);
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    if (onOutput) {
      if (problem === null && !signal?.aborted) hand(chunk, onOutput, end);
      return;
    }
    stdoutBytes += chunk.length;
    if (stdoutBytes > maxStdoutBytes) end('it wrote more than expected');
    else chunks.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT);
  });
  if (child.stdin && stdin) feed(child.stdin, stdin);
  for (const [index, bytes] of pipes.entries()) feed(child.stdio[3 + index] as Writable, bytes);
  const timer = setTimeout(() => end(`it took longer than ${timeoutMs / 1000} s`), timeoutMs);
  const onAbort = () => end('it was cancelled');
  signal?.addEventListener('abort', onAbort, { once: true });
  const { code, error } = await exit;
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  signal?.throwIfAborted();
  const words = redact(stderr.trim());
  if (error)
    throw new AppError('unavailable', `${path} could not be started: ${error.message}`, { cause: error });
  if (problem !== null || code !== 0) {
    throw new AppError(
      'unavailable',
      `ffmpeg failed: ${problem ?? (lastLine(words) || `it ended with ${code}`)}`,
      { cause: words },
    );
  }
  return { stdout: Buffer.concat(chunks, stdoutBytes), stderr: words };
}

function hand(chunk: Buffer, take: (chunk: Buffer) => void, end: (reason: string) => void): void {
  try {
    take(chunk);
  } catch (error) {
    end(messageOf(error));
  }
}

/** A program that has read enough closes its input early: not an error, its exit code tells. */
function feed(input: Writable, source: Buffer | Readable): void {
  input.on('error', () => {
    if (!Buffer.isBuffer(source)) source.destroy();
  });
  if (Buffer.isBuffer(source)) input.end(source);
  else source.pipe(input);
}

function lastLine(text: string): string {
  return text.split(/\r?\n|\r/).findLast((line) => line.trim() !== '') ?? '';
}

/** ffmpeg-static's export is a path even where its file was never downloaded. */
async function findStatic(): Promise<string | null> {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    return typeof path === 'string' && (await isExecutable(path)) ? path : null;
  } catch {
    return null; // an optional dependency: absent is fine
  }
}

async function findOnPath(env: NodeJS.ProcessEnv): Promise<string | null> {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    if (folder && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
