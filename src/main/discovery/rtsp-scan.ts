/** Asks addresses whether they speak RTSP: a connection and one OPTIONS, a bounded number at once. Sends no credentials. */
import { connect } from 'node:net';

export interface RtspAnswer {
  host: string;
  port: number;
  /** Its `Server` header; null where it sends none. */
  server: string | null;
}

export interface ScanOptions {
  hosts: readonly string[];
  /** Asked in this order; the first that answers is the one. */
  ports: readonly number[];
  onAnswer(answer: RtspAnswer): void;
  /** How many addresses are done. */
  onProgress(done: number): void;
  signal: AbortSignal;
  timeoutMs?: number;
}

const MAX_AT_ONCE = 48;
const TIMEOUT_MS = 800;
const LARGEST_ANSWER = 4096;

/** Resolves when all were asked or `signal` ended it. Never rejects. */
export async function scanForRtsp(options: ScanOptions): Promise<void> {
  const { hosts, ports, signal, onAnswer, onProgress, timeoutMs = TIMEOUT_MS } = options;
  let next = 0;
  let done = 0;
  async function work(): Promise<void> {
    while (next < hosts.length && !signal.aborted) {
      const host = hosts[next++]!;
      for (const port of ports) {
        const answer = signal.aborted ? null : await askRtsp(host, port, timeoutMs, signal);
        if (!answer) continue;
        onAnswer(answer);
        break;
      }
      done += 1;
      onProgress(done);
    }
  }
  await Promise.all(Array.from({ length: Math.min(MAX_AT_ONCE, hosts.length) }, work));
}

/** null: nothing there, or something that does not speak RTSP. */
export function askRtsp(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RtspAnswer | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
    let text = '';
    const end = (answer: RtspAnswer | null) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () =>
      socket.write(
        `OPTIONS rtsp://${host}:${port}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Threshold-NVR\r\n\r\n`,
      ),
    );
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (!/^RTSP\/1\.\d \d{3}/.test(text)) {
        if (text.length > 16) end(null);
        return;
      }
      if (!text.includes('\r\n\r\n') && text.length < LARGEST_ANSWER) return;
      end({ host, port, server: /^Server: *(.{1,100})\r?$/im.exec(text)?.[1]?.trim() ?? null });
    });
    socket.once('error', () => end(null));
    socket.once('close', () => end(null));
  });
}
