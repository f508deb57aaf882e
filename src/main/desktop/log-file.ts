/** What the engine writes on stderr, kept in a file of limited size: the present one and the one before it. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 10 * 1024 * 1024;

export class LogFile {
  readonly path: string;
  private readonly maxBytes: number;
  private bytes: number;

  /** Goes on with the file that is there. Throws when the folder cannot be made. */
  constructor(path: string, maxBytes: number = MAX_BYTES) {
    this.path = path;
    this.maxBytes = maxBytes;
    mkdirSync(dirname(path), { recursive: true });
    this.bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** A log that cannot be written must not keep the engine from recording: what does not fit on the disk is lost. */
  write(chunk: Uint8Array): void {
    try {
      if (this.bytes + chunk.length > this.maxBytes && this.bytes > 0) {
        renameSync(this.path, `${this.path}.1`);
        this.bytes = 0;
      }
      appendFileSync(this.path, chunk, { mode: 0o600 });
      this.bytes += chunk.length;
    } catch (error) {
      process.stderr.write(`the log cannot be written: ${(error as Error).message}\n`);
    }
  }
}
