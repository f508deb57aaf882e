/** Asks whether there is sound that can be played, before a buffer is made for it. */
import { canPlay } from '../../../client/media-source.ts';
import { BoxScanner } from './mp4-boxes.ts';
import type { ArchivePlayerDeps } from './player-types.ts';

/** The MIME type of the sound at that time; `silent`: there is none that can be played, `no-footage`: nothing is recorded at all. */
export async function peekAudio(
  load: ArchivePlayerDeps['load'],
  baseEpochMs: number,
  epochMs: number,
): Promise<{ type: string } | 'silent' | 'no-footage'> {
  const aborter = new AbortController();
  try {
    const range = { fromEpochMs: epochMs, toEpochMs: epochMs + 1000 };
    const response = await load('audio', baseEpochMs, range, aborter.signal);
    const type = response.ok && response.body ? await readType(response.body) : null;
    if (type !== null) return canPlay(type) ? { type } : 'silent';
    const pictures = await load('video', baseEpochMs, range, aborter.signal);
    return pictures.ok ? 'silent' : 'no-footage';
  } catch {
    return 'silent'; // the video feed tells of a recorder that cannot be reached
  } finally {
    aborter.abort();
  }
}

/** What the first init segment says. */
async function readType(body: ReadableStream<Uint8Array>): Promise<string | null> {
  let type: string | null = null;
  const scanner = new BoxScanner(
    (init) => {
      type ??= `audio/mp4; codecs="${init.codecString}"`;
    },
    () => {},
  );
  const reader = body.getReader();
  while (type === null) {
    const { done, value } = await reader.read();
    if (done) break;
    scanner.push(value);
  }
  return type;
}
