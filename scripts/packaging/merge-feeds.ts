/**
 * `node scripts/packaging/merge-feeds.ts X64.yml ARM64.yml > latest-mac.yml`: one update feed for both kinds of Mac. Each is built on a
 * machine of its own and lists its own files; electron-updater picks the one whose name says `arm64` where it runs on that.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The first feed with the files of the second added. Throws when they are of different versions, or are no feeds. */
export function mergeFeeds(first: string, second: string): string {
  const [one, other] = [parseFeed(first), parseFeed(second)];
  if (one.version !== other.version)
    throw new Error(`the feeds are of different versions: ${one.version} and ${other.version}`);
  return `${one.before}${one.files}${other.files}${one.after}`;
}

/** electron-builder's own writing: a list of files, indented by two, between other fields. */
function parseFeed(text: string): { version: string; before: string; files: string; after: string } {
  const lines = text.replaceAll('\r\n', '\n').split(/(?<=\n)/);
  const start = lines.indexOf('files:\n') + 1;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('  '));
  const version = /^version: (.+)$/m.exec(text)?.[1];
  if (start === 0 || end <= start || version === undefined) throw new Error('not an update feed');
  const join = (...range: [number, number?]) => lines.slice(...range).join('');
  return { version, before: join(0, start), files: join(start, end), after: join(end) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first = '', second = ''] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
  process.stdout.write(mergeFeeds(first, second));
}
