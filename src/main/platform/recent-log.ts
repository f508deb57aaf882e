/** The newest lines of the log, kept in memory for the diagnostics bundle. Bounded; what was redacted stays so. */

const MOST_BYTES = 512 * 1024;

export class RecentLines {
  private readonly lines: string[] = [];
  private readonly mostBytes: number;
  private bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.mostBytes = mostBytes;
  }

  add(line: string): void {
    this.lines.push(line);
    this.bytes += line.length;
    while (this.bytes > this.mostBytes && this.lines.length > 1) this.bytes -= this.lines.shift()!.length;
  }

  /** The oldest first. */
  text(): string {
    return this.lines.join('');
  }
}

/** Of this process: what `createLogger` wrote. */
export const recentLog = new RecentLines();
