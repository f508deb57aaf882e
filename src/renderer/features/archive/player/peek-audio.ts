/** Asks whether there is sound that can be played, before a buffer is made for it. */
import { BoxScanner } from './mp4-boxes.ts';
import type { ArchivePlayerDeps } from './player-types.ts';

/** The MIME type of the sound at that time, null where there is none that can be played. */
export async function peekAudio(
  load: ArchivePlayerDeps['load'],
  baseEpochMs: number,
  epochMs: number,
): Promise<string | null> {
  const aborter = new AbortController();
  try {
    const range = { fromEpochMs: epochMs, toEpochMs: epochMs + 1000 };
    const response = await load('audio', baseEpochMs, range, aborter.signal);
    const type = response.ok && response.body ? await readType(response.body) : null;
    return type !== null && MediaSource.isTypeSupported(type) ? type : null;
  } catch {
    return null; // the video feed tells of a recorder that cannot be reached
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
