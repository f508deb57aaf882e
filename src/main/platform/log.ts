/** Structured logs: JSON lines on stderr, with everything that looks like a credential taken out. */
import { type Logger, pino } from 'pino';
import { recentLog } from './recent-log.ts';

export type { Logger } from 'pino';

/** Hides user and password of every URL, and the values of secret-looking parameters, in free text. */
export function redact(text: string): string {
  return text
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@"']+@/gi, '$1***@')
    .replaceAll(/\b(password|passwd|pwd|token|access_token|secret|key|signature)=[^&\s"']+/gi, '$1=***')
    .replaceAll(
      /\b(Authorization|Cookie|X-Integration-Key|X-Key|X-Sign)\s*:\s*(?:\\.|[^"\\\r\n])*/gi,
      '$1: ***',
    );
}

/** A logger on stderr. Strings, errors included, are redacted before they are written. */
export function createLogger(level = process.env.THRESHOLD_LOG ?? 'info'): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        streamWrite: (line) => {
          const written = redact(line);
          recentLog.add(written);
          return written;
        },
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** A logger that keeps quiet, for tests. */
export const silentLogger: Logger = pino({ level: 'silent' });
